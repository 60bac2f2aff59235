// Turns text into vectors. A program may bring its own.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist {

// Row-major; every row is L2-normalised.
struct FloatMatrix {
    std::size_t rows = 0;
    std::size_t columns = 0;
    std::vector<float> values;

    [[nodiscard]] std::span<const float> row(std::size_t index) const {
        return std::span(values).subspan(index * columns, columns);
    }
};

enum class TextRole { document, query };

// Thread-safe.
class Embedder {
public:
    virtual ~Embedder() = default;
    [[nodiscard]] virtual std::size_t dimension() const = 0;
    // Names model, dimension and prefixes: vectors of different ids are never compared.
    [[nodiscard]] virtual std::string model_id() const = 0;
    // The longest text it takes whole.
    [[nodiscard]] virtual std::size_t max_tokens() const = 0;
    // Whether nearness means meaning (a trained model) or only shared word forms (hashing).
    [[nodiscard]] virtual bool matches_meaning() const = 0;
    // How much a semantic score counts in a hybrid search, 0 to 1.
    [[nodiscard]] virtual double hybrid_weight() const = 0;
    // One row a text, in order. A text without any word gives a zero row. Errors: unavailable, rate_limited, too_large.
    [[nodiscard]] virtual Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole role) = 0;
};

// "builtin-hash-1": feature hashing of the analyzer's words (Weinberger et al. 2009), 384 dimensions, no server, no
// download. It matches word forms, not meanings.
[[nodiscard]] std::shared_ptr<Embedder> make_builtin_embedder();

}  // namespace archaeologist
