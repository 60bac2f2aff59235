#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "engine/model_search.hpp"
#include "engine/model_shelf.hpp"
#include "support/embedding_stub.hpp"
#include "support/fault_proxy.hpp"
#include "unit/engine/world.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;
using embed::Api;

namespace {

class ModelWorld : public EngineWorld {
public:
    // Opens the folder with another embedder; empty = what it used last.
    void use(const std::string& url) {
        config.embedding.url = url;
        open();
    }
    void add(int files) {
        for (int i = 0; i < files; ++i) {
            REQUIRE(upload("file" + std::to_string(i), "the invoice of customer number " + std::to_string(i)));
        }
    }
    SearchReply search(SearchMode mode, std::string_view text = "invoice customer") {
        SearchRequest request;
        request.query = text;
        request.mode = mode;
        request.projects = {project};
        request.limit = 100;
        request.per_source = 0;
        auto reply = engine->search(request);
        REQUIRE_MESSAGE(reply.has_value(), (reply ? "" : reply.error().message));
        return *std::move(reply);
    }
    std::optional<Check> check(const std::string& name) {
        for (const Check& one : engine->check()) {
            if (one.name == name) return one;
        }
        return std::nullopt;
    }
    // Until search uses the wanted model, and nothing is left to do.
    void change() {
        REQUIRE(engine->start_workers());
        while (check("change of model")) std::this_thread::sleep_for(5ms);
        process();
    }
    bool has_vectors_of(const std::string& model_id) const {
        return std::filesystem::exists(vector_folder(config.data_dir, model_id) + "/" +
                                       std::to_string(to_integer(project)) + ".db");
    }
};

// How many of `add` the server has embedded, repetitions counted.
int documents(EmbeddingStub& server) {
    int sum = 0;
    for (const auto& [text, times] : server.embedded()) sum += text.find("customer number") == text.npos ? 0 : times;
    return sum;
}

// The same of any text that says `word`, of whatever role.
int sent(EmbeddingStub& server, std::string_view word) {
    int sum = 0;
    for (const auto& [text, times] : server.embedded()) sum += text.find(word) == text.npos ? 0 : times;
    return sum;
}

std::string url_of(const EmbeddingStub& server, const std::string& model = "test-model") {
    return server.url() + "?model=" + model;
}

StubRules named(const std::string& model, int salt, std::size_t dimension = 64) {
    StubRules rules;
    rules.model = model;
    rules.salt = salt;
    rules.dimension = dimension;
    return rules;
}

}  // namespace

TEST_CASE("a project that begins with a server's model is searched by it, and the setting is kept") {
    EmbeddingStub server(Api::ollama);
    ModelWorld world;
    REQUIRE(world.engine->delete_project(world.project));
    world.use(url_of(server));
    world.project = world.engine->create_project("q").value().id;
    world.add(5);
    world.process();
    const int texts = server.texts();
    CHECK(texts == 6);
    const SearchReply reply = world.search(SearchMode::semantic);
    CHECK(reply.results.size() == 5);
    CHECK(reply.note.empty());
    CHECK(reply.results.front().why.similarity > 0.5);
    CHECK(world.has_vectors_of("test-model/64"));
    CHECK_FALSE(world.has_vectors_of("builtin-hash-1"));

    world.use("");
    CHECK(world.search(SearchMode::semantic).results.size() == 5);
    CHECK_FALSE(world.check("change of model"));
}

TEST_CASE("another model is made ready beside the old one, which is searched until all is there") {
    EmbeddingStub server(Api::openai);
    ModelWorld world;
    world.add(30);
    world.process();
    world.use(url_of(server));
    CHECK(world.search(SearchMode::semantic).note.find("word forms") != std::string::npos);  // the old one
    CHECK(world.check("change of model")->found.find("0 of 30 sources") != std::string::npos);

    REQUIRE(world.engine->start_workers());
    while (world.check("change of model")) {
        for (const SearchMode mode :
             {SearchMode::hybrid, SearchMode::semantic, SearchMode::words, SearchMode::literal}) {
            const SearchReply reply = world.search(mode, "invoice");
            CHECK(reply.results.size() == 30);
            CHECK(reply.coverage.searchable == 30);
            CHECK(reply.coverage.pending == 0);
        }
    }
    CHECK(world.search(SearchMode::semantic).note.empty());
    CHECK(world.search(SearchMode::semantic).results.size() == 30);
    CHECK(world.found("invoice of customer number 7") == 1);
    CHECK(documents(server) == 30);
}

