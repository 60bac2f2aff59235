#include "embed/http.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <thread>

#include "contract/embedder_contract.hpp"
#include "embed/open.hpp"
#include "support/embedding_stub.hpp"
#include "support/fault_proxy.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;
using embed::Api;

namespace {

constexpr std::array all_apis{Api::openai, Api::ollama, Api::tei, Api::llama};

EmbedderConfig config_for(const EmbeddingStub& server, const std::string& more = {}) {
    EmbedderConfig config;
    config.url = server.url() + "?model=test-model" + more;
    return config;
}

std::shared_ptr<Embedder> open(const EmbedderConfig& config, EmbedderTools tools = {}) {
    auto opened = open_embedder(config, std::move(tools));
    REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
    return opened->embedder;
}

std::vector<std::string> numbered(int texts, const std::string& text = "the invoice of customer ") {
    std::vector<std::string> all;
    for (int i = 0; i < texts; ++i) all.push_back(text + std::to_string(i));
    return all;
}

Result<FloatMatrix> embed_all(Embedder& embedder, const std::vector<std::string>& texts,
                              TextRole role = TextRole::document) {
    const std::vector<std::string_view> views(texts.begin(), texts.end());
    return embedder.embed(views, role);
}

double dot(std::span<const float> a, std::span<const float> b) {
    double sum = 0;
    for (std::size_t i = 0; i < a.size(); ++i) sum += static_cast<double>(a[i]) * static_cast<double>(b[i]);
    return sum;
}

const char* real_server() { return std::getenv("ARCHAEO_EMBEDDING_SERVER"); }

StubReply text_reply(int status, std::string body) { return {.status = status, .body = std::move(body)}; }

}  // namespace

TEST_CASE("embedder: servers of OpenAI's shape") {
    EmbeddingStub server(Api::openai);
    embedder_contract([&] { return open(config_for(server)); });
    CHECK(server.bad_shapes() == 0);
}

TEST_CASE("embedder: Ollama") {
    EmbeddingStub server(Api::ollama);
    embedder_contract([&] { return open(config_for(server)); });
    CHECK(server.bad_shapes() == 0);
}

TEST_CASE("embedder: Text Embeddings Inference") {
    EmbeddingStub server(Api::tei);
    embedder_contract([&] { return open(config_for(server)); });
    CHECK(server.bad_shapes() == 0);
}

TEST_CASE("embedder: llama.cpp") {
    EmbeddingStub server(Api::llama);
    embedder_contract([&] { return open(config_for(server)); });
    CHECK(server.bad_shapes() == 0);
}

// Any real server, for those who have one: ARCHAEO_EMBEDDING_SERVER='http://127.0.0.1:8000?model=NAME'.
TEST_CASE("embedder: the server of $ARCHAEO_EMBEDDING_SERVER" * doctest::skip(real_server() == nullptr)) {
    EmbedderConfig config;
    config.url = real_server();
    embedder_contract([&] { return open(config); });
}

TEST_CASE("what serves is found out by asking, and found again without asking") {
    for (const Api api : all_apis) {
        CAPTURE(to_string(api));
        EmbeddingStub server(api);
        EmbedderConfig config;
        config.url = server.http().url("");
        if (api == Api::ollama) config.url += "?model=test-model";  // it has several
        const auto opened = open_embedder(config, {});
        REQUIRE_MESSAGE(opened.has_value(), (opened ? "" : opened.error().message));
        const auto location = embed::parse_location(opened->resolved).value();
        CHECK(location.api == api);
        CHECK(location.model == "test-model");
        CHECK(location.size == 64);
        CHECK(opened->embedder->model_id() == "test-model/64");
        CHECK(location.max_tokens == 512);

        const int asked = server.http().requests();
        EmbedderTools tools;
        tools.resolved = opened->resolved;
        CHECK(open(config, tools)->model_id() == "test-model/64");
        CHECK(server.http().requests() == asked);
    }
}

TEST_CASE("a server that is none, or is away, is told apart") {
    HttpStub other([](const StubRequest&) { return text_reply(200, "<html>"); });
    EmbedderConfig config;
    config.url = other.url("");
    CHECK(open_embedder(config, {}).error().code == Code::invalid_argument);
    config.url = "http://127.0.0.1:1?model=m";
    CHECK(open_embedder(config, {}).error().code == Code::unavailable);
    EmbeddingStub ollama(Api::ollama);
    config.url = ollama.url();
    const auto error = open_embedder(config, {}).error();
    CHECK(error.code == Code::invalid_argument);
    CHECK(error.message.find("?model=NAME") != std::string::npos);
}

