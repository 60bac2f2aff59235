#include "unit/engine/world.hpp"

#include <thread>
#include <vector>

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

IdempotencyKey key(std::string text) { return {local_user, "files", std::move(text)}; }

}  // namespace

TEST_CASE("files that are accepted together become sources with jobs, in order") {
    EngineWorld world;
    std::vector<StoredFile> files{world.stored("b.txt", "the walrus"), world.stored("a.txt", "the carpenter")};
    files[1].request.original_filename = "C:\\Documents\\a.txt";
    files[1].request.priority = Priority::high;
    const auto replies = world.engine->accept(files).value();
    REQUIRE(replies.size() == 2);
    CHECK(replies[0].source.filename == "b.txt");
    CHECK(replies[0].source.original_filename == "b.txt");
    CHECK(replies[1].source.filename == "a.txt");
    CHECK(replies[1].source.original_filename == "C:\\Documents\\a.txt");
    REQUIRE(replies[1].job.has_value());
    CHECK(replies[1].job->priority == Priority::high);
    world.process();
    CHECK(world.found("walrus") == 1);
    CHECK(world.found("carpenter") == 1);
    CHECK(world.engine->accept({}).value().empty());
}

TEST_CASE("of files that are accepted together all are there or none") {
    EngineWorld world;
    std::vector<StoredFile> files{world.stored("a.txt", "one"), world.stored("b.txt", "two")};
    files[1].request.project_id = ProjectId{99};
    CHECK(world.engine->accept(files).error().code == Code::not_found);
    CHECK(world.sources() == 0);
    CHECK(world.engine->jobs({}).value().total == 0);

    files[1] = world.stored("bad\nname", "two");
    CHECK(world.engine->accept(files).error().code == Code::invalid_argument);
    files[1] = world.stored("b.txt", "two");
    files[1].blob.hash = ContentHash::of("never stored");
    CHECK(world.engine->accept(files).error().code == Code::invalid_argument);
    CHECK(world.sources() == 0);
}

TEST_CASE("two files of one name in one call are refused, and the name is said") {
    EngineWorld world;
    const std::vector<StoredFile> files{world.stored("twice.txt", "one"), world.stored("a.txt", "two"),
                                        world.stored("twice.txt", "three")};
    const auto refused = world.engine->accept(files);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Code::invalid_argument);
    CHECK(refused.error().message.find("\"twice.txt\"") != std::string::npos);
    CHECK(world.sources() == 0);
}

TEST_CASE("a repetition with the same key gives the same sources and jobs, and makes nothing") {
    EngineWorld world;
    REQUIRE(world.upload("known.txt", "known"));
    const std::vector<StoredFile> files{world.stored("a.txt", "one"), world.stored("known.txt", "known")};
    const auto first = world.engine->accept(files, key("k")).value();
    CHECK(first[0].job.has_value());
    CHECK_FALSE(first[1].job.has_value());
    world.process();
    const auto again = world.engine->accept(files, key("k")).value();
    REQUIRE(again.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        CHECK(again[i].source.id == first[i].source.id);
        REQUIRE(again[i].job.has_value() == first[i].job.has_value());
        if (first[i].job) CHECK(again[i].job->id == first[i].job->id);
    }
    CHECK(again[0].job->status == JobStatus::completed);
    CHECK(world.engine->jobs({}).value().total == 2);
}

TEST_CASE("a key that comes with other files is refused, and one of other files is free again after a failure") {
    EngineWorld world;
    const StoredFile one = world.stored("a.txt", "one");
    const StoredFile two = world.stored("a.txt", "two");
    REQUIRE(world.engine->accept({&one, 1}, key("k")));
    const auto other = world.engine->accept({&two, 1}, key("k"));
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Code::invalid_argument);
    CHECK(other.error().message.find("\"k\"") != std::string::npos);
    StoredFile urgent = one;
    urgent.request.priority = Priority::urgent;
    CHECK(world.engine->accept({&urgent, 1}, key("k")).error().code == Code::invalid_argument);
    CHECK(world.engine->accept({&one, 1}, key("")).error().code == Code::invalid_argument);

    StoredFile lost = one;
    lost.request.project_id = ProjectId{99};
    REQUIRE_FALSE(world.engine->accept({&lost, 1}, key("new")));
    CHECK(world.engine->accept({&two, 1}, key("new")));
}

TEST_CASE("calls with one key at the same moment make the files once") {
    EngineWorld world;
    const StoredFile file = world.stored("a.txt", "one");
    std::vector<JobId> jobs(8);
    std::vector<std::thread> callers;
    callers.reserve(jobs.size());
    for (JobId& job : jobs) {
        callers.emplace_back([&] { job = world.engine->accept({&file, 1}, key("k")).value()[0].job->id; });
    }
    for (auto& caller : callers) caller.join();
    for (const JobId& job : jobs) CHECK(job == jobs[0]);
    CHECK(world.engine->jobs({}).value().total == 1);
}

TEST_CASE("a request is validated as an upload would, before any byte is taken") {
    EngineWorld world;
    CHECK(world.engine->validate(world.request("a/b.txt")));
    CHECK(world.engine->validate(world.request(std::string(255, 'a') + "/" + std::string(255, 'b'))));
    const auto refusal = [&](const UploadRequest& request) {
        const Status valid = world.engine->validate(request);
        REQUIRE_FALSE(valid);
        MemorySource source("x");
        CHECK(world.engine->upload(request, source).error().code == valid.error().code);
        return valid.error().code;
    };
    for (const auto& name : {std::string("tab\t.txt"), std::string("line\nbreak"), std::string("del\x7F"),
                             std::string("esc\x1B[31m"), std::string(256, 'a'), "a/" + std::string(256, 'b')}) {
        INFO(name);
        CHECK(refusal(world.request(name)) == Code::invalid_argument);
    }
    UploadRequest request = world.request("a.txt");
    request.original_filename = "line\nbreak";
    CHECK(refusal(request) == Code::invalid_argument);
    request = world.request("a.txt");
    request.metadata = "[]";
    CHECK(refusal(request) == Code::invalid_argument);
    request = world.request("a.txt");
    request.max_retries = -1;
    CHECK(refusal(request) == Code::invalid_argument);
    request = world.request("a.txt");
    request.project_id = ProjectId{99};
    CHECK(refusal(request) == Code::not_found);
    CHECK(world.sources() == 0);
}
