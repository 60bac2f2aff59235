#include "embed/http/wire.hpp"

#include <doctest/doctest.h>

#include <array>

using namespace archaeologist;
using namespace archaeologist::embed;

namespace {

Location of(Api api) {
    Location location;
    location.base = "http://h";
    location.api = api;
    location.model = "m";
    return location;
}

Refusal refusal(int status, std::string body) {
    net::Response response;
    response.status = status;
    response.body = std::move(body);
    response.request = "POST http://h/x";
    return judge(response);
}

}  // namespace

TEST_CASE("each kind of server is asked in its own words, and none is let cut a text") {
    const std::array texts{Prefixed{"p: ", "a \"b\""}, Prefixed{"", "ü"}};
    Location location = of(Api::openai);
    CHECK(embed_call(location, texts).url == "http://h/embeddings");
    CHECK(embed_call(location, texts).body == R"({"model":"m","input":["p: a \"b\"","ü"],"encoding_format":"float"})");
    location.dimensions = 128;
    CHECK(embed_call(location, texts).body.find(R"("dimensions":128)") != std::string::npos);
    CHECK(embed_call(of(Api::ollama), texts).url == "http://h/api/embed");
    CHECK(embed_call(of(Api::ollama), texts).body == R"({"model":"m","input":["p: a \"b\"","ü"],"truncate":false})");
    CHECK(embed_call(of(Api::tei), texts).url == "http://h/embed");
    CHECK(embed_call(of(Api::tei), texts).body == R"({"inputs":["p: a \"b\"","ü"],"normalize":true,"truncate":false})");
}

TEST_CASE("vectors are placed by their index, and have length 1") {
    const auto vectors =
        parse_vectors(of(Api::openai), R"({"data":[{"index":1,"embedding":[0,2]},{"index":0,"embedding":[-3,0]}]})", 2);
    CHECK(vectors.value() == std::vector<Vector>{{-1, 0}, {0, 1}});
    CHECK(parse_vectors(of(Api::llama), R"({"data":[{"embedding":[1]},{"embedding":[-1]}]})", 2).value()[1][0] == -1);
}

TEST_CASE("a reply that is not one vector a text is refused") {
    const auto error = [](Api api, const char* body, std::size_t texts) {
        const auto vectors = parse_vectors(of(api), body, texts);
        return vectors ? std::string() : vectors.error().message;
    };
    CHECK(error(Api::openai, "<html>", 1).find("no JSON") != std::string::npos);
    CHECK(error(Api::openai, "{}", 1).find("\"data\" is missing") != std::string::npos);
    CHECK(error(Api::openai, R"({"data":[{"index":0,"embedding":[1]}]})", 2).find("1 vectors for 2") !=
          std::string::npos);
    CHECK(
        error(Api::openai, R"({"data":[{"index":0,"embedding":[1]},{"index":0,"embedding":[1]}]})", 2).find("twice") !=
        std::string::npos);
    CHECK(error(Api::openai, R"({"data":[{"index":7,"embedding":[1]}]})", 1).find("beyond") != std::string::npos);
    CHECK(error(Api::tei, R"({"embeddings":[[1]]})", 1).find("no array of vectors") != std::string::npos);
    CHECK(error(Api::tei, "[[]]", 1).find("0 values") != std::string::npos);
    CHECK(error(Api::ollama, R"({"embeddings":[["a"]]})", 1).find("no finite numbers") != std::string::npos);
}

TEST_CASE("refusals are told apart by what can be done about them") {
    using enum RefusalKind;
    CHECK(refusal(401, "{}").kind == settings);
    CHECK(refusal(404, R"({"error":"model \"m\" not found, try pulling it first"})").kind == settings);
    CHECK(refusal(400, R"({"error":{"message":"The model `m` does not exist"}})").kind == settings);
    CHECK(refusal(301, "").kind == settings);
    CHECK(refusal(429, R"({"error":{"code":"insufficient_quota"}})").kind == settings);
    CHECK(refusal(429, R"({"error":"Model is overloaded","error_type":"overloaded"})").kind == busy);
    CHECK(refusal(503, R"({"error":"server busy, please try again. maximum pending requests exceeded"})").kind ==
          outage);
    CHECK(refusal(424, R"({"error":"Inference failed","error_type":"backend"})").kind == outage);
    CHECK(refusal(500, R"({"error":{"message":"boom"}})").kind == outage);
    CHECK(refusal(500, R"({"error":{"message":"input is too large to process"}})").kind == too_much);
    CHECK(refusal(415, "").kind == bad_text);
    CHECK(refusal(401, "{}").error.code == Code::unavailable);
}

TEST_CASE("what a server says of its limits is understood") {
    const auto batch =
        refusal(413, R"({"error":"batch size 33 > maximum allowed batch size 32","error_type":"Validation"})");
    CHECK(batch.kind == RefusalKind::too_much);
    CHECK(batch.batch_texts == 32);
    CHECK_FALSE(batch.is_about_tokens);
    CHECK(refusal(400, R"({"error":{"message":"batch size is invalid, it should not be larger than 10."}})")
              .batch_texts == 10);
    const auto text = refusal(413, R"({"error":"`inputs` must have less than 512 tokens. Given: 600"})");
    CHECK(text.is_about_tokens);
    CHECK_FALSE(text.batch_texts);
    CHECK(refusal(400, R"({"error":{"message":"maximum context length is 8192 tokens"}})").is_about_tokens);
}

TEST_CASE("what a server said is found in every shape, on one line and not too long") {
    CHECK(server_words(R"({"error":{"message":"a\nb"}})") == "a b");
    CHECK(server_words(R"({"error":"a"})") == "a");
    CHECK(server_words(R"({"message":"a"})") == "a");
    CHECK(server_words(R"({"detail":"a"})") == "a");
    CHECK(server_words("plain") == "plain");
    CHECK(server_words(std::string(10'000, 'x')).size() == 300);
}