TEST_CASE("what is uploaded while a model changes is found at once") {
    EmbeddingStub server(Api::openai);
    ModelWorld world;
    world.add(3);
    world.process();
    FaultProxy gate(server.port(), {}, 1);
    world.use("http://127.0.0.1:" + std::to_string(gate.port()) + "/v1?model=test-model");
    REQUIRE(world.upload("new", "a heron stands in the river"));
    REQUIRE(world.upload("file1", "the invoice was cancelled by the heron"));
    world.process();
    CHECK(world.found("heron") == 2);
    CHECK(world.search(SearchMode::words, "heron").results.size() == 2);
    CHECK(world.search(SearchMode::hybrid, "heron").results.size() >= 2);  // the new model may be there already
    world.change();
    CHECK(world.found("heron") == 2);
    CHECK(world.search(SearchMode::semantic, "heron").results.size() >= 2);
    CHECK(world.found("customer number 1") == 0);
}

TEST_CASE("a change that is taken back leaves all as it was, and its jobs are not done") {
    EmbeddingStub server(Api::openai);
    ModelWorld world;
    world.add(4);
    world.process();
    world.use(url_of(server));
    REQUIRE(world.engine->start_upkeep());
    while (world.engine->queue().stats().value().queued < 4) std::this_thread::sleep_for(1ms);
    world.use("builtin");
    CHECK(world.engine->queue().stats().value().queued == 0);
    world.process();
    CHECK(server.texts() == 1);
    CHECK_FALSE(world.check("change of model"));
    CHECK(world.search(SearchMode::semantic).results.size() == 4);
}

TEST_CASE("models change from server to server, also where their dimensions differ, and what is left is erased") {
    EmbeddingStub one(Api::openai, named("one", 0));
    EmbeddingStub two(Api::tei, named("two", 3, 96));
    ManualClock clock(system_clock().now());
    ModelWorld world;
    world.config.clock = &clock;
    world.use(url_of(one, "one"));
    world.add(6);
    world.change();
    CHECK(world.search(SearchMode::semantic).results.size() == 6);
    world.use(two.url() + "?model=two");
    CHECK(world.search(SearchMode::semantic).results.size() == 6);
    world.change();
    CHECK(world.search(SearchMode::semantic).results.size() == 6);
    CHECK(documents(two) == 6);
    CHECK(world.has_vectors_of("one/64"));
    clock.advance(61s);
    world.open();  // a sweep begins at once
    REQUIRE(world.engine->start_upkeep());
    while (world.has_vectors_of("one/64")) std::this_thread::sleep_for(1ms);
    CHECK(world.search(SearchMode::semantic).results.size() == 6);
}

TEST_CASE("a source that cannot be embedded keeps search with the old model, and doctor says which") {
    StubRules rules;
    EmbeddingStub server(Api::openai, rules);
    server.set_override([](const StubRequest& request) -> std::optional<StubReply> {
        if (request.body.find("poison") == std::string::npos) return std::nullopt;
        return StubReply{.status = 400, .body = R"({"error":{"message":"no such letters"}})"};
    });
    ModelWorld world;
    world.add(3);
    REQUIRE(world.upload("bad", "poison in the well"));
    world.process();
    world.use(url_of(server));
    REQUIRE(world.engine->start_workers());
    std::optional<Check> change;
    do {
        change = world.check("change of model");
        REQUIRE(change);
    } while (change->verdict == Check::Verdict::good);
    CHECK(change->found.find("bad: ") != std::string::npos);
    CHECK(change->found.find("no such letters") != std::string::npos);
    world.process();
    CHECK(world.found("poison") == 1);
    CHECK(world.search(SearchMode::semantic).note.find("word forms") != std::string::npos);

    SourceFilter filter;
    filter.project_id = world.project;
    for (const Source& source : world.engine->sources(filter).value().sources) {
        CHECK(source.status == SourceStatus::searchable);
        if (source.filename == "bad") REQUIRE(world.engine->delete_source(source.id));
    }
    world.change();
    CHECK(world.search(SearchMode::semantic).note.empty());
}

