#include <filesystem>
#include <vector>

#include "archaeologist/embedder.hpp"
#include "base/mutex.hpp"
#include "catalog/catalog.hpp"
#include "catalog/deletion.hpp"
#include "unit/engine/world.hpp"
#include "vector/embedded.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

// Holds every document back until it is let go.
class HeldEmbedder final : public Embedder {
public:
    [[nodiscard]] std::size_t dimension() const override { return real_->dimension(); }
    [[nodiscard]] std::string model_id() const override { return real_->model_id(); }
    [[nodiscard]] std::size_t max_tokens() const override { return real_->max_tokens(); }
    [[nodiscard]] bool matches_meaning() const override { return real_->matches_meaning(); }
    [[nodiscard]] double hybrid_weight() const override { return real_->hybrid_weight(); }
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole role) override {
        if (role == TextRole::document) {
            const MutexLock lock(mutex_);
            ++waiting_;
            changed_.notify_all();
            while (is_held_) changed_.wait(mutex_);
        }
        return real_->embed(texts, role);
    }

    void wait_for_document() {
        const MutexLock lock(mutex_);
        while (waiting_ == 0) changed_.wait(mutex_);
    }
    void let_go() {
        const MutexLock lock(mutex_);
        is_held_ = false;
        changed_.notify_all();
    }

private:
    std::shared_ptr<Embedder> real_ = make_builtin_embedder();
    Mutex mutex_;
    Condition changed_;
    bool is_held_ ARCHAEO_GUARDED_BY(mutex_) = true;
    int waiting_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

// A world whose time the test moves.
class World : public EngineWorld {
public:
    World() {
        config.clock = &clock;
        open();
    }

    // What the vector store holds of the project, as another process sees it. Not while it may be erased as a whole.
    [[nodiscard]] std::vector<StoredGeneration> stored() const { return stored_of(project); }
    [[nodiscard]] std::vector<StoredGeneration> stored_of(ProjectId id) const {
        const auto store = open_embedded_store(folder.path("data/vectors"), {.dimension = 384}).value();
        return store->generations(id, {}, 1'000).value();
    }
    [[nodiscard]] bool has_vectors() const { return std::filesystem::exists(folder.path("data/vectors/1.db")); }

    // Lets time pass, until everything that was deleted before is swept, and waits for what the sweep does.
    template <class IsDone>
    void sweep_until(IsDone is_done) {
        engine->stop_workers();
        clock.advance(2min);
        REQUIRE(engine->start_workers());
        const auto give_up_at = std::chrono::steady_clock::now() + 30s;
        while (!is_done() && std::chrono::steady_clock::now() < give_up_at) std::this_thread::yield();
        CHECK(is_done());
        engine->stop_workers();
    }

    ManualClock clock;
};

std::uint64_t queued(Engine& engine) { return static_cast<std::uint64_t>(engine.queue().stats().value().queued); }

}  // namespace

TEST_CASE("a deleted project is gone with its sources, jobs and chunks, and the others stay") {
    EngineWorld world;
    const ProjectId other = world.engine->create_project("other").value().id;
    REQUIRE(world.upload("a.txt", "the walrus"));
    REQUIRE(world.upload("a.txt", "the walrus again"));
    const Source source = world.upload("b.txt", "the carpenter").value().source;
    UploadRequest theirs = world.request("c.txt");
    theirs.project_id = other;
    MemorySource content("the oyster");
    REQUIRE(world.engine->upload(theirs, content));
    world.process();
    REQUIRE(world.found("carpenter") == 1);
    world.engine->stop_workers();
    const Job waiting = *world.upload("d.txt", "never processed").value().job;

    REQUIRE(world.engine->delete_project(world.project));
    CHECK(world.engine->project(world.project).error().code == Code::not_found);
    CHECK(world.engine->project("p").error().code == Code::not_found);
    CHECK(world.engine->projects().value().size() == 1);
    CHECK(world.engine->source(source.id).error().code == Code::not_found);
    CHECK(world.engine->job(waiting.id).error().code == Code::not_found);
    CHECK(world.engine->jobs({.status = {}, .job_type = {}, .project_id = world.project}).value().total == 0);
    CHECK(world.found("walrus") == 0);
    CHECK(world.found("oyster") == 1);
    CHECK(world.upload("e.txt", "too late").error().code == Code::not_found);
    CHECK(world.engine->delete_project(world.project).error().code == Code::not_found);
    CHECK_FALSE(std::filesystem::exists(world.folder.path("data/vectors/1.db")));

    const Project again = world.engine->create_project("p").value();
    CHECK(to_integer(again.id) > to_integer(other));
    CHECK(again.sources == 0);
    CHECK(world.engine->queue().stats().value().running == 0);
}

