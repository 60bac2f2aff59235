#include "catalog/models.hpp"

#include <doctest/doctest.h>

#include "catalog/catalog.hpp"
#include "catalog/completion.hpp"
#include "catalog/deletion.hpp"
#include "catalog/jobs.hpp"
#include "catalog/sources.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

constexpr TimePoint now = from_ms(1'000'000);
const std::string old_model(builtin_model_id);
const std::string new_model = "m/64";

// A catalog with one project that has the built-in model.
class World {
public:
    World() {
        project = database_->write([](auto& tx) { return catalog::create_project(tx, "p", "", {}, now); }).value().id;
    }

    template <class Work>
    auto write(Work work) {
        auto done = database_->write(work);
        REQUIRE(done);
        return std::move(done).value();
    }

    std::vector<JobId> want(const std::string& model) {
        return write([&](auto& tx) { return catalog::want_model(tx, {model, 64, "http://" + model, ""}, now); });
    }

    catalog::AcceptedVersion accept(std::string_view name, std::string_view content) {
        catalog::NewVersion upload;
        upload.project_id = project;
        upload.filename = upload.original_filename = name;
        upload.content_hash = ContentHash::of(content);
        upload.size_bytes = content.size();
        return write([&](auto& tx) { return catalog::accept(tx, upload, now); });
    }

    static GenerationId generation(SourceId source, std::int64_t version, const std::string& model) {
        return GenerationId(
            Uuid::v5(Uuid{}, std::to_string(to_integer(source)) + "/" + std::to_string(version) + "/" + model));
    }

    // What a worker with `model` makes of it, and of `other` where that is said. Returns the reason.
    std::string complete(SourceId source, std::int64_t version, const std::string& model, const std::string& other = {},
                         const std::string& for_model = {}) {
        FileResult result;
        result.version = version;
        result.chunks = 2;
        result.model_id = model;
        result.generation = generation(source, version, model);
        if (!other.empty()) result.other = OtherGeneration{other, generation(source, version, other)};
        result.for_model = for_model;
        const auto stored = write([&](auto& tx) {
            return catalog::record_completion(tx, {JobId(), file_processing, project, source}, to_json(result), now);
        });
        return parse_file_result(stored).value().reason;
    }

    catalog::ChangeStep step(std::size_t waiting_max = 100) {
        return write([&](auto& tx) { return catalog::continue_change(tx, project, waiting_max, now); });
    }
    catalog::ChangeProgress progress() {
        return write([&](auto& tx) { return catalog::change_progress(tx, project); });
    }
    catalog::ProjectModels models() {
        return write([&](auto& tx) { return catalog::project_models(tx, project); });
    }
    Source source(SourceId id) {
        return write([&](auto& tx) { return catalog::source(tx, id); });
    }
    std::vector<Job> jobs() {
        return write([](auto& tx) { return catalog::list_jobs(tx, {}, 100, 0); });
    }

    ProjectId project{};

private:
    TemporaryFolder folder_;
    std::unique_ptr<sqlite::Database> database_ = catalog::open(folder_.path()).value();
};

}  // namespace

TEST_CASE("new projects have the wanted model, others begin to change to it") {
    World world;
    CHECK(world.want(new_model).empty());
    CHECK(world.models().search == old_model);
    CHECK(world.models().next == new_model);
    const auto made = world.write([](auto& tx) { return catalog::create_project(tx, "q", "", {}, now); });
    const auto models = world.write([&](auto& tx) { return catalog::project_models(tx, made.id); });
    CHECK(models.search == new_model);
    CHECK(models.search_dimension == 64);
    CHECK_FALSE(models.next);
}

TEST_CASE("sources get a job each for the next model, no more than may wait, and the switch comes with the last") {
    World world;
    std::vector<SourceId> sources;
    for (const char* name : {"a", "b", "c"}) {
        sources.push_back(world.accept(name, name).source_id);
        world.complete(sources.back(), 1, old_model);
    }
    world.want(new_model);
    CHECK(world.step(2).jobs == 2);
    CHECK(world.step(2).jobs == 0);
    CHECK(world.progress().waiting == 2);
    const FileTask task = parse_file_task(world.jobs().front().job_data).value();
    CHECK(task.for_model == new_model);
    CHECK(task.version == 1);
    for (const SourceId id : {sources[0], sources[1]}) CHECK(world.complete(id, 1, new_model, {}, new_model).empty());
    CHECK(world.step().jobs == 1);
    CHECK_FALSE(world.step().has_switched);
    CHECK(world.source(sources[0]).active_generation == World::generation(sources[0], 1, old_model));
    world.complete(sources[2], 1, new_model, {}, new_model);
    CHECK(world.step().has_switched);
    CHECK(world.models().search == new_model);
    for (const SourceId id : sources) {
        CHECK(world.source(id).active_generation == World::generation(id, 1, new_model));
        CHECK(world.source(id).status == SourceStatus::searchable);
        CHECK(world.source(id).version == 1);
    }
    const auto stale = world.write([](auto& tx) { return catalog::stale_models(tx, now + std::chrono::hours(1)); });
    REQUIRE(stale.size() == 1);
    CHECK(stale[0].model_id == old_model);
    CHECK(world.write([&](auto& tx) { return catalog::forget_stale(tx, stale[0], 100); }) == 3);
}

