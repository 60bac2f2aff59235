#include "vector/qdrant/store.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>

#include "contract/vector_store_samples.hpp"
#include "support/fault_proxy.hpp"
#include "support/http_stub.hpp"
#include "support/qdrant_server.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

constexpr ProjectId project{1};

// A store in collections of its own.
struct Bay {
    explicit Bay(const std::string& parameters = "")
        : prefix(QdrantServer::shared().fresh_prefix()),
          location(QdrantServer::shared().location(prefix + parameters)) {
        store = open(location);
    }
    [[nodiscard]] std::unique_ptr<VectorStore> open(const qdrant::Location& at, const std::string& model = "model",
                                                    std::size_t dimension = sample_dimension) const {
        auto opened = open_qdrant_store(at, QdrantServer::shared().options(), {model, dimension});
        if (!opened) FAIL(opened.error().message);
        return std::move(opened).value();
    }
    [[nodiscard]] std::string collection() const { return prefix + "-model"; }
    [[nodiscard]] std::string describe() const {
        return QdrantServer::shared().ask(net::Method::get, "/collections/" + collection());
    }
    // Which of the requests have all of it.
    [[nodiscard]] std::size_t requests(std::string_view begin) const {
        const auto lines = QdrantServer::shared().requests(prefix);
        return static_cast<std::size_t>(std::count_if(
            lines.begin(), lines.end(), [&](const std::string& line) { return line.starts_with(begin); }));
    }

    std::string prefix;
    qdrant::Location location;
    std::unique_ptr<VectorStore> store;
};

bool has(const std::string& text, std::string_view part) { return text.find(part) != std::string::npos; }

Error refusal_of(const std::string& prefix, const std::string& body) {
    const QdrantServer& server = QdrantServer::shared();
    static_cast<void>(server.ask(net::Method::put, "/collections/" + prefix + "-model", body));
    const auto store = open_qdrant_store(server.location(prefix), server.options(), {"model", sample_dimension});
    REQUIRE_FALSE(store.has_value());
    CHECK(store.error().code == Code::incompatible);
    CHECK(has(store.error().message, prefix + "-model"));
    return store.error();
}

// Of so many points of one word each, and of spaces as many as wanted.
Sample words(std::size_t points, std::size_t spaces = 0) {
    std::string text;
    std::vector<std::size_t> cuts;
    for (std::size_t i = 0; i < points; ++i) {
        text += "word" + std::to_string(i) + std::string(1 + spaces, ' ');
        if (i + 1 < points) cuts.push_back(text.size());
    }
    Sample made = sample(std::move(text));
    made.cut_at(cuts, 3);
    return made;
}

std::uint64_t count(VectorStore& store) { return store.count(project, SourceId{1}, generation(1)).value(); }

}  // namespace

TEST_CASE("a collection is made as the URL says, with its indexes, and used again") {
    const Bay bay("?shards=2&replicas=3&quantization=int8");
    const std::string made = bay.describe();
    for (const char* part : {R"("size": 8)", R"("distance": "Cosine")", R"("modifier": "idf")", R"("shard_number": 2)",
                             R"("replication_factor": 3)", R"("write_consistency_factor": 2)", R"("type": "int8")",
                             R"("is_tenant": true)", R"("unindexed_filtering_retrieve": false)"}) {
        if (QdrantServer::shared().is_ours()) CHECK_MESSAGE(has(made, part), part);
    }
    store(*bay.store, sample("needle"));
    const auto again = bay.open(bay.location);
    CHECK(count(*again) == 1);
    if (QdrantServer::shared().is_ours()) CHECK(bay.requests("PUT 200 /collections/" + bay.collection() + " ") == 1);
}

TEST_CASE("a collection that is not what it must be is refused, with what it is and what it must be") {
    QdrantServer& server = QdrantServer::shared();
    const std::string sparse = R"(,"sparse_vectors":{"bm25":{"modifier":"idf"}}})";
    const auto error =
        refusal_of(server.fresh_prefix(), R"({"vectors":{"dense":{"size":768,"distance":"Cosine"}})" + sparse);
    CHECK(has(error.message, "has 768 dimensions, model \"model\" gives 8"));
    CHECK(has(refusal_of(server.fresh_prefix(), R"({"vectors":{"dense":{"size":8,"distance":"Dot"}})" + sparse).message,
              "compares by \"Dot\", must compare by \"Cosine\""));
    CHECK(has(refusal_of(server.fresh_prefix(),
                         R"({"vectors":{"dense":{"size":8,"distance":"Cosine"}},"sparse_vectors":{"bm25":{}}})")
                  .message,
              "modifier \"none\", must be \"idf\""));
    CHECK(has(
        refusal_of(server.fresh_prefix(), R"({"vectors":{"other":{"size":8,"distance":"Cosine"}})" + sparse).message,
        "no vectors named \"dense\""));
    CHECK(has(refusal_of(server.fresh_prefix(), R"({"vectors":{"dense":{"size":8,"distance":"Cosine"}}})").message,
              "no sparse vectors named \"bm25\""));
}

