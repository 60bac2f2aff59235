#include "catalog/completion.hpp"

#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "catalog/file_job.hpp"
#include "catalog/jobs.hpp"
#include "catalog/sources.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

constexpr TimePoint now = from_ms(1'000'000);

// A catalog with one project, driven as engine and queue drive it.
class World {
public:
    World() {
        const auto made = database_->write([](auto& tx) { return catalog::create_project(tx, "p", "", {}, now); });
        project = made.value().id;
    }

    template <class Work>
    auto write(Work work) {
        auto done = database_->write(work);
        REQUIRE(done);
        return std::move(done).value();
    }

    catalog::AcceptedVersion accept(std::string_view content, catalog::SameContent same = catalog::SameContent::skip) {
        catalog::NewVersion upload;
        upload.project_id = project;
        upload.filename = upload.original_filename = "a/file";
        upload.content_hash = ContentHash::of(content);
        upload.size_bytes = content.size();
        upload.same_content = same;
        return write([&](auto& tx) { return catalog::accept(tx, upload, now); });
    }

    // Returns the stored result's reason.
    std::string complete(const catalog::AcceptedVersion& accepted, std::uint64_t chunks, std::string reason = "") {
        FileResult result;
        result.version = accepted.version;
        result.chunks = chunks;
        result.reason = std::move(reason);
        if (chunks > 0) result.generation = generation(accepted.version);
        const auto stored = write([&](auto& tx) {
            return catalog::record_completion(tx, {*accepted.job_id, file_processing, project, accepted.source_id},
                                              to_json(result), now);
        });
        return parse_file_result(stored).value().reason;
    }

    static GenerationId generation(std::int64_t version) {
        return GenerationId(Uuid::v5(Uuid{}, std::to_string(version)));
    }
    Source source(SourceId id) {
        return write([&](auto& tx) { return catalog::source(tx, id); });
    }
    std::vector<catalog::RetiredGeneration> retired() {
        return write(
            [](auto& tx) { return catalog::retired_generations(tx, now + std::chrono::milliseconds(1), 100); });
    }
    std::map<SourceStatus, catalog::StatusCount> counts() {
        return write([&](auto& tx) { return catalog::source_counts(tx, project); });
    }

    ProjectId project{};

private:
    TemporaryFolder folder_;
    std::unique_ptr<sqlite::Database> database_ = catalog::open(folder_.path()).value();
};

}  // namespace

TEST_CASE("new content for a known name is its next version, the same content makes no job") {
    World world;
    const auto first = world.accept("one");
    const auto same = world.accept("one");
    const auto second = world.accept("two");
    CHECK(first.version == 1);
    CHECK(first.job_id.has_value());
    CHECK(same.version == 1);
    CHECK_FALSE(same.job_id.has_value());
    CHECK(second.version == 2);
    CHECK(second.source_id == first.source_id);
    CHECK(world.accept("two", catalog::SameContent::process_again).version == 3);
}

TEST_CASE("a source and its job are there together") {
    World world;
    const auto accepted = world.accept("one");
    const Job job = world.write([&](auto& tx) { return catalog::job(tx, *accepted.job_id); });
    CHECK(job.status == JobStatus::queued);
    CHECK(job.source_id == accepted.source_id);
    const FileTask task = parse_file_task(job.job_data).value();
    CHECK(task.filename == "a/file");
    CHECK(task.content_hash == ContentHash::of("one"));
    CHECK(world.source(accepted.source_id).status == SourceStatus::pending);
    CHECK(world.source(accepted.source_id).job_id == job.id);
}

TEST_CASE("completing a file's job flips its active generation and retires the one before") {
    World world;
    const auto first = world.accept("one");
    CHECK(world.complete(first, 3).empty());
    CHECK(world.source(first.source_id).active_generation == World::generation(1));
    CHECK(world.source(first.source_id).status == SourceStatus::searchable);
    CHECK(world.source(first.source_id).chunks == 3);
    CHECK(world.retired().empty());

    const auto second = world.accept("two");
    CHECK(world.source(first.source_id).active_generation == World::generation(1));
    world.complete(second, 5);
    CHECK(world.source(first.source_id).active_generation == World::generation(2));
    REQUIRE(world.retired().size() == 1);
    CHECK(world.retired()[0].generation == World::generation(1));
}

TEST_CASE("an older version that comes late is superseded, and its chunks are to be erased") {
    World world;
    const auto first = world.accept("one");
    const auto second = world.accept("two");
    world.complete(second, 5);
    CHECK(world.complete(first, 3) == "superseded");
    CHECK(world.source(first.source_id).active_generation == World::generation(2));
    CHECK(world.source(first.source_id).status == SourceStatus::searchable);
    REQUIRE(world.retired().size() == 1);
    CHECK(world.retired()[0].generation == World::generation(1));
}

TEST_CASE("an older version that comes first is seen until the newer one is ready") {
    World world;
    const auto first = world.accept("one");
    const auto second = world.accept("two");
    world.complete(first, 3);
    CHECK(world.source(first.source_id).active_version == 1);
    CHECK(world.source(first.source_id).status == SourceStatus::pending);
    world.complete(second, 4);
    CHECK(world.source(first.source_id).active_version == 2);
    CHECK(world.source(first.source_id).status == SourceStatus::searchable);
}

TEST_CASE("a version without anything to search takes the older one's chunks out of sight") {
    World world;
    const auto first = world.accept("one");
    world.complete(first, 3);
    const auto second = world.accept("two");
    CHECK(world.complete(second, 0, "empty") == "empty");
    CHECK_FALSE(world.source(first.source_id).active_generation.has_value());
    CHECK(world.source(first.source_id).status == SourceStatus::unsupported);
    CHECK(world.source(first.source_id).reason == "empty");
    CHECK(world.retired().size() == 1);
}

TEST_CASE("a failed version leaves the older one searchable and says why") {
    World world;
    const auto first = world.accept("one");
    world.complete(first, 3);
    const auto second = world.accept("two");
    const catalog::EndedJob ended{*second.job_id, file_processing, world.project, second.source_id};
    world.write([&](auto& tx) -> Result<bool> {
        ARCHAEO_TRY(catalog::record_failure(tx, ended, "broken", now));
        return true;
    });
    const Source source = world.source(first.source_id);
    CHECK(source.status == SourceStatus::failed);
    CHECK(source.reason == "broken");
    CHECK(source.active_generation == World::generation(1));
}

TEST_CASE("counts by status follow every change") {
    World world;
    const auto first = world.accept("one");
    CHECK(world.counts()[SourceStatus::pending].sources == 1);
    world.complete(first, 3);
    CHECK(world.counts()[SourceStatus::pending].sources == 0);
    CHECK(world.counts()[SourceStatus::searchable].sources == 1);
}

TEST_CASE("a result that no file handler writes is refused") {
    for (const auto* json : {"[]", "{}", "{\"version\": \"1\"}", "nonsense"}) {
        const auto result = parse_file_result(json);
        REQUIRE(!result);
        CHECK(result.error().code == Code::invalid_argument);
    }
}
