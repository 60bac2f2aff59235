// What every vector store asks of what it is given: one set of rules and messages. Pure.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"
#include "archaeologist/vector_store.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {

inline constexpr std::size_t point_text_bytes_max = 1 << 20;
inline constexpr std::size_t heading_bytes_max = 4'096;
inline constexpr std::size_t source_name_bytes_max = 4'096;
inline constexpr std::size_t points_a_call_max = 65'536;
inline constexpr std::size_t query_limit_max = 10'000;
inline constexpr std::size_t query_offset_max = 1'000'000;
inline constexpr std::size_t query_words_bytes_max = 64 << 10;
inline constexpr std::size_t literal_bytes_max = 1'000;
inline constexpr std::size_t glob_bytes_max = 1'000;
inline constexpr std::size_t generations_limit_max = 100'000;

// Each point by itself, and that each follows the one before it. Whether the first follows what is stored is the store's.
[[nodiscard]] Status validate_points(const Document& document, std::span<const Point> points, std::size_t dimension);
[[nodiscard]] Status validate_query(const VectorQuery& query, std::size_t dimension);
[[nodiscard]] Status validate_literal(const LiteralQuery& query);
[[nodiscard]] Status validate_generations_limit(std::size_t limit);
[[nodiscard]] Status validate_chunks_limit(std::size_t limit);

// Points that leave a gap behind those stored, or do not begin where these end.
[[nodiscard]] Error points_out_of_order(const Document& document, const Point& first, std::uint64_t stored_points,
                                        std::uint64_t stored_bytes);

// Where the first context begins: what a store must read of the text before the points to check them.
[[nodiscard]] std::uint64_t contexts_begin(std::span<const Point> points);

// Whether contexts say the same as the cores before them. `before` is the document's text from contexts_begin() to the
// first core. A store that derives a context from the cores, as when it erases, relies on it.
[[nodiscard]] Status validate_contexts(const Document& document, std::span<const Point> points,
                                       std::string_view before);

// The part of the text that is the core.
[[nodiscard]] inline std::string_view core_text(const Point& point) {
    return point.text.substr(static_cast<std::size_t>(point.core.begin - point.context.begin));
}

// What is indexed beside the text: the words of where it stands, and the names of what its parts are, so that every symbol is
// found by its last word.
[[nodiscard]] std::string header_text(std::string_view source_name, std::string_view heading,
                                      std::span<const Heading> headings);

}  // namespace archaeologist