TEST_CASE("an index of another kind is refused") {
    const Bay bay;
    const std::string path = "/collections/" + bay.collection() + "/index";
    static_cast<void>(QdrantServer::shared().ask(net::Method::put, path + "?wait=true",
                                                 R"({"field_name":"ordinal","field_schema":{"type":"keyword"}})"));
    const auto store = open_qdrant_store(bay.location, QdrantServer::shared().options(), {"model", sample_dimension});
    REQUIRE_FALSE(store.has_value());
    CHECK(store.error().code == Code::incompatible);
    CHECK(has(store.error().message, "index of type \"keyword\" on \"ordinal\", must be of type \"integer\""));
}

TEST_CASE("the models of one prefix do not see each other's points") {
    const Bay bay;
    store(*bay.store, sample("needle"));
    const auto other = bay.open(bay.location, "other", 4);
    CHECK(other->count(project, SourceId{1}, generation(1)).value() == 0);
    CHECK(other->projects().value().empty());
}

TEST_CASE("a call's points go in bodies of at most 128, and a retry sends none again") {
    const Bay bay;
    const Sample made = words(300);
    store(*bay.store, made);
    CHECK(count(*bay.store) == 300);
    if (!QdrantServer::shared().is_ours()) return;
    CHECK(bay.requests("PUT 200 /collections/" + bay.collection() + "/points") == 3);
    store(*bay.store, made);
    REQUIRE(bay.store->upsert(made.document, std::span(made.points).subspan(100, 150)).has_value());
    CHECK(bay.requests("PUT 200 /collections/" + bay.collection() + "/points") == 3);
}

TEST_CASE("no body is larger than 16 MiB, however large the texts are") {
    const Bay bay;
    Sample made = words(24, 1'000'000);
    store(*bay.store, made);
    CHECK(count(*bay.store) == 24);
    std::size_t bodies = 0;
    for (const std::string& line : QdrantServer::shared().requests(bay.prefix)) {
        if (!line.starts_with("PUT 200 /collections/" + bay.collection() + "/points")) continue;
        ++bodies;
        CHECK(std::stoul(line.substr(line.rfind(' '))) <= 16 << 20);
    }
    if (QdrantServer::shared().is_ours()) CHECK(bodies == 2);
}

TEST_CASE("what a failed call left of a generation is completed by the next one, gaps included") {
    const Bay bay;
    const Sample made = words(20);
    const std::span<const Point> points(made.points);
    store(*bay.store, made);
    // As if a body in the middle had been lost.
    const std::string gap = R"({"filter":{"must":[{"key":"ordinal","range":{"gte":5,"lt":9}}]}})";
    static_cast<void>(QdrantServer::shared().ask(net::Method::post,
                                                 "/collections/" + bay.collection() + "/points/delete?wait=true", gap));
    REQUIRE(count(*bay.store) == 16);
    const Status behind = bay.store->upsert(made.document, points.subspan(12));
    REQUIRE_FALSE(behind.has_value());
    CHECK(behind.error().code == Code::invalid_argument);
    REQUIRE(bay.store->upsert(made.document, points.first(12)).has_value());
    CHECK(count(*bay.store) == 20);
    CHECK(bay.store->upsert(made.document, points.subspan(12)).has_value());
}

TEST_CASE("a change that is not done when its time is over is not taken for done") {
    if (!QdrantServer::shared().is_ours()) return;
    const Bay bay;
    for (const char* status : {"wait_timeout", "acknowledged"}) {
        QdrantServer::shared().answer_next(status, 1);
        const Sample made = sample(status);
        const Status done = bay.store->upsert(made.document, made.points);
        REQUIRE_FALSE(done.has_value());
        CHECK(done.error().code == Code::unavailable);
        CHECK(has(done.error().message, status));
        CHECK(bay.store->upsert(made.document, made.points).has_value());
    }
}

