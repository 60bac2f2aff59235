#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

#include "archaeologist/engine.hpp"
#include "support/manual_clock.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

struct Patient {
    TemporaryFolder folder;
    ManualClock clock;
    std::unique_ptr<Engine> engine;

    explicit Patient(TimePoint now = from_ms(1'800'000'000'000)) : clock(now) {
        Config config;
        config.data_dir = folder.path("data");
        config.clock = &clock;
        engine = Engine::open(config).value();
    }
    Check check(std::string_view name) const {
        const auto all = engine->check();
        const auto found = std::find_if(all.begin(), all.end(), [&](const Check& one) { return one.name == name; });
        REQUIRE(found != all.end());
        return *found;
    }
    void accept() {
        NewJob job;
        job.job_type = "noop";
        REQUIRE(engine->queue().enqueue({&job, 1}));
    }
};

}  // namespace

TEST_CASE("nothing is bad about a good folder, and looking at it leaves nothing behind") {
    const Patient patient;
    REQUIRE(patient.engine->create_project("p"));
    const auto files = [&] {
        auto names = patient.folder.files();
        std::sort(names.begin(), names.end());
        return names;
    };
    static_cast<void>(patient.engine->check());  // opens what is opened late
    const auto before = files();
    std::vector<std::string> names;
    for (const Check& check : patient.engine->check()) {
        INFO(to_json(check));
        // How much room and which limits there are is the machine's business.
        const bool is_machines = check.name == "free space" || check.name == "open files" || check.name == "lake";
        CHECK((check.verdict == Check::Verdict::good || (is_machines && check.verdict == Check::Verdict::warning)));
        CHECK(check.advice.empty() == (check.verdict == Check::Verdict::good));
        CHECK_FALSE(check.found.empty());
        names.push_back(check.name);
    }
    CHECK(names == std::vector<std::string>{"data folder", "free space", "sqlite", "catalog", "schema", "lake",
                                            "vector store", "embedder", "queue", "workers", "clock", "open files"});
    CHECK(files() == before);
}

TEST_CASE("a check is told as JSON") {
    CHECK(to_json(Check{"queue", Check::Verdict::warning, "paused", "resume it"}) ==
          R"({"name":"queue","verdict":"warning","found":"paused","advice":"resume it"})");
}

TEST_CASE("a paused queue is a warning with the command that resumes it") {
    const Patient patient;
    REQUIRE(patient.engine->queue().pause());
    const Check paused = patient.check("queue");
    CHECK(paused.verdict == Check::Verdict::warning);
    CHECK(paused.advice == "archaeologist queue resume --data " + patient.folder.path("data") + " starts it again");
    REQUIRE(patient.engine->queue().resume());
    CHECK(patient.check("queue").verdict == Check::Verdict::good);
}

TEST_CASE("jobs that wait without a worker are a warning with how long they do") {
    Patient patient;
    patient.accept();
    patient.clock.advance(90s);
    const Check queue = patient.check("queue");
    CHECK(queue.verdict == Check::Verdict::warning);
    CHECK(queue.found.find("the oldest for 90 s, and no worker") != std::string::npos);
    REQUIRE(patient.engine->queue().join("w1"));
    CHECK(patient.check("queue").verdict == Check::Verdict::good);
    CHECK(patient.check("workers").found == "1 live, running 0 jobs");
}

TEST_CASE("a folder that cannot take a file is bad") {
    const Patient patient;
    std::filesystem::remove_all(patient.folder.path("data/tmp"));
    CHECK(patient.check("lake").verdict == Check::Verdict::bad);
    if (::geteuid() == 0) return;  // may write everywhere
    const std::string data = patient.folder.path("data");
    REQUIRE(::chmod(data.c_str(), 0555) == 0);
    const Check folder = patient.check("data folder");
    CHECK(folder.verdict == Check::Verdict::bad);
    CHECK(folder.found.find("mode 555") != std::string::npos);
    CHECK(folder.advice.find(data) != std::string::npos);
    REQUIRE(::chmod(data.c_str(), 0755) == 0);
}

TEST_CASE("vectors that cannot be opened are bad, and name their project") {
    const Patient patient;
    const auto project = patient.engine->create_project("broken").value();
    patient.folder.write("data/vectors/" + std::to_string(to_integer(project.id)) + ".db", std::string(8'192, 'x'));
    const Check vectors = patient.check("vector store");
    CHECK(vectors.verdict == Check::Verdict::bad);
    CHECK(vectors.found.find("project \"broken\"") != std::string::npos);
}

TEST_CASE("a clock before 2024 is bad") {
    const Patient patient(from_ms(86'400'000));
    const Check clock = patient.check("clock");
    CHECK(clock.verdict == Check::Verdict::bad);
    CHECK(clock.found == "1970-01-02T00:00:00.000Z");
}
