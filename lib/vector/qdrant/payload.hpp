// What a point's payload holds, and how it is read. Pure.
#pragma once

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/json.hpp"
#include "archaeologist/vector_store.hpp"
#include "vector/qdrant/sparse.hpp"

namespace archaeologist::qdrant {

// Members of the payload.
namespace key {
inline constexpr std::string_view project = "project";  // "7": the tenant
inline constexpr std::string_view source = "source";
inline constexpr std::string_view generation = "generation";
inline constexpr std::string_view ordinal = "ordinal";
inline constexpr std::string_view path = "path";  // the source's name
inline constexpr std::string_view file_type = "file_type";
inline constexpr std::string_view language = "language";
inline constexpr std::string_view core_begin = "core_begin";
inline constexpr std::string_view core_end = "core_end";
inline constexpr std::string_view context_begin = "context_begin";
inline constexpr std::string_view line_first = "line_first";
inline constexpr std::string_view line_last = "line_last";
inline constexpr std::string_view heading = "heading";
inline constexpr std::string_view headings = "headings";  // packed_headings(); missing where there are none
inline constexpr std::string_view text = "text";          // the core's
inline constexpr std::string_view digest = "digest";      // of all that makes a point another one
inline constexpr std::string_view grams = "grams";        // by which literals are narrowed down (qdrant/grams)
}  // namespace key

inline constexpr std::string_view dense_vector = "dense";
inline constexpr std::string_view sparse_vector = "bm25";

// Of a reply; what it was not asked for is empty.
struct Record {
    PointId id;
    double score = 0;
    SourceId source{};
    GenerationId generation;
    std::uint32_t ordinal = 0;
    ByteRange core;
    std::uint64_t context_begin = 0;
    LineRange lines{};
    std::string path;
    std::string file_type;
    std::string language;
    std::string heading;
    std::vector<Heading> headings;
    std::string text;
    std::string digest;
    std::vector<float> dense;
};

// A point or record of a reply. Errors: io_error.
[[nodiscard]] Result<Record> parse_record(simdjson::dom::element point);
[[nodiscard]] Result<std::vector<Record>> parse_records(simdjson::simdjson_result<simdjson::dom::element> points);

// Eight bytes in hexadecimal. Vectors that the embedded store cannot tell apart are one.
[[nodiscard]] std::string digest_of(const Point& point);

// Of length 1. Empty for a zero vector, of which there is no cosine.
[[nodiscard]] std::vector<float> unit_vector(std::span<const float> values);

// [0.5,-1.25e-3]
void append_numbers(std::string& out, std::span<const float> numbers);
void append_sparse(std::string& out, const SparseVector& vector);

}  // namespace archaeologist::qdrant
