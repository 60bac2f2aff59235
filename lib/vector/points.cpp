#include "vector/points.hpp"

#include <algorithm>
#include <cmath>

#include "base/utf8.hpp"
#include "text/outline/marks.hpp"
#include "vector/headings.hpp"
#include "vector/symbol.hpp"

namespace archaeologist {
namespace {

Error refused(const std::string& what) { return {Code::invalid_argument, "vector store: " + what}; }

std::string name_of(const Document& document, const Point& point) {
    return "source " + std::to_string(to_integer(document.source_id)) + ", point " + std::to_string(point.ordinal);
}

std::string range_text(const ByteRange& range) {
    return "[" + std::to_string(range.begin) + ", " + std::to_string(range.end) + ")";
}

Status validate_vector(const std::vector<float>& vector, std::size_t dimension, const std::string& whose) {
    if (vector.size() != dimension) {
        return refused(whose + ": the vector has " + std::to_string(vector.size()) + " dimensions, must have " +
                       std::to_string(dimension));
    }
    for (std::size_t i = 0; i < vector.size(); ++i) {
        if (!std::isfinite(vector[i])) {
            return refused(whose + ": dimension " + std::to_string(i) + " of the vector is not a finite number");
        }
    }
    return {};
}

bool begins_character(std::string_view text, std::size_t at) {
    return at == text.size() || (static_cast<unsigned char>(text[at]) & 0xC0) != 0x80;
}

Status validate_headings(const Document& document, const Point& point) {
    std::size_t bytes = 0;
    bool is_text = true;
    bool is_ordered = point.headings.empty() || point.headings.front().begin == point.core.begin;
    for (std::size_t i = 0; i < point.headings.size(); ++i) {
        const Heading& part = point.headings[i];
        bytes += part.text.size();
        is_text = is_text && is_valid_utf8(part.text) && part.text.find('\n') == std::string::npos;
        is_ordered = is_ordered && part.begin < point.core.end && (i == 0 || point.headings[i - 1].begin < part.begin);
    }
    if (point.headings.size() > headings_max || bytes > headings_bytes_max) {
        return refused(name_of(document, point) + ": " + std::to_string(point.headings.size()) + " headings of " +
                       std::to_string(bytes) + " bytes, must be at most " + std::to_string(headings_max) + " of " +
                       std::to_string(headings_bytes_max));
    }
    if (!is_ordered) {
        return refused(name_of(document, point) + ": headings must begin one behind the other within the core " +
                       range_text(point.core) + ", the first where it begins");
    }
    if (!is_text) return refused(name_of(document, point) + ": headings must be valid UTF-8 without newlines");
    return {};
}

Status validate_point(const Document& document, const Point& point, std::size_t dimension) {
    const auto name = [&] { return name_of(document, point); };
    const bool contains = point.context.begin <= point.core.begin && point.core.begin < point.core.end &&
                          point.core.end == point.context.end;
    if (!contains) {
        return refused(name() + ": core " + range_text(point.core) + " and context " + range_text(point.context) +
                       " must end together, the core not empty and within the context");
    }
    if (point.text.size() != point.context.size()) {
        return refused(name() + ": the text has " + std::to_string(point.text.size()) + " bytes, its context " +
                       std::to_string(point.context.size()));
    }
    if (point.text.size() > point_text_bytes_max) {
        return refused(name() + ": the text has " + std::to_string(point.text.size()) + " bytes, must be at most " +
                       std::to_string(point_text_bytes_max));
    }
    if (point.heading.size() > heading_bytes_max) {
        return refused(name() + ": the heading has " + std::to_string(point.heading.size()) +
                       " bytes, must be at most " + std::to_string(heading_bytes_max));
    }
    ARCHAEO_TRY(validate_headings(document, point));
    const bool is_text = is_valid_utf8(point.text) && is_valid_utf8(point.heading) &&
                         begins_character(point.text, static_cast<std::size_t>(point.core.begin - point.context.begin));
    if (!is_text) return refused(name() + ": text and heading must be valid UTF-8, also where the core begins");
    if (point.lines.first < 1 || point.lines.last < point.lines.first) {
        return refused(name() + ": lines " + std::to_string(point.lines.first) + " to " +
                       std::to_string(point.lines.last) + " must begin at 1 or later and not run backwards");
    }
    return validate_vector(point.dense, dimension, name());
}

Status validate_glob(const std::string& glob) {
    if (glob.size() <= glob_bytes_max) return {};
    return refused("the path glob has " + std::to_string(glob.size()) + " bytes, must have at most " +
                   std::to_string(glob_bytes_max));
}

Status validate_filter(const VectorFilter& filter) {
    for (const std::string& glob : filter.paths) ARCHAEO_TRY(validate_glob(glob));
    for (const std::string& glob : filter.not_paths) ARCHAEO_TRY(validate_glob(glob));
    return validate_glob(filter.path_glob);
}

}  // namespace

Status validate_points(const Document& document, std::span<const Point> points, std::size_t dimension) {
    if (points.size() > points_a_call_max) {
        return refused(std::to_string(points.size()) + " points in one call, must be at most " +
                       std::to_string(points_a_call_max));
    }
    if (document.source_name.size() > source_name_bytes_max || !is_valid_utf8(document.source_name)) {
        return refused("source " + std::to_string(to_integer(document.source_id)) + ": the name has " +
                       std::to_string(document.source_name.size()) + " bytes, must be valid UTF-8 of at most " +
                       std::to_string(source_name_bytes_max));
    }
    for (std::size_t i = 0; i < points.size(); ++i) {
        const Point& point = points[i];
        ARCHAEO_TRY(validate_point(document, point, dimension));
        const bool is_first = point.ordinal == 0;
        if (is_first != (point.core.begin == 0)) {
            return refused(name_of(document, point) + ": the core begins at " + std::to_string(point.core.begin) +
                           "; point 0, and no other, begins at 0");
        }
        if (i == 0) continue;
        const Point& before = points[i - 1];
        if (point.ordinal != before.ordinal + 1 || point.core.begin != before.core.end) {
            return refused(name_of(document, point) + " at " + std::to_string(point.core.begin) + " follows point " +
                           std::to_string(before.ordinal) + ", which ends at " + std::to_string(before.core.end) +
                           "; points come in order and their cores tile the text");
        }
    }
    return {};
}

Error points_out_of_order(const Document& document, const Point& first, std::uint64_t stored_points,
                          std::uint64_t stored_bytes) {
    return refused(name_of(document, first) + " begins at " + std::to_string(first.core.begin) + "; " +
                   std::to_string(stored_points) + " points are stored, which end at " + std::to_string(stored_bytes) +
                   ": points come in order and their cores tile the text");
}

std::uint64_t contexts_begin(std::span<const Point> points) {
    std::uint64_t begin = points.front().core.begin;
    for (const Point& point : points) begin = std::min(begin, point.context.begin);
    return begin;
}

Status validate_contexts(const Document& document, std::span<const Point> points, std::string_view before) {
    const std::uint64_t begin = points.front().core.begin - before.size();
    std::string text(before);
    for (const Point& point : points) {
        const auto overlap_bytes = static_cast<std::size_t>(point.core.begin - point.context.begin);
        const auto expected = std::string_view(text).substr(static_cast<std::size_t>(point.context.begin - begin));
        if (point.text.substr(0, overlap_bytes) != expected) {
            return refused(name_of(document, point) + ": the context's first " + std::to_string(overlap_bytes) +
                           " bytes are not those of the text before the core");
        }
        text += core_text(point);
    }
    return {};
}

std::string header_text(std::string_view source_name, std::string_view heading, std::span<const Heading> headings) {
    std::string header(source_name);
    header += '\n';
    header += heading;
    for (const Heading& part : headings) {
        if (part.text.empty() || part.text == heading) continue;
        header += '\n';
        header += last_part_of_symbol(part.text);
    }
    return header;
}

Status validate_query(const VectorQuery& query, std::size_t dimension) {
    const bool asks_for_words = !query.words.empty() || !query.prefixes.empty();
    if (asks_for_words != query.dense.empty()) {
        return refused("a query asks for words or for a vector, and for exactly one of them");
    }
    if (query.words.size() > query_words_bytes_max) {
        return refused("the query has " + std::to_string(query.words.size()) + " bytes of words, must have at most " +
                       std::to_string(query_words_bytes_max));
    }
    if (query.limit < 1 || query.limit > query_limit_max) {
        return refused("limit is " + std::to_string(query.limit) + ", must be 1 to " + std::to_string(query_limit_max));
    }
    if (query.offset > query_offset_max) {
        return refused("offset is " + std::to_string(query.offset) + ", must be at most " +
                       std::to_string(query_offset_max));
    }
    ARCHAEO_TRY(validate_filter(query.filter));
    if (query.dense.empty()) return {};
    return validate_vector(query.dense, dimension, "query");
}

Status validate_literal(const LiteralQuery& query) {
    if (query.text.empty() || query.text.size() > literal_bytes_max) {
        return refused("the literal has " + std::to_string(query.text.size()) + " bytes, must have 1 to " +
                       std::to_string(literal_bytes_max));
    }
    if (!is_valid_utf8(query.text)) return refused("the literal must be valid UTF-8");
    if (query.limit < 1 || query.limit > query_limit_max) {
        return refused("limit is " + std::to_string(query.limit) + ", must be 1 to " + std::to_string(query_limit_max));
    }
    return validate_filter(query.filter);
}

Status validate_generations_limit(std::size_t limit) {
    if (limit >= 1 && limit <= generations_limit_max) return {};
    return refused("limit is " + std::to_string(limit) + ", must be 1 to " + std::to_string(generations_limit_max));
}

Status validate_chunks_limit(std::size_t limit) {
    if (limit >= 1 && limit <= query_limit_max) return {};
    return refused("limit is " + std::to_string(limit) + ", must be 1 to " + std::to_string(query_limit_max));
}

Result<TermCounts> VectorStore::count_terms(ProjectId, std::span<const std::string>) { return TermCounts(); }

Result<std::vector<std::string>> VectorStore::languages(ProjectId) { return std::vector<std::string>(); }

PointId point_id(const Document& document, std::uint32_t ordinal) {
    // "archaeologist.point" made into a name space of its own by version 5 under the nil UUID.
    static const Uuid space = Uuid::v5(Uuid{}, "archaeologist.point");
    std::string name = std::to_string(to_integer(document.project_id)) + "/" +
                       std::to_string(to_integer(document.source_id)) + "/" + document.generation.text() + "/" +
                       std::to_string(ordinal);
    return PointId(Uuid::v5(space, name));
}

}  // namespace archaeologist
