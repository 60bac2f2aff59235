// One process of a test that needs several. tests/process/*_test.py start it, tell it what to do, and kill it.
//
//   archaeologist-process-worker data=FOLDER [ledger=FILE] [worker_id=ID] [slots=1] [lease_ms=10000] [heartbeat_ms=3000]
//                              [grace_ms=10000] [redis=URL [shards=1] [node=1]]
//
// With redis= its queue is there; with node=1 it does not open the catalog.
//
// It does what it is told on standard input, one command a line; each is answered by one line, `ok …` or `error CODE:
// MESSAGE`. Lines that begin with `event` come in between. At the end of its input it drains and exits.
#include <iostream>
#include <memory>
#include <optional>

#include "handlers.hpp"
#include "line_protocol.hpp"

namespace archaeologist {
namespace {

using std::chrono::milliseconds;

Config config_of(const Line& arguments) {
    Config config;
    config.data_dir = arguments.text("data");
    config.worker_id = arguments.text("worker_id");
    config.workers = static_cast<int>(arguments.integer("slots", 1));
    config.queue.lease = milliseconds(arguments.integer("lease_ms", 10'000));
    config.heartbeat = milliseconds(arguments.integer("heartbeat_ms", 3'000));
    config.grace = milliseconds(arguments.integer("grace_ms", 10'000));
    if (arguments.has("redis")) {
        config.queue_place = QueuePlace::redis;
        config.redis.url = arguments.text("redis");
        config.redis.shards = static_cast<int>(arguments.integer("shards", 1));
    }
    return config;
}

std::string ids_of(const std::vector<JobId>& ids) {
    std::string text;
    for (const JobId id : ids) text += " " + id.text();
    return text;
}

Result<JobId> parse_id(const Line& line) {
    const auto id = Uuid::parse(line.text("id"));
    if (!id) return Error{Code::invalid_argument, "id is \"" + line.text("id") + "\", must be a UUID"};
    return JobId(*id);
}

// An engine or a node.
class Place {
public:
    virtual ~Place() = default;
    [[nodiscard]] virtual Queue& queue() = 0;
    [[nodiscard]] virtual Status work(Workbench& workbench) = 0;
    virtual void rest() = 0;
    [[nodiscard]] virtual std::optional<WorkerStatus> status() = 0;
};

class EnginePlace final : public Place {
public:
    explicit EnginePlace(std::unique_ptr<Engine> engine) : engine_(std::move(engine)) {}
    [[nodiscard]] Queue& queue() override { return engine_->queue(); }
    [[nodiscard]] Status work(Workbench& workbench) override {
        ARCHAEO_TRY(workbench.add_handlers(*engine_));
        return engine_->start_workers();
    }
    void rest() override { engine_->stop_workers(); }
    [[nodiscard]] std::optional<WorkerStatus> status() override { return engine_->worker_status(); }

private:
    std::unique_ptr<Engine> engine_;
};

class NodePlace final : public Place {
public:
    explicit NodePlace(std::unique_ptr<WorkerNode> node) : node_(std::move(node)) {}
    [[nodiscard]] Queue& queue() override { return node_->queue(); }
    [[nodiscard]] Status work(Workbench& workbench) override {
        ARCHAEO_TRY(workbench.add_handlers(*node_));
        node_->start();
        return {};
    }
    void rest() override { node_->stop(); }
    [[nodiscard]] std::optional<WorkerStatus> status() override { return node_->status(); }

private:
    std::unique_ptr<WorkerNode> node_;
};

Result<std::unique_ptr<Place>> open_place(const Line& arguments) {
    if (arguments.has("node")) {
        ARCHAEO_ASSIGN(auto node, WorkerNode::open(config_of(arguments)));
        return std::unique_ptr<Place>(std::make_unique<NodePlace>(std::move(node)));
    }
    ARCHAEO_ASSIGN(auto engine, Engine::open(config_of(arguments)));
    return std::unique_ptr<Place>(std::make_unique<EnginePlace>(std::move(engine)));
}

class Commands {
public:
    Commands(Place& place, Workbench& workbench) : place_(place), workbench_(workbench) {}

    // The answer's words after `ok `.
    [[nodiscard]] Result<std::string> run(const Line& line) {
        using Command = Result<std::string> (Commands::*)(const Line&);
        static const std::map<std::string, Command> commands{
            {"work", &Commands::work},       {"status", &Commands::status}, {"release", &Commands::release},
            {"enqueue", &Commands::enqueue}, {"claim", &Commands::claim},   {"settle", &Commands::settle},
            {"get", &Commands::get},         {"stats", &Commands::stats},   {"pause", &Commands::pause},
            {"resume", &Commands::resume},   {"rest", &Commands::rest},     {"cancel", &Commands::cancel},
            {"limit", &Commands::limit},
        };
        const auto found = commands.find(line.verb());
        if (found == commands.end()) return Error{Code::invalid_argument, "no such command: " + line.verb()};
        return (this->*found->second)(line);
    }

private:
    // Runs jobs from now on.
    Result<std::string> work(const Line&) {
        ARCHAEO_TRY(place_.work(workbench_));
        return place_.status()->worker_id;
    }
    // Runs no more jobs.
    Result<std::string> rest(const Line&) {
        place_.rest();
        return std::string();
    }
    Result<std::string> status(const Line&) { return place_.status()->state; }
    Result<std::string> release(const Line&) {
        workbench_.release();
        return std::string();
    }

    // count jobs of a type, `batch` a call, each call said once it is durable. With a name every job has a fixed id,
    // v5(nil, NAME-NUMBER); with a key every call has one, KEY-FIRST: then all may be said again.
    Result<std::string> enqueue(const Line& line) {
        const std::int64_t count = line.integer("count", 1);
        const std::int64_t batch = line.integer("batch", 10'000);
        std::vector<JobId> all;
        for (std::int64_t first = 0; first < count; first += batch) {
            const auto jobs = jobs_of(line, first, std::min(count, first + batch));
            const auto ids = line.has("key")
                                 ? place_.queue().enqueue_once({.user_id = local_user,
                                                                .route = "tests/process",
                                                                .key = line.text("key") + "-" + std::to_string(first)},
                                                               jobs)
                                 : place_.queue().enqueue(jobs);
            if (!ids) return ids.error();
            say("event enqueued " + std::to_string(first) + (line.has("quiet") ? "" : ids_of(*ids)));
        }
        return monotonic_ms();
    }
    static std::vector<NewJob> jobs_of(const Line& line, std::int64_t first, std::int64_t end) {
        NewJob job;
        job.job_type = line.text("type", "note");
        job.priority = parse_priority(line.text("priority")).value_or(Priority::normal);
        job.project_id = ProjectId{line.integer("project")};
        job.job_data = line.text("data", "{}");
        std::vector<NewJob> jobs(static_cast<std::size_t>(end - first), job);
        for (std::int64_t i = first; line.has("name") && i < end; ++i) {
            jobs[static_cast<std::size_t>(i - first)].id =
                JobId(Uuid::v5(Uuid{}, line.text("name") + "-" + std::to_string(i)));
        }
        return jobs;
    }

    // Says that it waits, then claims as worker `as`; the answer is when, then `ID EPOCH` of each lease.
    Result<std::string> claim(const Line& line) {
        const ClaimRequest request{.worker_id = line.text("as"),
                                   .limit = static_cast<int>(line.integer("limit", 1)),
                                   .job_types = {line.text("type", "note")}};
        say("event claiming");
        ARCHAEO_ASSIGN(const auto leases, place_.queue().claim(request, milliseconds(line.integer("wait_ms"))));
        std::string reply = monotonic_ms();
        for (const Lease& lease : leases) reply += " " + lease.id.text() + " " + std::to_string(lease.epoch);
        return reply;
    }
    Result<std::string> settle(const Line& line) {
        ARCHAEO_ASSIGN(const JobId id, parse_id(line));
        ARCHAEO_TRY(place_.queue().settle({.id = id,
                                           .epoch = static_cast<std::uint64_t>(line.integer("epoch")),
                                           .worker_id = line.text("as"),
                                           .outcome = Completed{R"({"by":")" + line.text("as") + "\"}"}}));
        return std::string();
    }

    Result<std::string> cancel(const Line& line) {
        ARCHAEO_ASSIGN(const JobId id, parse_id(line));
        ARCHAEO_TRY(place_.queue().cancel(id));
        return std::string();
    }
    // Lets at most `most` jobs of a project run at once.
    Result<std::string> limit(const Line& line) {
        ARCHAEO_TRY(place_.queue().set_limit(
            {.project_id = ProjectId{line.integer("project")}, .job_type = {}, .running_max = line.integer("most")}));
        return std::string();
    }

    Result<std::string> get(const Line& line) {
        ARCHAEO_ASSIGN(const JobId id, parse_id(line));
        ARCHAEO_ASSIGN(const Job job, place_.queue().get(id));
        return to_json(job, system_clock().now());
    }
    Result<std::string> stats(const Line&) {
        ARCHAEO_ASSIGN(const QueueStats stats, place_.queue().stats());
        return to_json(stats);
    }
    Result<std::string> pause(const Line&) {
        ARCHAEO_TRY(place_.queue().pause());
        return std::string();
    }
    Result<std::string> resume(const Line&) {
        ARCHAEO_TRY(place_.queue().resume());
        return std::string();
    }

    Place& place_;
    Workbench& workbench_;
};

void answer(const Result<std::string>& reply) {
    if (reply) return say("ok " + *reply);
    say("error " + std::string(to_string(reply.error().code)) + ": " + reply.error().message);
}

int run(const Line& arguments) {
    Workbench workbench(arguments.text("ledger"));
    const auto place = open_place(arguments);
    if (!place) {
        answer(place.error());
        return 1;
    }
    Commands commands(**place, workbench);
    say("ok ready");
    for (std::string text; std::getline(std::cin, text);) answer(commands.run(Line(text)));
    workbench.close();
    return 0;
}

}  // namespace
}  // namespace archaeologist

int main(int argc, char** argv) {
    std::string arguments;
    for (int i = 1; i < argc; ++i) arguments += std::string(argv[i]) + " ";
    return archaeologist::run(archaeologist::Line(arguments));
}