TEST_CASE("jobs wait for an embedder that is away without spending a retry, and search goes by words meanwhile") {
    EmbeddingStub server(Api::openai);
    FaultProxy proxy(server.port(), {}, 1);
    ModelWorld world;
    world.use("http://127.0.0.1:" + std::to_string(proxy.port()) + "/v1?model=test-model");
    world.add(2);
    world.change();
    proxy.set(FaultProxy::State::down);
    const JobId late = world.upload("late", "the heron flew over the invoice").value().job->id;
    const auto delayed = [&] { return world.engine->queue().stats().value().scheduled > 0; };
    while (!delayed()) std::this_thread::sleep_for(1ms);

    const SearchReply reply = world.search(SearchMode::hybrid, "invoice");
    CHECK(reply.results.size() == 2);
    CHECK(reply.note.starts_with("words only: embedder test-model at http://"));
    SearchRequest semantic;
    semantic.query = "invoice";
    semantic.mode = SearchMode::semantic;
    CHECK(world.engine->search(semantic).error().code == Code::unavailable);
    const auto backends = world.engine->reach_backends();
    REQUIRE(backends.size() == 1);
    CHECK(backends[0].name == "embedder");
    CHECK(backends[0].verdict == Check::Verdict::bad);
    CHECK(world.check("embedder")->verdict == Check::Verdict::bad);

    // Opening the folder asks no server that is known.
    world.open();
    CHECK(world.search(SearchMode::words, "invoice").results.size() == 2);
    REQUIRE(world.engine->start_workers());
    proxy.set(FaultProxy::State::up);
    world.process();
    const Job job = world.engine->job(late).value();
    CHECK(job.status == JobStatus::completed);
    CHECK(job.retry_count == 0);
    CHECK(world.search(SearchMode::semantic, "heron").note.empty());
}

TEST_CASE("an engine ends while its embedder hangs, and hands its job back") {
    EmbeddingStub server(Api::openai);
    ModelWorld world;
    world.use(url_of(server));
    world.change();
    server.set_override([](const StubRequest& request) -> std::optional<StubReply> {
        if (request.method == "GET") return std::nullopt;
        return StubReply{.fault = StubReply::Fault::hang};
    });
    world.config.grace = 10ms;
    world.open();
    const JobId job = world.upload("a", "the heron").value().job->id;
    REQUIRE(world.engine->start_workers());
    while (world.engine->job(job).value().status != JobStatus::running) std::this_thread::yield();
    world.open();
    CHECK(world.engine->job(job).value().status == JobStatus::queued);
    CHECK(world.engine->job(job).value().retry_count == 0);
}

TEST_CASE("files come through a network that loses, cuts and refuses, each once, and no job spends a retry") {
    EmbeddingStub server(Api::openai);
    FaultProxy proxy(server.port(), {.reset = 8, .lost = 6, .cut = 4, .refused = 6}, 11);
    ModelWorld world;
    world.use("http://127.0.0.1:" + std::to_string(proxy.port()) +
              "/v1?api=openai&model=test-model&size=64&batch_texts=4");
    world.add(120);
    world.change();
    CHECK(proxy.faults() > 0);
    CHECK(world.found("the invoice of customer number") == 120);
    JobFilter filter;
    filter.per_page = 1'000;
    for (const Job& job : world.engine->jobs(filter).value().jobs) {
        CHECK(job.status == JobStatus::completed);
        CHECK(job.retry_count == 0);
    }
    CHECK(world.search(SearchMode::literal, "invoice").coverage.searchable == 120);
}

