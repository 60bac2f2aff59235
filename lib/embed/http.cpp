#include "embed/http.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <vector>

#include <xxhash.h>

#include "embed/http/line.hpp"
#include "embed/http/models.hpp"
#include "embed/http/sender.hpp"
#include "text/characters.hpp"
#include "text/token_estimate.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;
using embed::Prefixed;
using embed::Vector;

constexpr double weight_in_hybrid = 0.5;  // the design's figure, until there is a measured one
constexpr std::size_t in_flight_by_default = 4;
constexpr embed::Patience of_documents{90s, 30s};
constexpr embed::Patience of_queries{10s, 2s};

struct Prefixes {
    std::string query;
    std::string document;
};

Prefixes prefixes_of(const embed::Location& location) {
    const auto facts = embed::known_model(location.model);
    return {location.query_prefix.value_or(std::string(facts.query_prefix)),
            location.document_prefix.value_or(std::string(facts.document_prefix))};
}

bool has_word(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        const auto character = character_at(text, at);
        if (begins_word(character.kind) || character.kind == CharacterKind::ideograph) return true;
        at += character.length;
    }
    return false;
}

class HttpEmbedder final : public Embedder {
public:
    HttpEmbedder(embed::Location location, HttpEmbedderTools tools)
        : model_id_(model_id_of(location)),
          prefixes_(prefixes_of(location)),
          log_(tools.log),
          cache_(std::move(tools.cache)),
          sender_(std::move(location), std::move(tools.api_key), std::move(tools.client), std::move(tools.log)),
          line_(in_flight(), sender_.caps(), [this](auto texts) { return sender_.send(texts, of_documents); }) {}
    ~HttpEmbedder() override { sender_.stop(); }
    HttpEmbedder(const HttpEmbedder&) = delete;
    HttpEmbedder& operator=(const HttpEmbedder&) = delete;

    [[nodiscard]] std::size_t dimension() const override { return sender_.location().size; }
    [[nodiscard]] std::string model_id() const override { return model_id_; }
    [[nodiscard]] std::size_t max_tokens() const override {
        const std::size_t prefix = tokens_of(estimate_quarters(prefixes_.document));
        const std::size_t whole = sender_.location().max_tokens;
        return whole > 2 * prefix ? whole - prefix : std::max<std::size_t>(whole / 2, 1);
    }
    [[nodiscard]] bool matches_meaning() const override { return true; }
    [[nodiscard]] double hybrid_weight() const override { return weight_in_hybrid; }
    [[nodiscard]] Status probe() override { return sender_.probe(); }

    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole role) override {
        return embed_until(texts, role, {});
    }

    [[nodiscard]] Result<FloatMatrix> embed_until(std::span<const std::string_view> texts, TextRole role,
                                                  const std::function<bool()>& is_stopped) override {
        FloatMatrix matrix{texts.size(), dimension(), std::vector<float>(texts.size() * dimension())};
        std::vector<std::size_t> rows;  // that are not there yet
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (has_word(texts[i])) rows.push_back(i);
        }
        const bool is_query = role == TextRole::query;
        if (cache_ != nullptr && !is_query) take_known(texts, rows, matrix);
        const std::string& prefix = is_query ? prefixes_.query : prefixes_.document;
        std::vector<Prefixed> sent;
        sent.reserve(rows.size());
        for (const std::size_t row : rows) sent.push_back({prefix, texts[row]});
        const auto vectors = is_query ? sender_.send(sent, of_queries) : line_.run(sent, is_stopped);
        // What was made stays, also where another text fails.
        if (cache_ != nullptr && !is_query) keep(sent, vectors);
        for (std::size_t i = 0; i < rows.size(); ++i) {
            if (!vectors[i]) return vectors[i].error();
            put(matrix, rows[i], *vectors[i]);
        }
        return matrix;
    }

private:
    [[nodiscard]] std::size_t in_flight() const {
        const std::size_t said = sender_.location().in_flight;
        return said > 0 ? said : in_flight_by_default;
    }

    static void put(FloatMatrix& matrix, std::size_t row, std::span<const float> vector) {
        std::copy(vector.begin(), vector.end(),
                  matrix.values.begin() + static_cast<std::ptrdiff_t>(row * matrix.columns));
    }

    // A cache that fails costs work, not the answer.
    void take_known(std::span<const std::string_view> texts, std::vector<std::size_t>& rows, FloatMatrix& matrix) {
        std::vector<std::string_view> asked;
        asked.reserve(rows.size());
        for (const std::size_t row : rows) asked.push_back(texts[row]);
        const auto known = cache_->get(model_id_, asked);
        if (!known) return log_(LogLevel::warning, "cache of embeddings: " + known.error().message);
        std::vector<std::size_t> missing;
        for (std::size_t i = 0; i < rows.size(); ++i) {
            const auto& vector = (*known)[i];
            if (vector.size() == matrix.columns) {
                put(matrix, rows[i], vector);
            } else {
                missing.push_back(rows[i]);
            }
        }
        rows = std::move(missing);
    }

    void keep(std::span<const Prefixed> texts, std::span<const Result<Vector>> vectors) {
        std::vector<embed::Kept> made;
        for (std::size_t i = 0; i < texts.size(); ++i) {
            if (vectors[i]) made.push_back({texts[i].text, *vectors[i]});
        }
        if (made.empty()) return;
        if (const Status kept = cache_->put(model_id_, made); !kept) {
            log_(LogLevel::warning, "cache of embeddings: " + kept.error().message);
        }
    }

    const std::string model_id_;
    const Prefixes prefixes_;
    const Logger log_;
    const std::shared_ptr<embed::VectorCache> cache_;  // null = none
    embed::Sender sender_;
    embed::Line line_;  // stops before what it sends with
};

}  // namespace

std::string model_id_of(const embed::Location& location) {
    const Prefixes prefixes = prefixes_of(location);
    std::string id = location.model + "/" + std::to_string(location.size);
    if (prefixes.query.empty() && prefixes.document.empty()) return id;
    const std::string both = prefixes.query + '\0' + prefixes.document;
    std::array<char, 17> hex{};
    std::snprintf(hex.data(), hex.size(), "%08llx",
                  static_cast<unsigned long long>(XXH3_64bits(both.data(), both.size()) & 0xFFFF'FFFFU));
    return id + "/" + hex.data();
}

std::shared_ptr<Embedder> make_http_embedder(embed::Location location, HttpEmbedderTools tools) {
    return std::make_shared<HttpEmbedder>(std::move(location), std::move(tools));
}

}  // namespace archaeologist
