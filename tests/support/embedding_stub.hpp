// An embedding server of any of the four kinds, on loopback. Its vectors are the built-in embedder's, cut to its dimension,
// so that texts which share words are near each other. What it is sent is held against the shape that the servers document;
// what breaks it is answered 400 and counted.
#pragma once

#include <simdjson.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "archaeologist/embedder.hpp"
#include "archaeologist/json.hpp"
#include "embed/http/location.hpp"
#include "support/http_stub.hpp"

namespace archaeologist {

struct StubRules {
    std::size_t dimension = 64;
    std::size_t batch_texts_max = 2'048;
    std::size_t text_bytes_max = 1 << 20;
    std::size_t batch_bytes_max = 1 << 30;
    std::string model = "test-model";
    std::string key;               // asked for; empty = none
    bool says_batch_limit = true;  // names the number of texts it takes
    bool is_silent_about_models = false;
    int salt = 0;  // another model gives other vectors
};

// Thread-safe.
class EmbeddingStub {
public:
    // Answers instead of the server where it returns something.
    using Override = std::function<std::optional<StubReply>(const StubRequest&)>;

    explicit EmbeddingStub(embed::Api api, StubRules rules = {})
        : api_(api), rules_(std::move(rules)), stub_([this](const StubRequest& request) { return answer(request); }) {}

    [[nodiscard]] std::string url() const {
        const bool is_openai = api_ == embed::Api::openai || api_ == embed::Api::llama;
        return stub_.url(is_openai ? "/v1" : "");
    }
    [[nodiscard]] int port() const { return stub_.port(); }
    [[nodiscard]] HttpStub& http() { return stub_; }
    // Of all 200 answers to embedding requests.
    [[nodiscard]] int texts() const { return texts_; }
    [[nodiscard]] int requests() const { return requests_; }
    [[nodiscard]] int largest_batch() const { return largest_batch_; }
    [[nodiscard]] int bad_shapes() const { return bad_shapes_; }
    // How often each text was embedded, with its prefix.
    [[nodiscard]] std::map<std::string, int> embedded() {
        const MutexLock lock(mutex_);
        return embedded_;
    }
    void set_override(Override override) {
        const MutexLock lock(mutex_);
        override_ = std::move(override);
    }

private:
    using element = simdjson::dom::element;

    static StubReply json(int status, std::string body) {
        return {.status = status, .headers = {{"Content-Type", "application/json"}}, .body = std::move(body)};
    }

    // As the server words its errors.
    [[nodiscard]] StubReply error(int status, std::string_view words, std::string_view code = {}) const {
        JsonWriter out;
        out.begin_object();
        switch (api_) {
            case embed::Api::openai:
                out.key("error").begin_object().field("message", words).field("type", "invalid_request_error");
                out.key("param").null().field("code", code).end_object();
                break;
            case embed::Api::llama:
                out.key("error").begin_object().field("code", status).field("message", words);
                out.field("type", "server_error").end_object();
                break;
            case embed::Api::tei: out.field("error", words).field("error_type", "Validation"); break;
            case embed::Api::ollama: out.field("error", words); break;
        }
        out.end_object();
        return json(status, std::move(out).text());
    }

    [[nodiscard]] StubReply bad_shape(const std::string& what) {
        ++bad_shapes_;
        return error(400, "bad shape: " + what);
    }

    StubReply answer(const StubRequest& request) {
        Override override;
        {
            const MutexLock lock(mutex_);
            override = override_;
        }
        if (override) {
            if (auto reply = override(request)) return *std::move(reply);
        }
        const auto key = request.headers.find("authorization");
        const bool has_key = key != request.headers.end() && key->second == "Bearer " + rules_.key;
        if (!rules_.key.empty() && !has_key) return error(401, "Incorrect API key provided: " + sent_key(request));
        if (request.method == "GET") return answer_get(request.target);
        const std::string path = api_ == embed::Api::tei      ? "/embed"
                                 : api_ == embed::Api::ollama ? "/api/embed"
                                                              : "/v1/embeddings";
        if (request.method != "POST" || request.target != path) return error(404, "no such path");
        return embed_all(request);
    }

    static std::string sent_key(const StubRequest& request) {
        const auto key = request.headers.find("authorization");
        return key == request.headers.end() ? "" : key->second.substr(std::min<std::size_t>(7, key->second.size()));
    }

