// Points made ready for the writer thread, which then only stores rows.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "vector/index_terms.hpp"
#include "vector/signature.hpp"
#include "vector/workspace.hpp"

namespace archaeologist {

struct PreparedPoint {
    const Point* point = nullptr;
    IndexTerms terms;
    std::vector<std::int8_t> vector;  // empty for a zero vector
};

struct PreparedSegment {
    std::uint64_t begin = 0;
    std::uint64_t size = 0;
    std::string frame;
    Signature signature;
};

struct PreparedPoints {
    std::vector<PreparedPoint> points;
    std::vector<PreparedSegment> segments;
    bool cuts_words = false;  // between these points; what stands before the first is not known here
};

// Whether a word goes on from one text to the next, as far as can be seen from them.
[[nodiscard]] bool cuts_word(std::string_view before, std::string_view after);

// The points are borrowed.
[[nodiscard]] Result<PreparedPoints> prepare(Workspace& workspace, const Document& document,
                                             std::span<const Point> points);

// What is stored of a vector: eight bits a dimension, nothing for zero.
[[nodiscard]] std::vector<std::int8_t> stored_vector(std::span<const float> dense);

[[nodiscard]] inline std::string_view bytes_of(std::span<const std::int8_t> vector) {
    return {reinterpret_cast<const char*>(vector.data()), vector.size()};
}

}  // namespace archaeologist