TEST_CASE("documents and queries get the prefixes of the model, which are part of its id") {
    StubRules rules;
    rules.model = "nomic-embed-text:latest";
    EmbeddingStub server(Api::ollama, rules);
    EmbedderConfig config;
    config.url = server.url() + "?model=nomic-embed-text:latest";
    const auto known = open(config);
    REQUIRE(embed_all(*known, {"a b"}));
    REQUIRE(embed_all(*known, {"a b"}, TextRole::query));
    CHECK(server.embedded().count("search_document: a b") == 1);
    CHECK(server.embedded().count("search_query: a b") == 1);
    CHECK(known->model_id().starts_with("nomic-embed-text:latest/64/"));

    config.url += "&query_prefix=q%3A&document_prefix=";
    const auto said = open(config);
    REQUIRE(embed_all(*said, {"c d"}));
    REQUIRE(embed_all(*said, {"c d"}, TextRole::query));
    CHECK(server.embedded().count("c d") == 1);
    CHECK(server.embedded().count("q:c d") == 1);
    CHECK(said->model_id() != known->model_id());
}

TEST_CASE("a batch that is too large is cut to what the server says it takes, once") {
    for (const Api api : {Api::openai, Api::tei}) {
        CAPTURE(to_string(api));
        StubRules rules;
        rules.batch_texts_max = 5;
        EmbeddingStub server(api, rules);
        const auto embedder = open(config_for(server, "&batch_texts=32&in_flight=1"));
        const auto texts = numbered(60);
        const auto matrix = embed_all(*embedder, texts);
        REQUIRE(matrix);
        CHECK(server.largest_batch() == 5);
        const auto alone = embed_all(*embedder, {texts[41]});
        CHECK(dot(alone->row(0), matrix->row(41)) == doctest::Approx(1).epsilon(1e-4));
        const int requests = server.http().requests();
        REQUIRE(embed_all(*embedder, numbered(50)));
        CHECK(server.http().requests() == requests + 10);
    }
}

TEST_CASE("what a server takes is learned by halving where it does not say") {
    StubRules rules;
    rules.batch_texts_max = 10;
    rules.says_batch_limit = false;
    EmbeddingStub server(Api::openai, rules);
    const auto embedder = open(config_for(server, "&batch_texts=32&in_flight=1"));
    REQUIRE(embed_all(*embedder, numbered(64)));
    const int requests = server.http().requests();
    REQUIRE(embed_all(*embedder, numbered(64)));
    CHECK(server.http().requests() == requests + 8);  // eight at a time, none refused
}

TEST_CASE("a request with too many tokens makes requests smaller, not their texts fewer where they are short") {
    StubRules rules;
    rules.batch_bytes_max = 4'000;
    EmbeddingStub server(Api::openai, rules);
    const auto embedder = open(config_for(server, "&batch_texts=32&in_flight=1"));
    REQUIRE(embed_all(*embedder, numbered(32, std::string(300, 'a') + " ")));
    REQUIRE(embed_all(*embedder, numbered(32)));
    CHECK(server.largest_batch() == 32);
}

