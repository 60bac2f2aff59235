#include <doctest/doctest.h>

#include "contract/queue_desk.hpp"

namespace archaeologist {
namespace {

constexpr auto day = std::chrono::hours{24};

JobId finish_one(Desk& desk) {
    const JobId id = desk.accept();
    REQUIRE(desk.queue().complete(desk.claim_one()).has_value());
    return id;
}

NewJob job_of_type(const Desk& desk, const std::string& job_type) {
    NewJob wanted = desk.job();
    wanted.job_type = job_type;
    return wanted;
}

IdempotencyKey key_named(const std::string& name) { return {.user_id = local_user, .route = "test", .key = name}; }

}  // namespace

void retry_promises(Desk& desk) {
    SUBCASE("a retry of a finished job is a new job like it that names it") {
        NewJob wanted = job_of_type(desk, "mine");
        wanted.priority = Priority::high;
        wanted.job_data = R"({"a":1})";
        wanted.max_retries = 1;
        wanted.timeout = 5s;
        const JobId id = desk.accept(wanted);
        REQUIRE(desk.settle(desk.claim_one(), Failed{.message = "no", .permanent = true}).has_value());
        const auto made = desk.queue().retry(id);
        REQUIRE(made.has_value());
        CHECK(*made != id);
        const Job job = desk.get(*made);
        CHECK(job.retry_of == id);
        CHECK(job.status == JobStatus::queued);
        CHECK(job.job_type == "mine");
        CHECK(job.job_data == wanted.job_data);
        CHECK(job.priority == Priority::high);
        CHECK(job.max_retries == 1);
        CHECK(job.timeout == 5s);
        CHECK(job.retry_count == 0);
        CHECK(desk.status(id) == JobStatus::failed);
        CHECK(desk.claim_one().id == *made);
    }
    SUBCASE("an unfinished job is not retried, nor one that is not there") {
        const JobId id = desk.accept();
        CHECK(code_of(desk.queue().retry(id)) == Code::conflict);
        CHECK(code_of(desk.queue().retry(JobId(Uuid::v7(desk.clock().now())))) == Code::not_found);
        CHECK(desk.claim(10).size() == 1);
    }
}

void removal_promises(Desk& desk) {
    SUBCASE("a finished job can be forgotten, an unfinished one cannot") {
        const JobId id = finish_one(desk);
        const JobId waiting = desk.accept();
        REQUIRE(desk.queue().remove(id).has_value());
        CHECK(code_of(desk.queue().get(id)) == Code::not_found);
        CHECK(code_of(desk.queue().remove(id)) == Code::not_found);
        CHECK(code_of(desk.queue().remove(waiting)) == Code::conflict);
        CHECK(desk.stats().completed == 0);
        CHECK(desk.stats().queued == 1);
    }
    SUBCASE("a batch is forgotten with its children") {
        const JobId parent = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), Expanded{{desk.job(), desk.job()}}).has_value());
        const auto children = desk.claim(2);
        REQUIRE(desk.queue().complete(children[0]).has_value());
        CHECK(code_of(desk.queue().remove(parent)) == Code::conflict);
        REQUIRE(desk.queue().complete(children[1]).has_value());
        REQUIRE(desk.queue().remove(parent).has_value());
        CHECK(code_of(desk.queue().get(children[0].id)) == Code::not_found);
        CHECK(desk.stats().completed == 0);
    }
    SUBCASE("a finished job is kept while jobs below it are not finished") {
        const Lease parent = (desk.accept(), desk.claim_one());
        NewJob child = desk.job();
        child.parent_id = parent.id;
        const JobId below = desk.accept(child);
        REQUIRE(desk.queue().complete(parent).has_value());
        CHECK(code_of(desk.queue().remove(parent.id)) == Code::conflict);
        desk.clock().advance(31 * day);
        CHECK(desk.queue().sweep().value() == 0);
        CHECK(desk.status(below) == JobStatus::queued);
        JobSelection selection;
        selection.status = JobStatus::completed;
        CHECK(desk.queue().bulk(selection, BulkAction::remove).value().refused == 1);
        REQUIRE(desk.queue().complete(desk.claim_one()).has_value());
        CHECK(desk.queue().remove(parent.id).has_value());
        CHECK(code_of(desk.queue().get(below)) == Code::not_found);
    }
    SUBCASE("a late settlement of a forgotten job is refused") {
        desk.accept();
        const Lease lease = desk.claim_one();
        REQUIRE(desk.queue().cancel(lease.id).has_value());
        REQUIRE(desk.queue().remove(lease.id).has_value());
        CHECK(code_of(desk.queue().complete(lease)) == Code::not_found);
        CHECK(desk.beat(lease).lost == std::vector{lease.id});
    }
    SUBCASE("finished jobs are forgotten when their time is over, failed ones later") {
        const JobId completed = finish_one(desk);
        const JobId failed = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), Failed{.message = "no", .permanent = true}).has_value());
        const JobId waiting = desk.accept();
        desk.clock().advance(30 * day - 1ms);
        CHECK(desk.queue().sweep().value() == 0);
        desk.clock().advance(1ms);
        CHECK(desk.queue().sweep().value() == 1);
        CHECK(code_of(desk.queue().get(completed)) == Code::not_found);
        CHECK(desk.status(failed) == JobStatus::failed);
        desk.clock().advance(60 * day);
        CHECK(desk.queue().sweep().value() == 1);
        CHECK(code_of(desk.queue().get(failed)) == Code::not_found);
        CHECK(desk.status(waiting) == JobStatus::queued);
    }
    SUBCASE("a batch's children are kept as long as it is") {
        const JobId parent = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), Expanded{{desk.job(), desk.job()}}).has_value());
        const auto children = desk.claim(2);
        REQUIRE(desk.queue().complete(children[0]).has_value());
        desk.clock().advance(30 * day);
        REQUIRE(desk.queue().sweep().value() == 0);
        CHECK(desk.status(children[0].id) == JobStatus::completed);
        REQUIRE(desk.queue().complete(desk.claim_one()).has_value());
        desk.clock().advance(30 * day);
        CHECK(desk.queue().sweep().value() == 3);
        CHECK(code_of(desk.queue().get(parent)) == Code::not_found);
    }
}

