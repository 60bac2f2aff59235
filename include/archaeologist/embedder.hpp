// Turns text into vectors. A program may bring its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
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

// How many chunks are searched, and how many of them have each of some terms.
struct TermCounts {
    std::uint64_t chunks = 0;              // 0 = not known
    std::vector<std::uint64_t> with_term;  // in the order of the terms
};
// Of terms of the analyzer.
using CountTerms = std::function<Result<TermCounts>(std::span<const std::string> terms)>;

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
    // The same for work that may be stopped: `is_stopped` is asked now and then, and once it is true the call ends within a
    // second, with `cancelled`. An embedder that is quick need not have one of its own.
    [[nodiscard]] virtual Result<FloatMatrix> embed_until(std::span<const std::string_view> texts, TextRole role,
                                                          const std::function<bool()>& is_stopped) {
        static_cast<void>(is_stopped);
        return embed(texts, role);
    }
    // One query's row, for which it may ask how rare the query's words are. Search asks so where nearness means shared word
    // forms. Errors: those of embed and of count_terms.
    [[nodiscard]] virtual Result<FloatMatrix> embed_query(std::string_view text, const CountTerms& count_terms) {
        static_cast<void>(count_terms);
        return embed(std::span(&text, 1), TextRole::query);
    }
    // Whether it would answer now, as far as can be told at little cost; an error says what is wrong.
    [[nodiscard]] virtual Status probe() { return {}; }
};

// "builtin-hash-1": feature hashing of the analyzer's words (Weinberger et al. 2009), 384 dimensions, no server, no
// download. It matches word forms, not meanings. A query's words count by how rare they are in what is searched.
[[nodiscard]] std::shared_ptr<Embedder> make_builtin_embedder();

// Where vectors come from.
struct EmbedderConfig {
    // "builtin", or the URL of a server:
    //   http[s]://HOST[:PORT][/PATH][?model=NAME][&api=openai|ollama|tei|llama][&dimensions=N][&max_tokens=N]
    //   [&query_prefix=TEXT][&document_prefix=TEXT][&batch_texts=N][&batch_tokens=N][&in_flight=N]
    // `api` is found out unless it is said; for OpenAI's shape the path ends before /embeddings (https://api.openai.com/v1).
    // Empty = what the data folder used last, which is the built-in one at first.
    std::string url;
    std::string api_key;  // sent as a bearer token; empty = none
    std::string ca_file;  // PEM, instead of the system's authorities; empty = those
    std::string proxy;    // http://host:port; empty = none
    std::uint64_t cache_bytes_max = std::uint64_t{1}
                                    << 30;  // of vectors kept on disk, so that none is made twice; 0 = none
};

// Errors: invalid_argument.
[[nodiscard]] Status validate(const EmbedderConfig& config);

// As messages may show it: "built-in", or the model and where it is.
[[nodiscard]] std::string to_string(const EmbedderConfig& config);

}  // namespace archaeologist
