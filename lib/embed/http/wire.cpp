#include "embed/http/wire.hpp"

#include <simdjson.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "archaeologist/json.hpp"
#include "net/client.hpp"

namespace archaeologist::embed {
namespace {

using simdjson::dom::element;

constexpr std::size_t words_bytes_max = 300;

std::string lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return out;
}

template <std::size_t Size>
bool says_any(std::string_view text, const std::array<std::string_view, Size>& parts) {
    return std::any_of(parts.begin(), parts.end(),
                       [text](std::string_view part) { return text.find(part) != std::string_view::npos; });
}

bool is_about_length(std::string_view said) {
    constexpr std::array<std::string_view, 8> parts{
        "too large to process", "too long",     "context length", "context size",
        "context_size",         "input length", "token",          "physical batch"};
    return says_any(said, parts);
}

bool is_about_model(std::string_view said) {
    constexpr std::array<std::string_view, 5> parts{"model_not_found", "does not exist", "invalid model",
                                                    "unknown model", "does not support embed"};
    return says_any(said, parts);
}

// "batch size 33 > maximum allowed batch size 32", "… must be at most 10", "… maximum of 64 inputs": the last number.
std::optional<std::size_t> batch_texts_of(std::string_view said) {
    constexpr std::array<std::string_view, 5> parts{"batch size", "batch_size", "array", "inputs", "input items"};
    constexpr std::array<std::string_view, 6> limits{"maximum allowed batch size", "at most",    "larger than",
                                                     "less than or equal to",      "maximum of", "cannot exceed"};
    if (!says_any(said, parts)) return std::nullopt;
    for (const std::string_view limit : limits) {
        std::size_t at = said.find(limit);
        if (at == std::string_view::npos) continue;
        at = said.find_first_of("0123456789", at + limit.size());
        if (at == std::string_view::npos || at > said.find(limit) + limit.size() + 2) continue;
        std::size_t number = 0;
        const auto parsed = std::from_chars(said.data() + at, said.data() + said.size(), number);
        if (parsed.ec == std::errc() && number > 0) return number;
    }
    return std::nullopt;
}

Error not_embeddings(const std::string& what) { return {Code::unavailable, "the reply holds no embeddings: " + what}; }

// Normalises. Nothing: it has no direction.
bool normalise(Vector& vector) {
    double squares = 0;
    for (const float value : vector) squares += static_cast<double>(value) * static_cast<double>(value);
    if (!std::isfinite(squares) || squares <= 0) return false;
    const double norm = std::sqrt(squares);
    for (float& value : vector) value = static_cast<float>(static_cast<double>(value) / norm);
    return true;
}

Result<Vector> vector_of(const Location& location, element values, std::size_t number) {
    simdjson::dom::array array;
    if (values.get(array) != simdjson::SUCCESS) return not_embeddings("one is no array of numbers");
    Vector vector;
    vector.reserve(array.size());
    bool is_finite = true;
    for (const element value : array) {
        double number_value = 0;
        // Servers write NaN as null.
        is_finite = value.get(number_value) == simdjson::SUCCESS && std::isfinite(number_value) && is_finite;
        vector.push_back(static_cast<float>(number_value));
    }
    if (vector.empty() || (location.size != 0 && vector.size() != location.size)) {
        return Error{Code::unavailable, "vectors have " + std::to_string(vector.size()) + " values, must have " +
                                            std::to_string(location.size) +
                                            " as those that are stored: another model answers"};
    }
    if (!is_finite || !normalise(vector)) {
        return Error{Code::io_error, "the vector of text " + std::to_string(number + 1) +
                                         (is_finite ? " is zero" : " has values that are no finite numbers")};
    }
    return vector;
}

// {"data":[{"index":0,"embedding":[…]}]}; an index that is missing is the place.
Result<std::vector<element>> openai_rows(element root, std::size_t texts) {
    simdjson::dom::array data;
    if (root["data"].get(data) != simdjson::SUCCESS) return not_embeddings("\"data\" is missing");
    std::vector<std::optional<element>> rows(texts);
    std::size_t place = 0;
    for (const element item : data) {
        std::uint64_t index = 0;
        if (item["index"].get(index) != simdjson::SUCCESS) index = place;
        ++place;
        element values;
        if (item["embedding"].get(values) != simdjson::SUCCESS) return not_embeddings("\"embedding\" is missing");
        if (index >= texts || rows[index]) {
            return not_embeddings("index " + std::to_string(index) + " comes twice or beyond the texts");
        }
        rows[index] = values;
    }
    std::vector<element> all;
    for (const auto& row : rows) {
        if (row) all.push_back(*row);
    }
    return all;
}

Result<std::vector<element>> rows_of(const Location& location, element root, std::size_t texts) {
    const Api api = *location.api;
    if (api == Api::openai || api == Api::llama) return openai_rows(root, texts);
    simdjson::dom::array array;
    const auto found = api == Api::ollama ? root["embeddings"].get(array) : root.get(array);
    if (found != simdjson::SUCCESS) return not_embeddings("there is no array of vectors");
    return std::vector<element>(array.begin(), array.end());
}

}  // namespace

