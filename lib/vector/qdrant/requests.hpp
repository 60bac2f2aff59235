// Bodies of requests. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "text/analyzer.hpp"
#include "vector/qdrant/payload.hpp"

namespace archaeologist::qdrant {

inline constexpr std::size_t body_bytes_max = 16 << 20;  // Qdrant refuses more than 32 MiB
inline constexpr std::size_t body_points_max = 128;

using Keys = std::span<const std::string_view>;

// Conditions that must all hold; {"must":[…]} once written.
class Filter {
public:
    explicit Filter(ProjectId project);

    Filter& source(SourceId source);
    Filter& generation(const GenerationId& generation);
    Filter& sources(std::span<const SourceId> sources);
    // All but the glob.
    Filter& admitted_by(const VectorFilter& filter);
    Filter& ordinal(std::uint32_t ordinal);
    Filter& ordinals(std::uint64_t begin, std::uint64_t end);  // end is not among them
    // All of these.
    Filter& has_grams(std::string_view grams);
    // Stored by a version that made none.
    Filter& has_no_grams();

    [[nodiscard]] std::string text() const { return "{\"must\":[" + conditions_ + "]}"; }

private:
    template <class Value>
    void add_match(std::string_view key, std::string_view kind, const Value& value);
    void add(std::string_view condition);

    std::string conditions_;
};

enum class Vectors { left_out, dense };

// Reads pages of points in the order of their ids.
struct Scroll {
    std::size_t limit = 256;
    std::optional<SourceId> from_source{};  // in the order of sources instead, from that one on
    std::string offset{};                   // JSON: what the page before named as next_page_offset
    Vectors vectors = Vectors::left_out;
};
[[nodiscard]] std::string scroll_body(const Filter& filter, const Scroll& scroll, Keys keys);
[[nodiscard]] std::string count_body(const Filter& filter);
[[nodiscard]] std::string delete_body(const Filter& filter);
[[nodiscard]] std::string retrieve_body(std::span<const PointId> ids, Keys keys);

struct Nearest {
    std::string query;          // JSON: a vector, dense or sparse
    std::string_view using_{};  // its name
    std::size_t limit = 0;
};
// Words count by how rare they are in the project.
[[nodiscard]] std::string query_body(const Filter& filter, const Filter& project, const Nearest& nearest, Keys keys);

// {"points":[…]} of the first points, as many as one body may have; at least one.
struct UpsertBody {
    std::string json;
    std::size_t points = 0;
};
// A point to be stored, and the end of the text before its core (see grams_of_core).
struct Placed {
    const Point* point = nullptr;
    std::string before;
};
[[nodiscard]] UpsertBody upsert_body(Analyzer& analyzer, const Document& document, std::span<const Placed> points);

}  // namespace archaeologist::qdrant