void priority_promises(Desk& desk) {
    SUBCASE("a waiting job's priority can be set, and it moves to its place") {
        const JobId first = desk.accept();
        const JobId second = desk.accept();
        REQUIRE(desk.queue().set_priority(second, Priority::high).has_value());
        CHECK(desk.get(second).priority == Priority::high);
        CHECK(desk.stats().by_priority == std::array<std::int64_t, 4>{0, 1, 1, 0});
        CHECK(ids_of(desk.claim(2)) == std::vector{second, first});
    }
    SUBCASE("set there and back, a job has the place it came with") {
        std::vector<JobId> ids{desk.accept(), desk.accept(), desk.accept()};
        REQUIRE(desk.queue().set_priority(ids[1], Priority::urgent).has_value());
        REQUIRE(desk.queue().set_priority(ids[1], Priority::normal).has_value());
        CHECK(ids_of(desk.claim(3)) == ids);
    }
    SUBCASE("a running or finished job's priority stays") {
        const JobId id = desk.accept();
        const Lease lease = desk.claim_one();
        CHECK(code_of(desk.queue().set_priority(id, Priority::high)) == Code::conflict);
        REQUIRE(desk.queue().complete(lease).has_value());
        CHECK(code_of(desk.queue().set_priority(id, Priority::high)) == Code::conflict);
        CHECK(code_of(desk.queue().set_priority(JobId(Uuid::v7(desk.clock().now())), Priority::high)) ==
              Code::not_found);
    }
}