EmbedCall embed_call(const Location& location, std::span<const Prefixed> texts) {
    const Api api = *location.api;
    JsonWriter json;
    json.begin_object();
    if (api != Api::tei && !location.model.empty()) json.field("model", location.model);
    json.key(api == Api::tei ? "inputs" : "input").begin_array();
    std::string whole;
    for (const Prefixed& text : texts) {
        whole.assign(text.prefix).append(text.text);
        json.value(whole);
    }
    json.end_array();
    if (api == Api::openai || api == Api::llama) json.field("encoding_format", "float");
    if (api == Api::tei) json.field("normalize", true);
    if (api == Api::tei || api == Api::ollama) json.field("truncate", false);
    if (location.dimensions > 0) json.field("dimensions", location.dimensions);
    json.end_object();
    const std::string_view path = api == Api::tei ? "/embed" : api == Api::ollama ? "/api/embed" : "/embeddings";
    return {location.base + std::string(path), std::move(json).text()};
}

Result<std::vector<Vector>> parse_vectors(const Location& location, std::string_view body, std::size_t texts) {
    simdjson::dom::parser parser;
    element root;
    if (parser.parse(body.data(), body.size()).get(root) != simdjson::SUCCESS) return not_embeddings("it is no JSON");
    ARCHAEO_ASSIGN(const auto rows, rows_of(location, root, texts));
    if (rows.size() != texts) {
        return not_embeddings("it has " + std::to_string(rows.size()) + " vectors for " + std::to_string(texts) +
                              " texts");
    }
    std::vector<Vector> vectors;
    vectors.reserve(rows.size());
    for (const element row : rows) {
        ARCHAEO_ASSIGN(auto vector, vector_of(location, row, vectors.size()));
        vectors.push_back(std::move(vector));
    }
    return vectors;
}

Refusal judge(const net::Response& response) {
    const std::string words = server_words(response.body);
    const std::string said = lower(response.body.substr(0, 4'096));
    Refusal refusal{RefusalKind::outage, net::error_of(response, words), is_about_length(said), {}};
    Error& error = refusal.error;
    const int status = response.status;
    const bool is_quota = said.find("insufficient_quota") != std::string::npos;
    const bool is_halving = status == 413 || status == 422 || status == 400 || (status == 500 && is_about_length(said));
    if (status == 429 && !is_quota) {
        refusal.kind = RefusalKind::busy;
    } else if (status == 401 || status == 403 || status == 429 || status == 404 || status == 405 || status < 400 ||
               (status == 400 && is_about_model(said))) {
        refusal.kind = RefusalKind::settings;
        error.code = Code::unavailable;
    } else if (is_halving) {
        refusal.kind = RefusalKind::too_much;
        refusal.batch_texts = batch_texts_of(said);
        if (refusal.batch_texts) refusal.is_about_tokens = false;
        error.code = refusal.is_about_tokens || status == 413 ? Code::too_large : Code::invalid_argument;
    } else if (status >= 500 || status == 408 || status == 424 || status == 425) {
        error.code = Code::unavailable;
    } else {
        refusal.kind = RefusalKind::bad_text;
    }
    return refusal;
}

std::string server_words(std::string_view body) {
    simdjson::dom::parser parser;
    element root;
    std::string_view found = body;
    if (parser.parse(body.data(), body.size()).get(root) == simdjson::SUCCESS && root.is_object()) {
        const auto take = [&found](simdjson::simdjson_result<element> at) {
            return at.get(found) == simdjson::SUCCESS;
        };
        // The first shape that fits.
        static_cast<void>(take(root["error"]["message"]) || take(root["error"]) || take(root["message"]) ||
                          take(root["detail"]));
    }
    std::string words;
    for (const char c : found.substr(0, words_bytes_max)) words += static_cast<unsigned char>(c) < 0x20 ? ' ' : c;
    return words;
}

}  // namespace archaeologist::embed
