#include "embed/http/sender.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>
#include <variant>

#include "text/token_estimate.hpp"

namespace archaeologist::embed {
namespace {

using std::chrono::milliseconds;

constexpr int busy_attempts_max = 8;
constexpr std::size_t split_bytes_min = 64;  // a server that refuses so little refuses the text, not its length
constexpr std::uint64_t reply_bytes_max = std::uint64_t{128} << 20;

// Of servers in the house, which have one or few machines, and of those that serve everybody.
constexpr std::size_t texts_at_home = 32;
constexpr std::size_t tokens_at_home = 16'000;
constexpr std::size_t texts_elsewhere = 128;
constexpr std::size_t tokens_elsewhere = 100'000;

std::size_t either(std::size_t said, std::size_t otherwise) { return said > 0 ? said : otherwise; }

Caps caps_of(const Location& location) {
    const bool is_elsewhere = location.api == Api::openai && location.base.starts_with("https://");
    return {either(location.batch_texts, is_elsewhere ? texts_elsewhere : texts_at_home),
            either(location.batch_tokens, is_elsewhere ? tokens_elsewhere : tokens_at_home)};
}

std::size_t tokens_of(std::span<const Prefixed> texts) {
    std::size_t quarters = 0;
    for (const Prefixed& text : texts) quarters += estimate_quarters(text.prefix) + estimate_quarters(text.text);
    return archaeologist::tokens_of(quarters);
}

// Near the middle, at a blank where there is one near, and between characters.
std::size_t middle_of(std::string_view text) {
    const std::size_t half = text.size() / 2;
    const std::size_t blank = text.find_first_of(" \t\n", half);
    std::size_t at = blank != std::string_view::npos && blank < half + text.size() / 4 ? blank + 1 : half;
    while (at > 0 && at < text.size() && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

// Where the server's own paths begin: the shape of OpenAI stands below /v1.
std::string root_of(const Location& location) {
    std::string root = location.base;
    if (location.api == Api::llama && root.ends_with("/v1")) root.resize(root.size() - 3);
    return root;
}

bool ends_a_batch(const Error& error) {
    return error.code == Code::unavailable || error.code == Code::rate_limited || error.code == Code::cancelled;
}

}  // namespace

std::vector<net::Header> headers_of(const std::string& api_key) {
    std::vector<net::Header> headers{{"Content-Type", "application/json"}};
    if (!api_key.empty()) headers.push_back({"Authorization", "Bearer " + api_key});
    return headers;
}

// Vectors, a refusal, or an error that ends the batch.
struct Sender::Attempt {
    std::variant<std::vector<Vector>, Refusal, Error> outcome;
};

Sender::Sender(Location location, std::string api_key, std::unique_ptr<net::Client> client, Logger log)
    : location_(std::move(location)),
      api_key_(std::move(api_key)),
      client_(std::move(client)),
      log_(std::move(log)),
      caps_(caps_of(location_)) {}

void Sender::stop() {
    pace_.stop();
    client_->stop();
}

// Some servers repeat the key that they refuse.
Error Sender::told(Error error) const {
    for (std::size_t at = 0; !api_key_.empty() && (at = error.message.find(api_key_, at)) != std::string::npos;) {
        error.message.replace(at, api_key_.size(), "…");
    }
    error.message = "embedder " + to_string(location_) + ": " + error.message;
    return error;
}

void Sender::note(const Error& error) {
    if (error.code == Code::cancelled) return;
    if (!pace_.outage()) log_(LogLevel::warning, error.message);
    pace_.note_outage(error);
}

Sender::Attempt Sender::attempt(std::span<const Prefixed> texts, const Patience& patience) {
    const EmbedCall call = embed_call(location_, texts);
    net::Request request{.method = net::Method::post, .url = call.url, .endpoint = "embed"};
    request.headers = headers_of(api_key_);
    request.body = call.body;
    request.response_bytes_max = reply_bytes_max;
    request.total_max = patience.request;
    // Pauses are kept by all callers together, and what is too long stays so.
    request.is_final = [](const net::Response& reply) {
        return reply.status == 429 || judge(reply).kind == RefusalKind::too_much;
    };
    for (int tried = 1;; ++tried) {
        if (auto entered = pace_.enter(patience.pause); !entered) return {entered.error()};
        const auto reply = client_->send(request);
        if (!reply) {
            const Error error = told(reply.error());
            note(error);
            return {error};
        }
        if (reply->is_success()) {
            auto vectors = parse_vectors(location_, reply->body, texts.size());
            if (vectors) {
                pace_.note_success();
                return {std::move(*vectors)};
            }
            const Error error = told(vectors.error());
            if (error.code == Code::unavailable) note(error);
            if (error.code == Code::io_error && texts.size() > 1) {
                return {Refusal{RefusalKind::bad_text, error, false, {}}};
            }
            return {error};
        }
        Refusal refusal = judge(*reply);
        refusal.error = told(std::move(refusal.error));
        if (refusal.kind == RefusalKind::busy) {
            std::optional<milliseconds> wanted;
            if (const auto text = reply->header("retry-after")) wanted = net::retry_after(*text, system_clock().now());
            pace_.note_busy(wanted);
            if (tried < busy_attempts_max) continue;
            return {refusal.error};
        }
        if (refusal.kind == RefusalKind::too_much || refusal.kind == RefusalKind::bad_text) {
            pace_.note_success();  // it answers
            return {std::move(refusal)};
        }
        note(refusal.error);
        return {refusal.error};
    }
}

std::vector<Result<Vector>> Sender::send(std::span<const Prefixed> texts, const Patience& patience) {
    std::vector<Result<Vector>> results(texts.size(), Error{Code::internal, "embedder: not sent"});
    send_all(texts, patience, results);
    return results;
}

Sender::Taken Sender::send_all(std::span<const Prefixed> texts, const Patience& patience,
                               std::span<Result<Vector>> results) {
    if (texts.empty()) return Taken::whole;
    if (texts.size() > caps_.texts()) {  // learned since the batch was made
        const std::size_t first = caps_.texts();
        const Taken taken = send_all(texts.first(first), patience, results.first(first));
        const Taken rest = send_all(texts.subspan(first), patience, results.subspan(first));
        return taken == Taken::whole ? rest : taken;
    }
    Attempt made = attempt(texts, patience);
    if (auto* vectors = std::get_if<std::vector<Vector>>(&made.outcome)) {
        for (std::size_t i = 0; i < texts.size(); ++i) results[i] = std::move((*vectors)[i]);
        return Taken::whole;
    }
    if (const auto* error = std::get_if<Error>(&made.outcome)) {
        for (auto& result : results) result = *error;
        return Taken::otherwise;
    }
    const auto& refusal = std::get<Refusal>(made.outcome);
    if (texts.size() > 1) return send_halves(texts, patience, results, refusal);
    results[0] = refusal.kind == RefusalKind::too_much ? send_pieces(texts[0], patience, refusal)
                                                       : Result<Vector>(refusal.error);
    return Taken::otherwise;
}

Sender::Taken Sender::send_halves(std::span<const Prefixed> texts, const Patience& patience,
                                  std::span<Result<Vector>> results, const Refusal& refusal) {
    if (refusal.batch_texts && *refusal.batch_texts < texts.size()) {
        caps_.lower_texts(*refusal.batch_texts);
        log_(LogLevel::info,
             "embedder " + to_string(location_) + ": takes " + std::to_string(caps_.texts()) + " texts a request");
        return send_all(texts, patience, results);
    }
    const std::size_t half = (texts.size() + 1) / 2;
    const Taken taken = send_all(texts.first(half), patience, results.first(half));
    if (!results[0] && ends_a_batch(results[0].error())) {
        for (auto& result : results) result = results[0].error();
        return Taken::otherwise;
    }
    const Taken rest = send_all(texts.subspan(half), patience, results.subspan(half));
    if (taken != Taken::whole || rest != Taken::whole) return Taken::otherwise;
    if (refusal.kind == RefusalKind::too_much && refusal.is_about_tokens) {
        caps_.lower_tokens(std::max(tokens_of(texts.first(half)), tokens_of(texts.subspan(half))));
    } else if (refusal.kind == RefusalKind::too_much) {
        caps_.lower_texts(half);
    }
    return Taken::whole;
}

// The mean of the halves' vectors, by their lengths: what models are said to do best with what they cannot read at once.
Result<Vector> Sender::send_pieces(const Prefixed& text, const Patience& patience, const Refusal& refusal) {
    const std::size_t middle = middle_of(text.text);
    const bool is_long = refusal.is_about_tokens || refusal.error.code == Code::too_large;
    if (text.text.size() < split_bytes_min || middle == 0 || !is_long) return refusal.error;
    const std::array pieces{Prefixed{text.prefix, text.text.substr(0, middle)},
                            Prefixed{text.prefix, text.text.substr(middle)}};
    Vector sum;
    for (const Prefixed& piece : pieces) {
        const auto vector = std::move(send(std::span(&piece, 1), patience).front());
        if (!vector) return vector.error();
        const auto weight = static_cast<float>(piece.text.size());
        sum.resize(vector->size());
        std::transform(vector->begin(), vector->end(), sum.begin(), sum.begin(),
                       [weight](float value, float so_far) { return so_far + weight * value; });
    }
    double squares = 0;
    for (const float value : sum) squares += static_cast<double>(value) * static_cast<double>(value);
    if (squares <= 0) return Error{Code::io_error, "embedder: the halves of a long text cancel each other out"};
    const auto norm = static_cast<float>(std::sqrt(squares));
    for (float& value : sum) value /= norm;
    return sum;
}

Status Sender::ask(std::string_view path) {
    const net::Request request{.url = root_of(location_) + std::string(path),
                               .endpoint = "embedder probe",
                               .headers = headers_of(api_key_),
                               .total_max = milliseconds{3'000}};
    const auto reply = client_->send(request);
    if (!reply) return told(reply.error());
    // A compatible server need not have the list of models.
    if (reply->is_success() || reply->status == 404 || reply->status == 405) return {};
    return told(judge(*reply).error);
}

Status Sender::probe() {
    if (pace_.outage()) {
        const Prefixed word{{}, "archaeologist"};
        auto result = std::move(send(std::span(&word, 1), {milliseconds{3'000}, milliseconds{0}}).front());
        if (!result) return std::move(result).error();
        return {};
    }
    switch (*location_.api) {
        case Api::tei:
        case Api::llama: return ask("/health");
        case Api::ollama: return ask("/api/version");
        case Api::openai: return ask("/models");
    }
    return {};
}

}  // namespace archaeologist::embed
