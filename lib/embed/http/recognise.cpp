#include "embed/http/recognise.hpp"

#include <simdjson.h>

#include <chrono>
#include <optional>

#include "embed/http/models.hpp"
#include "embed/http/sender.hpp"
#include "embed/http/wire.hpp"

namespace archaeologist::embed {
namespace {

using namespace std::chrono_literals;
using simdjson::dom::element;

// One round of questions.
class Inquiry {
public:
    Inquiry(net::Client& client, Location location, const std::string& api_key)
        : client_(client), location_(std::move(location)), api_key_(api_key) {}

    Result<Location> run() {
        if (!location_.api) ARCHAEO_TRY(find_api());
        switch (*location_.api) {
            case Api::tei: ARCHAEO_TRY(read_info()); break;
            case Api::ollama: ARCHAEO_TRY(require_model("ollama list shows them")); break;
            case Api::openai:
            case Api::llama: ARCHAEO_TRY(read_models()); break;
        }
        if (location_.max_tokens == 0) location_.max_tokens = known_model(location_.model).max_tokens;
        if (location_.size == 0) ARCHAEO_TRY(read_size());
        return std::move(location_);
    }

private:
    [[nodiscard]] Result<net::Response> get(const std::string& url) {
        const net::Request request{
            .url = url, .endpoint = "embedder probe", .headers = headers_of(api_key_), .total_max = 10s};
        auto reply = client_.send(request);
        if (!reply) return Error{reply.error().code, "embedder: " + reply.error().message};
        return reply;
    }

    // Whether a reply is JSON with that member; it is `json_` then.
    [[nodiscard]] bool has(const net::Response& reply, const char* member) {
        element found;
        return reply.is_success() && parser_.parse(reply.body).get(json_) == simdjson::SUCCESS &&
               json_[member].get(found) == simdjson::SUCCESS;
    }

    [[nodiscard]] bool has_path() const {
        return location_.base.find('/', location_.base.find("://") + 3) != std::string::npos;
    }

    Status find_api() {
        if (location_.base.ends_with("/v1")) {
            location_.api = Api::openai;
            return {};
        }
        ARCHAEO_ASSIGN(const auto info, get(location_.base + "/info"));
        if (has(info, "max_input_length")) {
            location_.api = Api::tei;
            return {};
        }
        ARCHAEO_ASSIGN(const auto version, get(location_.base + "/api/version"));
        if (has(version, "version")) {
            location_.api = Api::ollama;
            return {};
        }
        ARCHAEO_ASSIGN(const auto models, get(location_.base + "/v1/models"));
        if (has(models, "data") || models.status == 401 || models.status == 403) {
            location_.base += "/v1";
            location_.api = Api::openai;
            return {};
        }
        return Error{Code::invalid_argument,
                     "embedder: " + location_.base +
                         " is neither TEI nor Ollama, llama.cpp or OpenAI as far as it tells, so its api must be said "
                         "(&api=openai) and its path be whole"};
    }

    Status require_model(const std::string& hint) const {
        if (!location_.model.empty()) return {};
        return Error{
            Code::invalid_argument,
            "embedder: " + location_.base + " has several models, so one must be named (?model=NAME; " + hint + ")"};
    }

    Status read_info() {
        ARCHAEO_ASSIGN(const auto reply, get(location_.base + "/info"));
        std::string_view text;
        std::uint64_t number = 0;
        if (!has(reply, "max_input_length")) return refused(reply);
        if (location_.model.empty() && json_["model_id"].get(text) == simdjson::SUCCESS) location_.model = text;
        if (location_.max_tokens == 0 && json_["max_input_length"].get(number) == simdjson::SUCCESS) {
            location_.max_tokens = number;
        }
        if (location_.batch_texts == 0 && json_["max_client_batch_size"].get(number) == simdjson::SUCCESS) {
            location_.batch_texts = number;
        }
        return {};
    }

    // Compatible servers need not have the list.
    Status read_models() {
        if (!has_path()) location_.base += "/v1";
        ARCHAEO_ASSIGN(const auto reply, get(location_.base + "/models"));
        if (reply.status == 401 || reply.status == 403 || reply.status >= 500) return refused(reply);
        simdjson::dom::array data;
        if (has(reply, "data") && json_["data"].get(data) == simdjson::SUCCESS && data.size() > 0) {
            const element first = data.at(0).value_unsafe();
            std::string_view text;
            std::uint64_t number = 0;
            if (first["owned_by"].get(text) == simdjson::SUCCESS && text == "llamacpp") location_.api = Api::llama;
            if (location_.model.empty() && data.size() == 1 && first["id"].get(text) == simdjson::SUCCESS) {
                location_.model = text.substr(text.rfind('/') == std::string_view::npos ? 0 : text.rfind('/') + 1);
            }
            if (location_.api == Api::llama && location_.max_tokens == 0 &&
                first["meta"]["n_ctx_train"].get(number) == simdjson::SUCCESS) {
                location_.max_tokens = number;
            }
        }
        return require_model("GET " + location_.base + "/models lists them");
    }

    Status read_size() {
        const Prefixed word{{}, "archaeologist"};
        const EmbedCall call = embed_call(location_, std::span(&word, 1));
        net::Request request{.method = net::Method::post, .url = call.url, .endpoint = "embed", .total_max = 60s};
        request.headers = headers_of(api_key_);
        request.body = call.body;
        ARCHAEO_ASSIGN(const auto reply, client_.send(request));
        if (!reply.is_success()) return refused(reply);
        const auto vectors = parse_vectors(location_, reply.body, 1);
        if (!vectors) return Error{vectors.error().code, "embedder: " + reply.request + ": " + vectors.error().message};
        location_.size = vectors->front().size();
        return {};
    }

    static Error refused(const net::Response& reply) {
        Error error = judge(reply).error;
        if (reply.is_success()) error.message += " is not what was expected of it";
        error.message = "embedder: " + error.message;
        return error;
    }

    net::Client& client_;
    Location location_;
    const std::string& api_key_;
    simdjson::dom::parser parser_;
    element json_;
};

}  // namespace

Result<Location> recognise(net::Client& client, Location location, const std::string& api_key) {
    return Inquiry(client, std::move(location), api_key).run();
}

}  // namespace archaeologist::embed