TEST_CASE("a job that is done again embeds nothing again") {
    EmbeddingStub server(Api::openai);
    ModelWorld world;
    world.use(url_of(server));
    std::string text;
    for (int i = 0; i < 4'000; ++i) text += "line " + std::to_string(i) + " of the ledger\n";
    const auto first = world.upload("ledger", text).value();
    world.change();
    const int texts = server.texts();
    CHECK(texts > 30);
    REQUIRE(world.engine->reprocess(first.source.id));
    world.process();
    CHECK(world.engine->source(first.source.id).value().active_version == 2);
    CHECK(server.texts() == texts);
    for (const auto& [embedded, times] : server.embedded())
        CHECK((times == 1 || embedded == "archaeologist"));  // doctor's
}

TEST_CASE("a model that only a program can bring is not mixed with another, and is not forgotten by who lacks it") {
    EmbeddingStub server(Api::openai);
    EmbedderConfig theirs;
    theirs.url = url_of(server);
    ModelWorld world;
    world.config.embedder = open_embedder(theirs, {}).value().embedder;
    world.open();
    world.add(3);
    world.change();
    world.config.embedder.reset();
    world.open();
    const SearchReply reply = world.search(SearchMode::hybrid);
    CHECK(reply.results.size() == 3);
    CHECK(reply.note.find("not to be had here") != std::string::npos);
    CHECK_FALSE(world.check("change of model"));
    world.use("builtin");
    world.change();
    CHECK(world.search(SearchMode::hybrid).note.empty());
}

TEST_CASE("replies of several models make one page by their scores, with all their counts and notes") {
    const auto hit = [](double score) {
        Hit made;
        made.score = score;
        return made;
    };
    SearchReply one;
    one.results = {hit(0.9), hit(0.5), hit(0.1)};
    one.total_found = 3;
    one.coverage.searchable = 2;
    one.note = "words only: away";
    SearchReply two;
    two.results = {hit(0.7), hit(0.6)};
    two.total_found = 2;
    two.coverage.searchable = 5;
    SearchRequest request;
    request.query = "q";
    request.offset = 1;
    request.limit = 3;
    const SearchReply page = merge_replies(request, {one, two});
    REQUIRE(page.results.size() == 3);
    CHECK(page.results[0].score == 0.7);
    CHECK(page.results[1].score == 0.6);
    CHECK(page.results[2].score == 0.5);
    CHECK(page.total_found == 5);
    CHECK(page.coverage.searchable == 7);
    CHECK(page.note == "words only: away");
}

TEST_CASE("a project that denies external models sends no document and no question to a server") {
    EmbeddingStub server(Api::openai);
    ModelWorld world;
    world.use(url_of(server));
    const Project denied = world.engine->create_project("denied", "", ExternalModels::denied).value();
    CHECK(denied.external_models == ExternalModels::denied);
    CHECK(world.engine->project("denied").value().external_models == ExternalModels::denied);
    const ProjectId open = std::exchange(world.project, denied.id);
    REQUIRE(world.upload("bird", "a heron stands in the river"));
    world.change();
    REQUIRE(world.upload("bird", "a heron stands in the lake"));
    world.process();
    for (const SearchMode mode : {SearchMode::hybrid, SearchMode::semantic, SearchMode::words, SearchMode::literal}) {
        CHECK(world.search(mode, "heron").results.size() == 1);
    }
    CHECK(world.search(SearchMode::semantic, "heron").note.find("word forms") != std::string::npos);
    CHECK(sent(server, "heron") == 0);

    world.project = open;
    REQUIRE(world.upload("sum", "the invoice of the heron"));
    world.process();
    CHECK(sent(server, "invoice of the heron") == 1);
}

TEST_CASE(
    "who denies external models later sends nothing from then on, and is searched by words until the model has "
    "changed") {
    EmbeddingStub server(Api::openai);
    ModelWorld world;
    world.use(url_of(server));
    world.add(4);
    world.change();
    CHECK(documents(server) == 4);
    world.use("");  // nobody works
    const auto waiting = world.upload("waits", "the heron of customer number 9").value();
    REQUIRE(world.engine->update_project(world.project,
                                         {.name = {}, .description = {}, .external_models = ExternalModels::denied}));
    CHECK(world.engine->job(waiting.job->id).value().status == JobStatus::cancelled);
    REQUIRE(world.upload("later", "another heron of customer number 10"));
    const SearchReply words = world.search(SearchMode::hybrid, "invoice");
    CHECK(words.results.size() == 4);
    CHECK(words.note.find("denies external models") != std::string::npos);
    SearchRequest semantic;
    semantic.query = "invoice";
    semantic.mode = SearchMode::semantic;
    CHECK(world.engine->search(semantic).error().code == Code::unavailable);

    world.change();
    CHECK(world.search(SearchMode::semantic).note.find("word forms") != std::string::npos);
    CHECK(world.search(SearchMode::semantic, "customer").results.size() == 6);
    CHECK(world.found("heron") == 2);
    CHECK(documents(server) == 4);
    CHECK(sent(server, "heron") == 0);

    REQUIRE(world.engine->update_project(world.project,
                                         {.name = {}, .description = {}, .external_models = ExternalModels::allowed}));
    world.change();
    CHECK(world.search(SearchMode::semantic).note.empty());
    CHECK(documents(server) == 6);  // the first four are in the cache
}
