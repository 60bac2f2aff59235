#include "catalog/deletion.hpp"

#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "catalog/completion.hpp"
#include "catalog/file_job.hpp"
#include "catalog/sources.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

constexpr TimePoint now = from_ms(1'000'000);

class World {
public:
    World() {
        project = database->write([](auto& tx) { return catalog::create_project(tx, "p", "", {}, now); }).value().id;
    }
    template <class Work>
    auto write(Work work) {
        return database->write(work);
    }
    catalog::AcceptedVersion accept(std::string_view name, std::string_view content) {
        catalog::NewVersion upload;
        upload.project_id = project;
        upload.filename = upload.original_filename = name;
        upload.content_hash = ContentHash::of(content);
        return write([&](auto& tx) { return catalog::accept(tx, upload, now); }).value();
    }
    // Returns the stored result's reason.
    std::string complete(const catalog::AcceptedVersion& accepted) {
        FileResult result;
        result.version = accepted.version;
        result.chunks = 1;
        result.generation = GenerationId(Uuid::v5(Uuid{}, std::to_string(accepted.version)));
        const auto stored = write([&](auto& tx) {
            return catalog::record_completion(tx, {*accepted.job_id, file_processing, project, accepted.source_id},
                                              to_json(result), now);
        });
        return parse_file_result(stored.value()).value().reason;
    }
    std::vector<catalog::LateErasure> late(TimePoint before) {
        return write([&](auto& tx) { return catalog::late_erasures(tx, before); }).value();
    }

    TemporaryFolder folder;
    std::unique_ptr<sqlite::Database> database = catalog::open(folder.path()).value();
    ProjectId project{};
};

}  // namespace

TEST_CASE("a project that is marked deleted is nowhere, and its name is free") {
    World world;
    world.accept("a", "one");
    REQUIRE(world.write([&](auto& tx) { return catalog::mark_project_deleted(tx, world.project, now); }));
    CHECK(world.write([](auto& tx) { return catalog::projects(tx); }).value().empty());
    CHECK(world.write([&](auto& tx) { return catalog::require_project(tx, world.project); }).error().code ==
          Code::not_found);
    CHECK(world.write([&](auto& tx) { return catalog::mark_project_deleted(tx, world.project, now); }).error().code ==
          Code::not_found);
    CHECK(world.write([](auto& tx) { return catalog::create_project(tx, "p", "", {}, now); }).value().id !=
          world.project);
    CHECK(world.write([&](auto& tx) { return catalog::deleted_projects(tx, now); }).value().empty());
    CHECK(world.write([&](auto& tx) { return catalog::deleted_projects(tx, now + 1ms); }).value() ==
          std::vector{world.project});
}

TEST_CASE("a project's sources are removed in steps, and then it is gone for good") {
    World world;
    for (int i = 0; i < 5; ++i) world.complete(world.accept("f" + std::to_string(i), "one"));
    REQUIRE(world.write([&](auto& tx) { return catalog::mark_project_deleted(tx, world.project, now); }));
    const auto remove = [&] {
        return world.write([&](auto& tx) { return catalog::remove_sources(tx, world.project, 2); }).value();
    };
    CHECK(remove() == 2);
    CHECK(remove() == 2);
    CHECK(remove() == 1);
    CHECK(remove() == 0);
    for (int i = 0; i < 2; ++i)
        CHECK(world.write([&](auto& tx) { return catalog::remove_project(tx, world.project); }));
    CHECK(world.write([&](auto& tx) { return catalog::deleted_projects(tx, now + 1h); }).value().empty());
    CHECK(world.write([&](auto& tx) { return catalog::source_counts(tx, world.project); }).value().empty());
    REQUIRE(world.late(now + 1ms).size() == 1);
    CHECK_FALSE(world.late(now + 1ms)[0].source_id.has_value());
    CHECK(world.write([](auto& tx) { return catalog::create_project(tx, "p", "", {}, now); }).value().id >
          world.project);
}

TEST_CASE("a version from before a deletion is superseded, also when the name is there again") {
    World world;
    const auto first = world.accept("a", "one");
    const auto second = world.accept("a", "two");
    REQUIRE(world.write([&](auto& tx) { return catalog::delete_source(tx, first.source_id, now); }));
    CHECK(world.complete(first) == "superseded");
    const auto third = world.accept("a", "two");
    CHECK(third.version == 3);
    CHECK(world.complete(second) == "superseded");
    const Source pending = world.write([&](auto& tx) { return catalog::source(tx, first.source_id); }).value();
    CHECK_FALSE(pending.active_generation.has_value());
    CHECK(world.complete(third).empty());
    CHECK(world.write([&](auto& tx) { return catalog::source(tx, first.source_id); }).value().active_version == 3);
}

TEST_CASE("a source that is there again is no late erasure, and late erasures are forgotten some time") {
    World world;
    const auto source = world.accept("a", "one").source_id;
    REQUIRE(world.write([&](auto& tx) { return catalog::delete_source(tx, source, now); }));
    REQUIRE(world.write([&](auto& tx) { return catalog::add_late_erasure(tx, {world.project, source}, now); }));
    CHECK(world.late(now).empty());
    REQUIRE(world.late(now + 1ms).size() == 1);
    CHECK(world.late(now + 1ms)[0].source_id == source);
    world.accept("a", "one");
    CHECK(world.late(now + 1ms).empty());
    REQUIRE(world.write([&](auto& tx) { return catalog::delete_source(tx, source, now); }));
    REQUIRE(world.late(now + 1ms).size() == 1);
    const auto has_old = [&](TimePoint before) {
        return world.write([&](auto& tx) { return catalog::has_old_late_erasure(tx, before); }).value();
    };
    CHECK_FALSE(has_old(now));
    CHECK(has_old(now + 1ms));
    REQUIRE(world.write([&](auto& tx) { return catalog::forget_late_erasures(tx, now + 1ms); }));
    CHECK_FALSE(has_old(now + 1ms));
    CHECK(world.late(now + 1ms).empty());
}