    [[nodiscard]] StubReply answer_get(const std::string& target) const {
        const bool is_openai = api_ == embed::Api::openai;
        if (api_ == embed::Api::tei && target == "/info") {
            return json(200, R"({"model_id":")" + rules_.model +
                                 R"(","max_input_length":512,"max_client_batch_size":)" +
                                 std::to_string(rules_.batch_texts_max) + "}");
        }
        if (api_ == embed::Api::ollama && target == "/api/version") return json(200, R"({"version":"0.9.0"})");
        if (target == "/health" && !is_openai) return json(200, R"({"status":"ok"})");
        if ((is_openai || api_ == embed::Api::llama) && target == "/v1/models" && !rules_.is_silent_about_models) {
            return json(200, R"({"object":"list","data":[{"id":")" + rules_.model +
                                 R"(","object":"model","owned_by":")" + (is_openai ? "somebody" : "llamacpp") +
                                 R"(","meta":{"n_ctx_train":512}}]})");
        }
        return error(404, "no such path");
    }

    // What the request must be, by the servers' documents; the texts, or why not.
    [[nodiscard]] std::optional<std::string> check_shape(element root, std::vector<std::string>& texts) const {
        simdjson::dom::object object;
        if (root.get(object) != simdjson::SUCCESS) return "no object";
        const bool is_tei = api_ == embed::Api::tei;
        std::set<std::string> allowed = is_tei ? std::set<std::string>{"inputs", "normalize", "truncate", "dimensions"}
                                               : std::set<std::string>{"input", "model", "dimensions"};
        if (api_ == embed::Api::ollama) allowed.insert("truncate");
        if (api_ == embed::Api::openai || api_ == embed::Api::llama) allowed.insert("encoding_format");
        for (const auto field : object) {
            if (!allowed.contains(std::string(field.key))) return "unknown member " + std::string(field.key);
        }
        simdjson::dom::array inputs;
        if (root[is_tei ? "inputs" : "input"].get(inputs) != simdjson::SUCCESS) return "no array of texts";
        for (const element input : inputs) {
            std::string_view text;
            if (input.get(text) != simdjson::SUCCESS || text.empty()) return "a text is empty or none";
            texts.emplace_back(text);
        }
        if (texts.empty()) return "no texts";
        std::string_view model;
        if (!is_tei && root["model"].get(model) != simdjson::SUCCESS) return "no model";
        bool truncate = true;
        const bool has_truncate = is_tei || api_ == embed::Api::ollama;
        if (has_truncate && (root["truncate"].get(truncate) != simdjson::SUCCESS || truncate))
            return "truncate is not false";
        return std::nullopt;
    }

    StubReply embed_all(const StubRequest& request) {
        simdjson::dom::parser parser;
        element root;
        if (parser.parse(request.body).get(root) != simdjson::SUCCESS) return bad_shape("no JSON");
        std::vector<std::string> texts;
        if (const auto wrong = check_shape(root, texts)) return bad_shape(*wrong);
        std::string_view model;
        if (api_ != embed::Api::tei && root["model"].get(model) == simdjson::SUCCESS && model != rules_.model) {
            return error(404, "model \"" + std::string(model) + "\" not found, try pulling it first",
                         "model_not_found");
        }
        if (const auto refused = refuse_size(texts)) return *refused;
        std::vector<std::string_view> views(texts.begin(), texts.end());
        const FloatMatrix matrix = builtin_->embed(views, TextRole::document).value();
        ++requests_;
        texts_ += static_cast<int>(texts.size());
        largest_batch_ = std::max(largest_batch_.load(), static_cast<int>(texts.size()));
        {
            const MutexLock lock(mutex_);
            for (const auto& text : texts) ++embedded_[text];
        }
        return json(200, body_of(matrix));
    }

    [[nodiscard]] std::optional<StubReply> refuse_size(const std::vector<std::string>& texts) const {
        if (texts.size() > rules_.batch_texts_max) {
            if (!rules_.says_batch_limit) return error(400, "the array of texts is too large");
            return error(api_ == embed::Api::tei ? 413 : 400, "batch size " + std::to_string(texts.size()) +
                                                                  " > maximum allowed batch size " +
                                                                  std::to_string(rules_.batch_texts_max));
        }
        std::size_t bytes = 0;
        for (const auto& text : texts) {
            bytes += text.size();
            if (text.size() <= rules_.text_bytes_max) continue;
            switch (api_) {
                case embed::Api::openai: return error(400, "This model's maximum context length is 8192 tokens");
                case embed::Api::llama:
                    return error(500, "input is too large to process. increase the physical batch size");
                case embed::Api::tei: return error(413, "`inputs` must have less than 512 tokens. Given: 600");
                case embed::Api::ollama: return error(400, "the input length exceeds the context length");
            }
        }
        if (bytes > rules_.batch_bytes_max) return error(400, "requested too many tokens in one request");
        return std::nullopt;
    }

    void write_row(JsonWriter& out, std::span<const float> row) const {
        out.begin_array();
        for (std::size_t i = 0; i < rules_.dimension; ++i) {
            const auto at = (i * static_cast<std::size_t>(2 * rules_.salt + 1)) % rules_.dimension;
            double sum = 0.001;
            for (std::size_t j = at; j < row.size(); j += rules_.dimension) sum += static_cast<double>(row[j]);
            out.value(3 * sum);  // not of length 1
        }
        out.end_array();
    }

    [[nodiscard]] std::string body_of(const FloatMatrix& matrix) const {
        JsonWriter out;
        if (api_ == embed::Api::tei) {
            out.begin_array();
            for (std::size_t i = 0; i < matrix.rows; ++i) write_row(out, matrix.row(i));
            out.end_array();
        } else if (api_ == embed::Api::ollama) {
            out.begin_object().field("model", rules_.model).key("embeddings").begin_array();
            for (std::size_t i = 0; i < matrix.rows; ++i) write_row(out, matrix.row(i));
            out.end_array().end_object();
        } else {  // the last first: only the index says which is which
            out.begin_object().field("object", "list").key("data").begin_array();
            for (std::size_t i = matrix.rows; i > 0; --i) {
                out.begin_object().field("object", "embedding").field("index", i - 1).key("embedding");
                write_row(out, matrix.row(i - 1));
                out.end_object();
            }
            out.end_array().field("model", rules_.model).key("usage").begin_object();
            out.field("prompt_tokens", 1).field("total_tokens", 1).end_object().end_object();
        }
        return std::move(out).text();
    }

    const embed::Api api_;
    const StubRules rules_;
    const std::shared_ptr<Embedder> builtin_ = make_builtin_embedder();
    std::atomic<int> texts_ = 0;
    std::atomic<int> requests_ = 0;
    std::atomic<int> largest_batch_ = 0;
    std::atomic<int> bad_shapes_ = 0;
    Mutex mutex_;
    Override override_ ARCHAEO_GUARDED_BY(mutex_);
    std::map<std::string, int> embedded_ ARCHAEO_GUARDED_BY(mutex_);
    HttpStub stub_;
};

}  // namespace archaeologist
