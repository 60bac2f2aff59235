#include <atomic>
#include <filesystem>
#include <fstream>

#include "world.hpp"

using namespace archaeologist;  // NOLINT(google-build-using-namespace)

namespace {

class IngestWorld : public EngineWorld {
public:
    // A tree of small files, to be ingested.
    IngestRequest tree(const std::string& name, int files) {
        const std::string path = folder.path() + '/' + name;
        std::filesystem::create_directories(path);
        for (int i = 0; i < files; ++i) std::ofstream(path + "/f" + std::to_string(i)) << "text number " << i << '\n';
        IngestRequest request;
        request.project = name;
        request.paths = {path};
        return request;
    }

    std::int64_t sources_of(const std::string& name) {
        return engine->sources({.project_id = engine->project(name).value().id, .status = {}}).value().total;
    }
};

std::size_t files_below(const std::string& path) {
    std::size_t files = 0;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(path)) files += entry.is_regular_file();
    return files;
}

}  // namespace

TEST_CASE("an ingest that is stopped in the middle says so, and whatever it stored is whole") {
    IngestWorld world;
    const IngestRequest request = world.tree("tree", 400);
    REQUIRE(world.engine->queue().pause());  // it certainly has no end of its own
    std::atomic<bool> stop{false};
    const auto at_first = [&](const IngestProgress& progress) {
        if (progress.files_stored > 0) stop.store(true);
    };
    const auto stopped = world.engine->ingest(request, at_first, &stop).value();
    CHECK(stopped.stopped);
    CHECK_FALSE(world.engine->worker_status().has_value());
    const auto jobs =
        world.engine->jobs({.status = {}, .job_type = {}, .project_id = stopped.project_id, .per_page = 1'000});
    // A source has its job, and a job its source: none was left between.
    CHECK(jobs.value().total == world.sources_of("tree"));
    CHECK(stopped.searchable + stopped.pending == static_cast<std::uint64_t>(jobs.value().total));
    REQUIRE(world.engine->queue().resume());
    const auto rest = world.engine->ingest(request).value();
    CHECK_FALSE(rest.stopped);
    CHECK(rest.pending == 0);
    CHECK(world.sources_of("tree") == 400);
}

TEST_CASE("a large file does not hold up the end of an ingest that is stopped, and nothing of it stays") {
    IngestWorld world;
    IngestRequest request = world.tree("large", 0);
    std::ofstream(request.paths[0] + "/film");
    std::filesystem::resize_file(request.paths[0] + "/film", std::uintmax_t{3} << 30);
    std::atomic<bool> stop{false};
    const auto once_found = [&](const IngestProgress& progress) {
        if (progress.files_found > 0) stop.store(true);
    };
    const auto stopped = world.engine->ingest(request, once_found, &stop).value();
    CHECK(stopped.stopped);
    CHECK(stopped.problem_count == 0);
    CHECK(world.sources_of("large") == 0);
    CHECK(files_below(world.config.data_dir + "/lake") == 0);
    CHECK(files_below(world.config.data_dir + "/tmp") == 0);
}

TEST_CASE("an ingest that ends leaves another's workers running") {
    IngestWorld world;
    const IngestRequest large = world.tree("large", 300);
    const IngestRequest small = world.tree("small", 1);
    std::atomic<bool> ended{false};
    std::thread other([&] {
        CHECK(world.engine->ingest(large).value().pending == 0);
        ended.store(true);
    });
    do CHECK(world.engine->ingest(small).value().pending == 0);
    while (!ended.load());
    other.join();
    CHECK(world.sources_of("large") == 300);
    CHECK_FALSE(world.engine->worker_status().has_value());
}

TEST_CASE("workers that are stopped during an ingest run on until its end, and those that are started after it") {
    IngestWorld world;
    REQUIRE(world.engine->start_workers());
    std::atomic<bool> told{false};
    const auto stop_workers = [&](const IngestProgress& /*progress*/) {
        if (!told.exchange(true)) world.engine->stop_workers();
    };
    CHECK(world.engine->ingest(world.tree("first", 50), stop_workers).value().pending == 0);
    CHECK(told.load());
    CHECK_FALSE(world.engine->worker_status().has_value());
    REQUIRE(world.engine->start_workers());
    CHECK(world.engine->ingest(world.tree("second", 50)).value().pending == 0);
    CHECK(world.engine->worker_status().has_value());
}