TEST_CASE("many equally good hits are cut from one order, also where Qdrant has another") {
    const Bay bay;
    std::vector<PointId> ids;
    for (int source = 1; source <= 60; ++source) {
        const Sample made = sample("same words", SourceId{source}, "same");
        store(*bay.store, made);
        ids.push_back(point_id(made.document, 0));
    }
    std::sort(ids.begin(), ids.end());
    for (std::size_t offset = 0; offset < 60; offset += 7) {
        const auto hits = bay.store->query({project, "words", {}, {}, offset, 7});
        REQUIRE(hits.has_value());
        for (std::size_t i = 0; i < hits->size(); ++i) CHECK((*hits)[i].id == ids[offset + i]);
    }
}

TEST_CASE("literals are found where their words are cut, or written with letters that fold to theirs") {
    const Bay bay;
    Sample cut = sample("say: a needle, here", SourceId{1});
    cut.cut_at({10});
    store(*bay.store, cut);
    store(*bay.store, sample("no: a \xE2\x84\xAAnee\xC5\xBF, end", SourceId{2}));
    store(*bay.store, sample("nothing", SourceId{3}));
    const auto found = [&](std::string text, LetterCase letter_case) {
        LiteralQuery query;
        query.project_id = project;
        query.text = std::move(text);
        query.letter_case = letter_case;
        const auto reply = bay.store->find(query);
        REQUIRE(reply.has_value());
        return reply->total_found;
    };
    CHECK(found(": a needle,", LetterCase::exact) == 1);
    CHECK(found("a knees,", LetterCase::exact) == 0);
    CHECK(found("a knees, e", LetterCase::ignore) == 1);
    CHECK(found(" a needle, ", LetterCase::ignore) == 1);
}

TEST_CASE(
    "what a literal of one bare word or an expression needs says where it is looked for, and where nobody wrote it "
    "down") {
    const Bay bay;
    store(*bay.store, sample("void unneedled();", SourceId{1}));
    store(*bay.store, sample("eel, needs and idle", SourceId{2}));
    Sample cut = sample("a nEEdle on its own, in many pieces", SourceId{3});
    cut.cut_at({4, 5, 6});
    store(*bay.store, cut);
    // As a version that knew no grams stored it.
    const std::string old =
        R"({"points":[{"id":"6ba7b810-9dad-11d1-80b4-00c04fd430c8","vector":{"bm25":{"indices":[1],"values":[1]}},)"
        R"("payload":{"project":"1","source":4,"generation":")" +
        generation(1).text() +
        R"(","ordinal":0,"path":"old.txt","file_type":"text","language":"","core_begin":0,"core_end":6,"context_begin":0,)"
        R"("line_first":1,"line_last":1,"heading":"","digest":"","text":"needle"}}]})";
    static_cast<void>(
        QdrantServer::shared().ask(net::Method::put, "/collections/" + bay.collection() + "/points?wait=true", old));
    std::vector<SourceId> looked_at;
    LiteralQuery query;
    query.project_id = project;
    query.text = "needle";
    query.letter_case = LetterCase::ignore;
    query.accept = [&](SourceId source, const GenerationId&) { return looked_at.push_back(source), true; };
    const auto reply = bay.store->find(query);
    REQUIRE(reply.has_value());
    CHECK(reply->total_found == 3);
    CHECK(looked_at == std::vector<SourceId>{SourceId{1}, SourceId{3}, SourceId{4}});
    const auto by_expression = [&](const char* text) {
        looked_at.clear();
        query.pattern = TextPattern::regex;
        query.text = text;
        const auto found = bay.store->find(query);
        REQUIRE(found.has_value());
        return found->total_found;
    };
    CHECK(by_expression("n.?e.dle on its") == 1);
    CHECK(looked_at == std::vector<SourceId>{SourceId{3}, SourceId{4}});
    CHECK(by_expression("unneed[a-z]+d|idle") == 2);
    CHECK(looked_at == std::vector<SourceId>{SourceId{1}, SourceId{2}, SourceId{4}});
    CHECK(by_expression("[aeiou]{2}") == 7);
    CHECK(looked_at.size() == 4);
}

TEST_CASE("a long document is read in pieces, and its literals are where they are") {
    const Bay bay;
    const Sample made = words(700);
    store(*bay.store, made);
    LiteralQuery query;
    query.project_id = project;
    query.text = "word69";
    query.limit = 100;
    const auto reply = bay.store->find(query);
    REQUIRE(reply.has_value());
    CHECK(reply->total_found == 11);
    CHECK(reply->matches[0].ordinal == 69);
    CHECK(reply->matches[10].ordinal == 699);
    for (const LiteralMatch& match : reply->matches) {
        CHECK(made.text->substr(match.match.begin, match.match.size()) == "word69");
    }
}