TEST_CASE("a new version counts for both models, and an older one made for the next model does not undo it") {
    World world;
    const SourceId id = world.accept("a", "one").source_id;
    world.complete(id, 1, old_model);
    world.want(new_model);
    CHECK(world.step().jobs == 1);
    world.accept("a", "two");
    CHECK(world.complete(id, 2, new_model, old_model).empty());
    CHECK(world.source(id).active_generation == World::generation(id, 2, old_model));
    CHECK(world.complete(id, 1, new_model, {}, new_model) == "superseded");
    CHECK(world.step().has_switched);
    CHECK(world.source(id).active_generation == World::generation(id, 2, new_model));
}

TEST_CASE("what a worker with the old model alone makes is searched, and made again for the next one") {
    World world;
    const SourceId id = world.accept("a", "one").source_id;
    world.want(new_model);
    CHECK(world.complete(id, 1, old_model).empty());
    CHECK(world.source(id).status == SourceStatus::searchable);
    CHECK(world.step().jobs == 1);
}

TEST_CASE("what only the next model has is searched after the switch") {
    World world;
    const SourceId id = world.accept("a", "one").source_id;
    world.want(new_model);
    CHECK(world.complete(id, 1, new_model).empty());
    CHECK(world.source(id).status == SourceStatus::pending);
    CHECK(world.step().has_switched);
    CHECK(world.source(id).status == SourceStatus::searchable);
}

TEST_CASE("a version that was made for no model in use is failed with the reason, and never shown") {
    World world;
    const SourceId id = world.accept("a", "one").source_id;
    CHECK(world.complete(id, 1, "third/8") == "superseded");
    CHECK(world.source(id).status == SourceStatus::failed);
    CHECK(world.source(id).reason.find("third/8") != std::string::npos);
    CHECK_FALSE(world.source(id).active_generation);
}

TEST_CASE("giving a change up names its jobs and retires what they made") {
    World world;
    std::vector<SourceId> sources;
    for (const char* name : {"a", "b"}) {
        sources.push_back(world.accept(name, name).source_id);
        world.complete(sources.back(), 1, old_model);
    }
    world.want(new_model);
    CHECK(world.step().jobs == 2);
    world.complete(sources[0], 1, new_model, {}, new_model);
    CHECK(world.want(old_model).size() == 1);
    CHECK_FALSE(world.models().next);
    CHECK(world.complete(sources[1], 1, new_model, {}, new_model) == "superseded");
    const auto stale = world.write([](auto& tx) { return catalog::stale_models(tx, now + std::chrono::hours(1)); });
    REQUIRE(stale.size() == 1);
    CHECK(stale[0].model_id == new_model);
    CHECK(world.write([&](auto& tx) { return catalog::forget_stale(tx, stale[0], 100); }) == 2);
    CHECK(world.source(sources[0]).active_generation == World::generation(sources[0], 1, old_model));
}

TEST_CASE("a failed source holds the switch up until it is deleted or has a newer version") {
    World world;
    const SourceId bad = world.accept("bad", "one").source_id;
    world.complete(bad, 1, old_model);
    world.want(new_model);
    CHECK(world.step().jobs == 1);
    const JobId job = world.jobs().front().id;
    world.write([&](auto& tx) {
        auto done = catalog::record_failure(tx, {job, file_processing, world.project, bad}, "no such letters", now);
        return done ? Result<int>(0) : Result<int>(done.error());
    });
    CHECK(world.source(bad).status == SourceStatus::searchable);
    CHECK(world.progress().failure == "bad: no such letters");
    CHECK_FALSE(world.step().has_switched);
    CHECK(world.step().jobs == 0);
    SUBCASE("deleted") {
        world.write([&](auto& tx) {
            auto done = catalog::delete_source(tx, bad, now);
            return done ? Result<int>(0) : Result<int>(done.error());
        });
        CHECK(world.step().has_switched);
    }
    SUBCASE("a newer version") {
        world.accept("bad", "two");
        world.complete(bad, 2, new_model, old_model);
        CHECK(world.step().has_switched);
    }
}