TEST_CASE("deleting a project takes what was set for it, and leaves no count behind") {
    EngineWorld world;
    REQUIRE(world.engine->queue().set_limit({.project_id = world.project, .job_type = {}, .running_max = 0}));
    PeriodicJob periodic;
    periodic.name = "nightly";
    periodic.cron = "0 3 * * *";
    periodic.job.project_id = world.project;
    REQUIRE(world.engine->queue().set_periodic(periodic));
    for (int i = 0; i < 1'200; ++i) REQUIRE(world.upload("f" + std::to_string(i), std::to_string(i)));
    REQUIRE(queued(*world.engine) == 1'200);
    REQUIRE(world.engine->delete_project(world.project));
    CHECK(queued(*world.engine) == 0);
    CHECK(world.engine->queue().stats().value().cancelled == 0);
    CHECK(world.engine->queue().settings().value().limits.empty());
    CHECK(world.engine->queue().periodic().value().empty());
}

TEST_CASE("a worker whose project is deleted loses its job, and what it stores late is swept") {
    World world;
    const auto embedder = std::make_shared<HeldEmbedder>();
    world.config.embedder = embedder;
    world.open();
    const Job job = *world.upload("a.txt", "the walrus").value().job;
    REQUIRE(world.engine->start_workers());
    embedder->wait_for_document();
    REQUIRE(world.engine->delete_project(world.project));
    CHECK(world.engine->job(job.id).error().code == Code::not_found);
    CHECK_FALSE(world.has_vectors());
    embedder->let_go();
    world.engine->stop_workers();
    CHECK(world.stored().size() == 1);  // it had not heard of it
    CHECK(world.engine->jobs({}).value().total == 0);
    world.sweep_until([&] { return !world.has_vectors(); });
}

TEST_CASE("a deletion that was not finished is finished by the sweep") {
    World world;
    REQUIRE(world.upload("a.txt", "the walrus"));
    world.process();
    {
        const auto catalog = catalog::open(world.folder.path("data")).value();
        REQUIRE(catalog->write([&](sqlite::Connection& tx) {
            return catalog::mark_project_deleted(tx, world.project, world.clock.now());
        }));
    }
    CHECK(world.found("walrus") == 0);
    CHECK(world.engine->jobs({}).value().total == 1);
    world.sweep_until([&] { return !world.has_vectors() && world.engine->jobs({}).value().total == 0; });
}

TEST_CASE("a deleted source is gone at once, and its chunks once no search can be reading them") {
    World world;
    const SourceId id = world.upload("a.txt", "the walrus").value().source.id;
    REQUIRE(world.upload("b.txt", "the walrus too"));
    world.process();
    REQUIRE(world.stored().size() == 2);
    REQUIRE(world.engine->delete_source(id));
    CHECK(world.found("walrus") == 1);
    CHECK(world.sources() == 1);
    CHECK(world.engine->project("p").value().sources == 1);
    CHECK(world.engine->source(id).error().code == Code::not_found);
    CHECK(world.engine->text(id).error().code == Code::not_found);
    CHECK(world.engine->chunks(id).error().code == Code::not_found);
    CHECK(world.engine->content(id, ContentForm::original).error().code == Code::not_found);
    CHECK(world.engine->reprocess(id).error().code == Code::not_found);
    CHECK(world.engine->set_metadata(id, "{}").error().code == Code::not_found);
    CHECK(world.engine->delete_source(id).error().code == Code::not_found);
    CHECK(world.stored().size() == 2);
    REQUIRE(world.engine->delete_source(SourceId{2}));
    world.sweep_until([&] { return world.stored().empty(); });
}

TEST_CASE("a deleted source's unfinished job is cancelled, and what its worker stores late is swept") {
    World world;
    const auto embedder = std::make_shared<HeldEmbedder>();
    world.config.embedder = embedder;
    world.open();
    const UploadReply upload = world.upload("a.txt", "the walrus").value();
    REQUIRE(world.engine->start_workers());
    embedder->wait_for_document();
    REQUIRE(world.engine->delete_source(upload.source.id));
    CHECK(world.engine->job(upload.job->id).value().status == JobStatus::cancelled);
    embedder->let_go();
    world.engine->stop_workers();
    CHECK(world.engine->job(upload.job->id).value().status == JobStatus::cancelled);
    CHECK(world.found("walrus") == 0);
    CHECK(world.stored().size() == 1);
    world.sweep_until([&] { return world.stored().empty(); });
}

TEST_CASE("a deleted name that comes again is the next version of its source, and no older one shows") {
    EngineWorld world;
    const auto first = world.upload("a.txt", "the walrus").value();
    world.process();
    REQUIRE(world.engine->delete_source(first.source.id));
    world.engine->stop_workers();
    const auto again = world.upload("a.txt", "the walrus").value();
    CHECK(again.source.id == first.source.id);
    CHECK(again.source.version == 2);
    CHECK(again.source.status == SourceStatus::pending);
    REQUIRE(again.job.has_value());
    CHECK(world.found("walrus") == 0);
    world.process();
    CHECK(world.found("walrus") == 1);
    CHECK(world.engine->project("p").value().sources == 1);
}

TEST_CASE("vectors that are damaged hold up no other project's sweep") {
    World world;
    const ProjectId damaged = world.project;
    const ProjectId other = world.engine->create_project("other").value().id;
    for (const ProjectId project : {damaged, other}) {
        world.project = project;
        for (const char* version : {"the walrus", "the carpenter"}) {
            REQUIRE(world.upload("a.txt", version));
            world.process();
        }
    }
    REQUIRE(world.stored_of(other).size() == 2);
    world.engine.reset();
    world.folder.write("data/vectors/1.db", std::string(8'192, 'x'));
    world.open();
    world.sweep_until([&] { return world.stored_of(other).size() == 1; });
}