void bulk_promises(Desk& desk) {
    SUBCASE("a bulk cancel takes what fits the selection, and counts what it could not take") {
        const JobId done = finish_one(desk);
        desk.accept(job_of_type(desk, "mine"));
        desk.accept(job_of_type(desk, "mine"));
        NewJob elsewhere = job_of_type(desk, "mine");
        elsewhere.project_id = desk.other_project();
        const JobId other = desk.accept(elsewhere);
        JobSelection selection;
        selection.project_id = desk.job().project_id;
        selection.job_type = "mine";
        auto reply = desk.queue().bulk(selection, BulkAction::cancel);
        REQUIRE(reply.has_value());
        CHECK(reply->changed == 2);
        CHECK(reply->refused == 0);
        CHECK(desk.status(other) == JobStatus::queued);
        selection.job_type.clear();
        reply = desk.queue().bulk(selection, BulkAction::cancel);
        REQUIRE(reply.has_value());
        CHECK(reply->changed == 0);
        CHECK(reply->refused == 3);
        CHECK(desk.status(done) == JobStatus::completed);
    }
    SUBCASE("a bulk retry makes each failed job again, once") {
        for (int i = 0; i < 3; ++i) {
            desk.accept();
            REQUIRE(desk.settle(desk.claim_one(), Failed{.message = "no", .permanent = true}).has_value());
        }
        finish_one(desk);
        JobSelection selection;
        selection.status = JobStatus::failed;
        auto reply = desk.queue().bulk(selection, BulkAction::retry);
        REQUIRE(reply.has_value());
        CHECK(reply->changed == 3);
        CHECK(desk.stats().queued == 3);
        reply = desk.queue().bulk(selection, BulkAction::retry);
        REQUIRE(reply.has_value());
        CHECK(reply->changed == 0);
        CHECK(reply->refused == 3);
        CHECK(desk.stats().queued == 3);
    }
    SUBCASE("a bulk action by ids leaves out what is not there and what does not fit") {
        const JobId mine = desk.accept(job_of_type(desk, "mine"));
        const JobId file = desk.accept();
        JobSelection selection;
        selection.ids = {mine, file, mine, JobId(Uuid::v7(desk.clock().now()))};
        selection.job_type = "mine";
        const auto reply = desk.queue().bulk(selection, BulkAction::set_priority, Priority::urgent);
        REQUIRE(reply.has_value());
        CHECK(reply->changed == 1);
        CHECK(reply->refused == 0);
        CHECK(desk.get(mine).priority == Priority::urgent);
        CHECK(desk.get(file).priority == Priority::normal);
    }
    SUBCASE("a bulk removal forgets more jobs than one transaction takes") {
        REQUIRE(desk.queue().enqueue(std::vector<NewJob>(2'500, desk.job())).has_value());
        JobSelection selection;
        selection.status = JobStatus::queued;
        REQUIRE(desk.queue().bulk(selection, BulkAction::cancel).value().changed == 2'500);
        selection.status = JobStatus::cancelled;
        CHECK(desk.queue().bulk(selection, BulkAction::remove).value().changed == 2'500);
        CHECK(desk.stats().cancelled == 0);
    }
    SUBCASE("a bulk action on everything by mistake is refused") {
        CHECK(code_of(desk.queue().bulk({}, BulkAction::cancel)) == Code::invalid_argument);
    }
}

void settings_promises(Desk& desk) {
    SUBCASE("a paused queue accepts and settles, and starts nothing until it is resumed") {
        desk.accept();
        const Lease running = desk.claim_one();
        REQUIRE(desk.queue().pause().has_value());
        REQUIRE(desk.queue().pause().has_value());
        const JobId waiting = desk.accept();
        CHECK(desk.claim(10).empty());
        CHECK(desk.stats().paused);
        CHECK(desk.queue().settings().value().paused);
        CHECK(desk.beat(running).lost.empty());
        CHECK(desk.queue().complete(running).has_value());
        REQUIRE(desk.queue().resume().has_value());
        CHECK_FALSE(desk.stats().paused);
        CHECK(desk.claim_one().id == waiting);
    }
    SUBCASE("in strict order a higher priority comes first however late it comes") {
        REQUIRE(desk.queue().set_order({.head_starts = HeadStarts::strict()}).has_value());
        const JobId low = desk.accept(desk.job(Priority::low));
        desk.clock().advance(365 * day);
        const JobId normal = desk.accept();
        desk.clock().advance(365 * day);
        const JobId urgent = desk.accept(desk.job(Priority::urgent));
        CHECK(desk.queue().settings().value().order.head_starts == HeadStarts::strict());
        CHECK(ids_of(desk.claim(10)) == std::vector{urgent, normal, low});
    }
    SUBCASE("the order changes only while no job is unfinished") {
        const JobId id = desk.accept();
        CHECK(code_of(desk.queue().set_order({.head_starts = HeadStarts::strict()})) == Code::conflict);
        REQUIRE(desk.queue().cancel(id).has_value());
        CHECK(desk.queue().set_order({.head_starts = HeadStarts::strict()}).has_value());
        CHECK(code_of(desk.queue().set_order({.head_starts = {}, .share = -1ms})) == Code::invalid_argument);
    }
}

void limit_promises(Desk& desk) {
    const auto limit_project = [&](std::int64_t running_max) {
        return desk.queue().set_limit(
            {.project_id = desk.job().project_id, .job_type = "", .running_max = running_max});
    };
    SUBCASE("no more jobs of a project run at once than its limit, and others go past") {
        REQUIRE(limit_project(2).has_value());
        REQUIRE(desk.queue().enqueue(std::vector<NewJob>(5, desk.job())).has_value());
        desk.clock().advance(1s);
        NewJob elsewhere = desk.job();
        elsewhere.project_id = desk.other_project();
        const JobId other = desk.accept(elsewhere);
        const auto held = desk.claim(10);
        REQUIRE(held.size() == 3);
        CHECK(held[2].id == other);
        CHECK(desk.claim(10, "w2").empty());
        REQUIRE(desk.queue().complete(held[0]).has_value());
        CHECK(desk.claim(10, "w2").size() == 1);
    }
    SUBCASE("a limit set while jobs wait holds for them, and its removal frees them") {
        REQUIRE(desk.queue().enqueue(std::vector<NewJob>(5, desk.job())).has_value());
        REQUIRE(limit_project(1).has_value());
        CHECK(desk.claim(10).size() == 1);
        REQUIRE(limit_project(3).has_value());
        CHECK(desk.claim(10).size() == 2);
        REQUIRE(desk.queue()
                    .remove_limit({.project_id = desk.job().project_id, .job_type = "", .running_max = 0})
                    .has_value());
        CHECK(desk.claim(10).size() == 2);
        CHECK(desk.queue().settings().value().limits.empty());
    }
    SUBCASE("no more jobs of a type run at once than its limit, of whatever project") {
        REQUIRE(desk.queue().set_limit({.project_id = {}, .job_type = "mine", .running_max = 2}).has_value());
        for (int i = 0; i < 3; ++i) {
            NewJob wanted = job_of_type(desk, "mine");
            desk.accept(wanted);
            wanted.project_id = desk.other_project();
            desk.accept(wanted);
        }
        const JobId file = desk.accept();
        const auto held = desk.claim(10);
        CHECK(held.size() == 3);
        CHECK(ids_of(held).back() == file);
        REQUIRE(desk.queue().release(held.front()).has_value());
        CHECK(ids_of(desk.claim(10)) == std::vector{held.front().id});
    }
    SUBCASE("a project's limit and a type's limit hold both") {
        REQUIRE(limit_project(2).has_value());
        REQUIRE(desk.queue().set_limit({.project_id = {}, .job_type = "mine", .running_max = 1}).has_value());
        for (int i = 0; i < 4; ++i) desk.accept(job_of_type(desk, i % 2 == 0 ? "mine" : "yours"));
        const auto held = desk.claim(10);
        REQUIRE(held.size() == 2);
        CHECK(held[0].job_type == "mine");
        CHECK(held[1].job_type == "yours");
    }
    SUBCASE("a limit of zero starts nothing") {
        REQUIRE(limit_project(0).has_value());
        desk.accept();
        CHECK(desk.claim(10).empty());
    }
    SUBCASE("a limit must name one thing, and is removed only when it is there") {
        CHECK(code_of(desk.queue().set_limit({.project_id = {}, .job_type = "", .running_max = 1})) ==
              Code::invalid_argument);
        CHECK(code_of(
                  desk.queue().set_limit({.project_id = desk.other_project(), .job_type = "mine", .running_max = 1})) ==
              Code::invalid_argument);
        CHECK(code_of(limit_project(-1)) == Code::invalid_argument);
        CHECK(code_of(desk.queue().remove_limit({.project_id = {}, .job_type = "mine", .running_max = 0})) ==
              Code::not_found);
    }
}

void periodic_promises(Desk& desk) {
    const auto minutely = [&](const std::string& cron) {
        return PeriodicJob{.name = "tidy", .cron = cron, .job = job_of_type(desk, "tidy"), .next_at = {}};
    };
    SUBCASE("a periodic job is made at each of its times") {
        REQUIRE(desk.queue().set_periodic(minutely("*/10 * * * *")).has_value());
        const TimePoint first = desk.queue().periodic().value().at(0).next_at.value();
        CHECK(desk.claim().empty());
        desk.clock().advance(first - desk.clock().now() - 1ms);
        CHECK(desk.claim().empty());
        desk.clock().advance(1ms);
        const Lease one = desk.claim_one();
        CHECK(one.job_type == "tidy");
        REQUIRE(desk.queue().complete(one).has_value());
        CHECK(desk.claim().empty());
        desk.clock().advance(10min);
        CHECK(desk.claim_one("w2").id != one.id);
    }
    SUBCASE("times that passed while nothing claimed make one job, not one each") {
        REQUIRE(desk.queue().set_periodic(minutely("* * * * *")).has_value());
        desk.clock().advance(std::chrono::hours{5});
        CHECK(desk.claim(10).size() == 1);
        CHECK(desk.claim(10).empty());
    }
    SUBCASE("a periodic job is replaced by its name, and gone once removed") {
        REQUIRE(desk.queue().set_periodic(minutely("* * * * *")).has_value());
        REQUIRE(desk.queue().set_periodic(minutely("@yearly")).has_value());
        const auto all = desk.queue().periodic().value();
        REQUIRE(all.size() == 1);
        CHECK(all[0].cron == "@yearly");
        CHECK(all[0].job.job_type == "tidy");
        desk.clock().advance(5min);
        CHECK(desk.claim().empty());
        REQUIRE(desk.queue().remove_periodic("tidy").has_value());
        CHECK(code_of(desk.queue().remove_periodic("tidy")) == Code::not_found);
        desk.clock().advance(400 * day);
        CHECK(desk.claim().empty());
    }
    SUBCASE("a periodic job with a bad time or a job of its own id is refused") {
        CHECK(code_of(desk.queue().set_periodic(minutely("61 * * * *"))) == Code::invalid_argument);
        PeriodicJob bad = minutely("@daily");
        bad.job.id = JobId(Uuid::v7(desk.clock().now()));
        CHECK(code_of(desk.queue().set_periodic(bad)) == Code::invalid_argument);
        bad = minutely("@daily");
        bad.name = "";
        CHECK(code_of(desk.queue().set_periodic(bad)) == Code::invalid_argument);
    }
}

void once_promises(Desk& desk) {
    const std::vector<NewJob> wanted(2, desk.job());
    SUBCASE("the same key gives the same jobs, and makes them once") {
        const auto first = desk.queue().enqueue_once(key_named("k"), wanted);
        REQUIRE(first.has_value());
        CHECK(first->size() == 2);
        CHECK(desk.queue().enqueue_once(key_named("k"), wanted).value() == *first);
        CHECK(desk.stats().queued == 2);
    }
    SUBCASE("a key is its user's and its route's own") {
        REQUIRE(desk.queue().enqueue_once(key_named("k"), wanted).has_value());
        IdempotencyKey other = key_named("k");
        other.route = "elsewhere";
        REQUIRE(desk.queue().enqueue_once(other, wanted).has_value());
        other = key_named("k");
        other.user_id = UserId{99};
        REQUIRE(desk.queue().enqueue_once(other, wanted).has_value());
        CHECK(desk.stats().queued == 6);
    }
    SUBCASE("a key with other jobs is refused") {
        REQUIRE(desk.queue().enqueue_once(key_named("k"), wanted).has_value());
        CHECK(code_of(desk.queue().enqueue_once(key_named("k"), std::vector<NewJob>(3, desk.job()))) ==
              Code::invalid_argument);
        CHECK(desk.stats().queued == 2);
    }
    SUBCASE("a refused enqueue uses up no key, and after a day the key is new") {
        std::vector<NewJob> bad = wanted;
        bad[1].job_type = "";
        CHECK(code_of(desk.queue().enqueue_once(key_named("k"), bad)) == Code::invalid_argument);
        const auto first = desk.queue().enqueue_once(key_named("k"), wanted);
        REQUIRE(first.has_value());
        desk.clock().advance(day);
        const auto second = desk.queue().enqueue_once(key_named("k"), wanted);
        REQUIRE(second.has_value());
        CHECK(*first != *second);
        CHECK(code_of(desk.queue().enqueue_once(key_named(""), wanted)) == Code::invalid_argument);
    }
}

void suspect_promises(Desk& desk) {
    const auto make_suspect = [&] {
        const JobId id = desk.accept();
        for (int crash = 1; crash <= 2; ++crash) {
            desk.claim_one("victim-" + std::to_string(crash));
            desk.clock().advance(lease_time);
        }
        return id;
    };
    SUBCASE("a job that crashed two workers is claimed alone") {
        const JobId suspect = make_suspect();
        desk.accept();
        const auto first = desk.claim(10);
        REQUIRE(ids_of(first) == std::vector{suspect});
        CHECK(desk.claim(10).empty());
        CHECK(desk.claim(10, "w2").size() == 1);
        REQUIRE(desk.queue().complete(first[0]).has_value());
        CHECK(desk.status(suspect) == JobStatus::completed);
    }
    SUBCASE("a worker that holds other jobs waits to be idle before it takes the suspect") {
        const JobId suspect = make_suspect();
        desk.accept(desk.job(Priority::urgent));
        const Lease held = desk.claim_one();
        desk.accept();
        CHECK(desk.claim(10).empty());
        REQUIRE(desk.queue().complete(held).has_value());
        CHECK(ids_of(desk.claim(10)) == std::vector{suspect});
    }
    SUBCASE("while one worker empties itself for a suspect, others go on with the rest") {
        make_suspect();
        desk.accept(desk.job(Priority::urgent));
        desk.accept(desk.job(Priority::urgent));
        const auto busy = desk.claim(1);
        const auto busy_too = desk.claim(1, "w2");
        REQUIRE(busy.size() == 1);
        REQUIRE(busy_too.size() == 1);
        const JobId rest = desk.accept();
        CHECK(desk.claim(10).empty());
        CHECK(ids_of(desk.claim(10, "w2")) == std::vector{rest});
    }
    SUBCASE("a suspect that a worker hands back is not held against it") {
        const JobId suspect = make_suspect();
        REQUIRE(desk.queue().release(desk.claim_one()).has_value());
        CHECK(desk.claim_one("w2").id == suspect);
        CHECK(desk.get(suspect).status == JobStatus::running);
    }
}

void worker_promises(Desk& desk) {
    SUBCASE("a worker id is one live worker's") {
        REQUIRE(desk.queue().join("w1").has_value());
        CHECK(code_of(desk.queue().join("w1")) == Code::conflict);
        REQUIRE(desk.queue().join("w2").has_value());
        CHECK(desk.stats().workers == 2);
        desk.queue().leave("w1");
        desk.queue().leave("w1");
        CHECK(desk.stats().workers == 1);
        CHECK(desk.queue().join("w1").has_value());
        CHECK(code_of(desk.queue().join("")) == Code::invalid_argument);
    }

    SUBCASE("live workers are listed by id, with what they run") {
        CHECK(desk.queue().workers().value().empty());
        REQUIRE(desk.queue().join("w2").has_value());
        REQUIRE(desk.queue().join("w1").has_value());
        REQUIRE(desk.queue().join("gone").has_value());
        desk.queue().leave("gone");
        static_cast<void>(desk.accept());
        static_cast<void>(desk.accept());
        const Lease lease = desk.claim_one("w2");
        static_cast<void>(desk.claim_one("w2"));
        const auto workers = desk.queue().workers().value();
        REQUIRE(workers.size() == 2);
        CHECK(workers[0].worker_id == "w1");
        CHECK(workers[0].running == 0);
        CHECK(workers[1].worker_id == "w2");
        CHECK(workers[1].running == 2);
        REQUIRE(desk.queue().complete(lease).has_value());
        CHECK(desk.queue().workers().value()[1].running == 1);
    }
}

void wait_promises(Desk& desk) {
    SUBCASE("waiting for a job returns it once it is finished, or as it is when the time is over") {
        const JobId id = desk.accept();
        CHECK(desk.queue().wait_for(id, 1ms).value().status == JobStatus::queued);
        REQUIRE(desk.queue().complete(desk.claim_one()).has_value());
        CHECK(desk.queue().wait_for(id, 60s).value().status == JobStatus::completed);
        CHECK(code_of(desk.queue().wait_for(JobId(Uuid::v7(desk.clock().now())), 60s)) == Code::not_found);
    }
    SUBCASE("a batch's progress counts its children") {
        const JobId parent = desk.accept();
        REQUIRE(desk.settle(desk.claim_one(), Expanded{{desk.job(), desk.job()}}).has_value());
        CHECK(desk.get(parent).progress_total == 2);
        const auto children = desk.claim(2);
        REQUIRE(desk.queue().complete(children[0]).has_value());
        CHECK(desk.get(parent).progress_current == 1);
        NewJob late = desk.job();
        late.parent_id = parent;
        desk.accept(late);
        CHECK(desk.get(parent).progress_total == 3);
        REQUIRE(desk.queue().complete(children[1]).has_value());
        CHECK(desk.status(parent) == JobStatus::running);
        REQUIRE(desk.queue().cancel(desk.claim_one().id).has_value());
        CHECK(desk.get(parent).progress_current == 3);
        CHECK(desk.status(parent) == JobStatus::completed);
    }
}

}  // namespace archaeologist