TEST_CASE("a text that is too long for the model becomes the mean of its parts, and others with it are not disturbed") {
    for (const Api api : all_apis) {
        CAPTURE(to_string(api));
        StubRules rules;
        rules.text_bytes_max = 1'000;
        EmbeddingStub server(api, rules);
        const auto embedder = open(config_for(server, "&in_flight=1"));
        std::string large;
        while (large.size() < 3'000) large += "größe der Rechnung ";
        std::vector<std::string> texts = numbered(8);
        texts[3] = large;
        const auto matrix = embed_all(*embedder, texts);
        REQUIRE_MESSAGE(matrix.has_value(), (matrix ? "" : matrix.error().message));
        CHECK(dot(matrix->row(3), matrix->row(3)) == doctest::Approx(1).epsilon(1e-4));
        const auto part = embed_all(*embedder, {large.substr(0, 900)});
        CHECK(dot(part->row(0), matrix->row(3)) > 0.99);
        // The cap of requests did not shrink to the long one's.
        const int requests = server.http().requests();
        REQUIRE(embed_all(*embedder, numbered(8)));
        CHECK(server.http().requests() == requests + 1);
    }
}

TEST_CASE("many callers share requests") {
    EmbeddingStub server(Api::openai);
    // The first request takes long enough for the others to gather.
    std::atomic<int> number = 0;
    server.set_override([&](const StubRequest& request) -> std::optional<StubReply> {
        if (request.method == "POST" && number++ == 1)
            return StubReply{.status = 503, .headers = {{"Retry-After", "1"}}};
        return std::nullopt;
    });
    const auto embedder = open(config_for(server, "&in_flight=1"));
    std::vector<std::thread> callers;
    for (int i = 0; i < 24; ++i) {
        callers.emplace_back([&, i] { CHECK(embed_all(*embedder, {"file number " + std::to_string(i)})); });
    }
    for (auto& caller : callers) caller.join();
    CHECK(server.texts() == 25);  // one of them when it was opened
    CHECK(server.requests() < 10);
}

TEST_CASE("a call whose work is stopped ends at once, however long the server takes") {
    EmbeddingStub server(Api::openai);
    const auto embedder = open(config_for(server));
    server.set_override([](const StubRequest& request) -> std::optional<StubReply> {
        if (request.method == "GET") return std::nullopt;
        return StubReply{.fault = StubReply::Fault::hang};
    });
    const std::string_view text = "a";
    std::atomic<int> asked = 0;
    const auto stopped = embedder->embed_until(std::span(&text, 1), TextRole::document, [&] { return asked++ > 0; });
    CHECK(stopped.error().code == Code::cancelled);
}

TEST_CASE("settings that somebody has to change are told as they are, and no key is told") {
    StubRules rules;
    rules.key = "sk-secret-123";
    EmbeddingStub server(Api::openai, rules);
    EmbedderConfig config = config_for(server);
    config.api_key = "sk-wrong-key-456";
    const auto refused = open_embedder(config, {}).error();
    CHECK(refused.code == Code::unavailable);
    CHECK(refused.message.find("401") != std::string::npos);
    config.api_key = rules.key;
    CHECK(embed_all(*open(config), {"a"}));
    config.url = server.url() + "?model=another";
    const auto missing = open_embedder(config, {}).error();
    CHECK(missing.code == Code::unavailable);
    CHECK(missing.message.find("not found") != std::string::npos);

    std::string said;
    EmbedderTools tools;
    tools.resolved = server.url() + "?api=openai&model=test-model&size=64&max_tokens=512";
    tools.log = Logger([&said](const LogRecord& record) { said += record.message; }, LogLevel::debug);
    config.api_key = "sk-wrong-key-456";
    const auto embedder = open(config, tools);
    const auto error = embed_all(*embedder, {"a"}).error();
    CHECK(error.code == Code::unavailable);
    CHECK(error.message.find("Incorrect API key provided: …") != std::string::npos);
    CHECK(said.find("sk-wrong") == std::string::npos);
    CHECK(said.find("401") != std::string::npos);
}

TEST_CASE("a used-up quota is final, and is not asked again by everybody") {
    EmbeddingStub server(Api::openai);
    const auto embedder = open(config_for(server));
    server.set_override([](const StubRequest& request) -> std::optional<StubReply> {
        if (request.method == "GET") return std::nullopt;
        return text_reply(429,
                          R"({"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}})");
    });
    const int requests = server.http().requests();
    CHECK(embed_all(*embedder, {"a"}).error().message.find("quota") != std::string::npos);
    CHECK(embed_all(*embedder, {"a"}).error().code == Code::unavailable);
    CHECK(server.http().requests() == requests + 1);
    CHECK_FALSE(embedder->probe());
}

TEST_CASE("a server that asks for a pause gets it from all callers together") {
    EmbeddingStub server(Api::openai);
    const auto embedder = open(config_for(server, "&in_flight=2"));
    std::atomic<int> refused = 0;
    server.set_override([&](const StubRequest& request) -> std::optional<StubReply> {
        if (request.method == "GET" || refused.fetch_add(1) > 0) return std::nullopt;
        return StubReply{.status = 429, .headers = {{"Retry-After", "1"}}, .body = "{}"};
    });
    const auto begin = std::chrono::steady_clock::now();
    REQUIRE(embed_all(*embedder, {"a"}));
    CHECK(std::chrono::steady_clock::now() - begin >= 900ms);

    server.set_override([&](const StubRequest&) -> std::optional<StubReply> {
        return StubReply{.status = 429, .headers = {{"Retry-After", "3600"}}, .body = "{}"};
    });
    CHECK(embed_all(*embedder, {"a"}).error().code == Code::rate_limited);
    const int requests = server.http().requests();
    CHECK(embed_all(*embedder, {"a"}, TextRole::query).error().code == Code::rate_limited);
    CHECK(server.http().requests() == requests);
}

TEST_CASE("vectors of another model, of no number and without direction are refused") {
    EmbeddingStub server(Api::tei);
    const auto embedder = open(config_for(server));
    std::string body;
    server.set_override([&](const StubRequest& request) -> std::optional<StubReply> {
        if (request.method == "GET") return std::nullopt;
        return text_reply(200, body);
    });
    const auto row = [](const std::string& value, int count) {
        std::string text = "[[";
        for (int i = 0; i < count; ++i) text += (i == 0 ? "" : ",") + value;
        return text + "]]";
    };
    body = row("0", 64);
    CHECK(embed_all(*embedder, {"a"}).error().code == Code::io_error);
    body = row("null", 64);
    CHECK(embed_all(*embedder, {"a"}).error().message.find("no finite") != std::string::npos);
    body = row("1", 64);
    CHECK(embed_all(*embedder, {"a"}).has_value());
    body = row("1", 65);
    const auto other = embed_all(*embedder, {"a"}).error();
    CHECK(other.code == Code::unavailable);
    CHECK(other.message.find("65 values, must have 64") != std::string::npos);
}