TEST_CASE("the API key is needed, and never told") {
    QdrantServer& server = QdrantServer::shared();
    if (!server.is_ours()) return;
    std::vector<std::string> said;
    const Logger log([&said](const LogRecord& record) { said.emplace_back(record.message); }, LogLevel::debug);
    auto opened = open_qdrant_store(server.location(server.fresh_prefix()), {.api_key = "wr0ng-key", .log = log},
                                    {"model", sample_dimension});
    REQUIRE(opened.has_value());
    const auto counted = (*opened)->count(project, SourceId{1}, generation(1));
    REQUIRE_FALSE(counted.has_value());
    CHECK(counted.error().code == Code::unavailable);
    CHECK(has(counted.error().message, "401 Must provide an API key"));
    said.push_back(counted.error().message);
    CHECK(said.size() >= 2);
    for (const std::string& line : said) CHECK_FALSE(has(line, "wr0ng-key"));
}

TEST_CASE("another node takes over where one is away or busy") {
    QdrantServer& server = QdrantServer::shared();
    HttpStub busy([](const StubRequest&) { return StubReply{.status = 503}; });
    const std::string prefix = server.fresh_prefix();
    qdrant::Location location = server.location(prefix);
    location.servers.insert(location.servers.begin(),
                            {"http://127.0.0.1:1", "http://127.0.0.1:" + std::to_string(busy.port())});
    auto opened = open_qdrant_store(location, server.options(), {"model", sample_dimension});
    REQUIRE(opened.has_value());
    store(**opened, sample("needle"));
    CHECK(count(**opened) == 1);
}

TEST_CASE("a store that is away says so, and works once it is back") {
    QdrantServer& server = QdrantServer::shared();
    FaultProxy proxy(server.port(), {}, 1);
    proxy.set(FaultProxy::State::down);
    const auto location = QdrantServer::location(server.fresh_prefix(), proxy.port());
    auto opened = open_qdrant_store(location, server.options(), {"model", sample_dimension});
    REQUIRE(opened.has_value());
    const Sample made = sample("needle");
    const Status away = (*opened)->upsert(made.document, made.points);
    REQUIRE_FALSE(away.has_value());
    CHECK(away.error().code == Code::unavailable);
    CHECK(has(away.error().message, "vector store"));
    const auto hits = (*opened)->query({project, "needle", {}, {}, 0, 10});
    REQUIRE_FALSE(hits.has_value());
    CHECK(hits.error().code == Code::unavailable);
    CHECK_FALSE((*opened)->probe().has_value());
    proxy.set(FaultProxy::State::up);
    CHECK((*opened)->probe().has_value());
    store(**opened, made);
    CHECK((*opened)->query({project, "needle", {}, {}, 0, 10}).value().size() == 1);
}

TEST_CASE("a collection that is gone is an outage, and made again by what comes next") {
    const Bay bay;
    store(*bay.store, sample("needle"));
    static_cast<void>(QdrantServer::shared().ask(net::Method::remove, "/collections/" + bay.collection()));
    const auto counted = bay.store->count(project, SourceId{1}, generation(1));
    REQUIRE_FALSE(counted.has_value());
    CHECK(counted.error().code == Code::unavailable);
    CHECK(count(*bay.store) == 0);
}

TEST_CASE("through resets, lost answers, halves and refusals every point is stored once") {
    QdrantServer& server = QdrantServer::shared();
    const std::string prefix = server.fresh_prefix();
    FaultProxy proxy(server.port(), {.reset = 8, .lost = 8, .cut = 8, .refused = 6}, 7);
    auto opened =
        open_qdrant_store(QdrantServer::location(prefix, proxy.port()), server.options(), {"model", sample_dimension});
    REQUIRE(opened.has_value());
    VectorStore& store = **opened;
    const int sources = 30;
    for (int source = 1; source <= sources; ++source) {
        Sample made = words(5);
        made.document.source_id = SourceId{source};
        const auto is_stored = [&] {
            const Status done = store.upsert(made.document, made.points);
            if (!done) CHECK(done.error().code == Code::unavailable);
            return done.has_value();
        };
        while (!is_stored()) continue;
    }
    CHECK(proxy.faults() > 10);
    const auto direct = open_qdrant_store(server.location(prefix), server.options(), {"model", sample_dimension});
    for (int source = 1; source <= sources; ++source) {
        CHECK((*direct)->count(project, SourceId{source}, generation(1)).value() == 5);
    }
    CHECK((*direct)->query({project, "word", {}, {}, 0, 1'000}).value().size() == 5 * sources);
}