TEST_CASE("while the server is away calls fail at once, and it is found again") {
    EmbeddingStub server(Api::openai);
    FaultProxy proxy(server.port(), {}, 1);
    EmbedderConfig config;
    config.url = "http://127.0.0.1:" + std::to_string(proxy.port()) + "/v1?model=test-model";
    const auto embedder = open(config);
    CHECK(embedder->probe());
    proxy.set(FaultProxy::State::down);
    CHECK(embed_all(*embedder, {"a"}).error().code == Code::unavailable);
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 100; ++i) CHECK_FALSE(embed_all(*embedder, {"a"}));
    CHECK(std::chrono::steady_clock::now() - begin < 5s);
    CHECK_FALSE(embedder->probe());
    proxy.set(FaultProxy::State::up);
    while (!embed_all(*embedder, {"a"})) std::this_thread::yield();
    CHECK(embedder->probe());
}

TEST_CASE("answers that are lost, cut and refused change nothing but the time") {
    EmbeddingStub server(Api::ollama);
    FaultProxy proxy(server.port(), {.reset = 10, .lost = 10, .cut = 5, .refused = 5}, 7);
    EmbedderConfig config;
    config.url = "http://127.0.0.1:" + std::to_string(proxy.port()) +
                 "?api=ollama&model=test-model&size=64&max_tokens=512&batch_texts=4";
    const auto embedder = open(config);
    const auto texts = numbered(200);
    auto matrix = embed_all(*embedder, texts);
    while (!matrix) matrix = embed_all(*embedder, texts);
    CHECK(proxy.faults() > 0);
    EmbeddingStub sound(Api::ollama);
    const auto expected = embed_all(*open(config_for(sound)), texts);
    CHECK(matrix->values == expected->values);
}

TEST_CASE("what was embedded once is not sent again, not by another process either") {
    EmbeddingStub server(Api::openai);
    const TemporaryFolder folder;
    EmbedderTools tools;
    tools.cache_path = folder.path("cache.db");
    const auto texts = numbered(40);
    const auto first = embed_all(*open(config_for(server), tools), texts);
    const int sent = server.texts();
    const auto again = open(config_for(server), tools);
    const int after_opening = server.texts();
    CHECK(embed_all(*again, texts)->values == first->values);
    CHECK(server.texts() == after_opening);
    CHECK(sent == 41);
    REQUIRE(embed_all(*again, numbered(41)));
    CHECK(server.texts() == after_opening + 1);
}

TEST_CASE("texts of a failed call that were embedded are kept all the same") {
    EmbeddingStub server(Api::openai);
    const TemporaryFolder folder;
    EmbedderTools tools;
    tools.cache_path = folder.path("cache.db");
    const auto embedder = open(config_for(server, "&batch_texts=8&in_flight=1"), tools);
    std::atomic<int> posts = 0;
    server.set_override([&](const StubRequest& request) -> std::optional<StubReply> {
        if (request.method == "POST" && posts++ == 3) return text_reply(401, "{}");
        return std::nullopt;
    });
    CHECK_FALSE(embed_all(*embedder, numbered(40)));
    const int before = server.texts();
    Result<FloatMatrix> matrix = Error{};
    while (!matrix) matrix = embed_all(*embedder, numbered(40));
    CHECK(server.texts() == before + 16);
    for (const auto& [text, times] : server.embedded()) CHECK(times == 1);
}

TEST_CASE("an embedder's setting is checked, and its messages name the rule") {
    const auto error = [](const std::string& url) {
        EmbedderConfig config;
        config.url = url;
        const auto checked = validate(config);
        return checked ? std::string() : checked.error().message;
    };
    CHECK(error("").empty());
    CHECK(error("builtin").empty());
    CHECK(error("https://api.openai.com/v1?model=text-embedding-3-small&dimensions=512").empty());
    CHECK(error("ollama").find("must be builtin, or http") != std::string::npos);
    CHECK(error("http://user:pw@host").find("must have none") != std::string::npos);
    CHECK(error("http://user:pw@host").find("pw") == std::string::npos);
    CHECK(error("http://host?api=cohere").find("must be openai, ollama, tei or llama") != std::string::npos);
    CHECK(error("http://host?key=secret-1").find("secret-1") == std::string::npos);
    CHECK(error("http://host?dimensions=0").find("must be 1 to 65536") != std::string::npos);
}
