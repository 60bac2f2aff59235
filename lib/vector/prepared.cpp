#include "vector/prepared.hpp"

#include <algorithm>

#include "text/characters.hpp"
#include "vector/int8_vector.hpp"
#include "vector/points.hpp"

namespace archaeologist {
namespace {

bool is_separator(std::string_view text, std::size_t at) {
    return character_at(text, at).kind == CharacterKind::separator;
}

std::size_t last_character(std::string_view text) {
    std::size_t at = text.size() - 1;
    while (at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
    return at;
}

Status add_segments(TextCodec& codec, std::span<const Point> points, PreparedPoints& prepared) {
    std::string text;
    std::uint64_t begin = points.front().core.begin;
    for (std::size_t i = 0; i < points.size(); ++i) {
        text += core_text(points[i]);
        if (text.size() < segment_bytes && i + 1 < points.size()) continue;
        ARCHAEO_ASSIGN(auto frame, codec.compress(text));
        prepared.segments.push_back({begin, text.size(), std::move(frame), make_signature(text)});
        begin += text.size();
        text.clear();
    }
    return {};
}

}  // namespace

bool cuts_word(std::string_view before, std::string_view after) {
    if (before.empty() || after.empty()) return false;
    return !is_separator(before, last_character(before)) && !is_separator(after, 0);
}

std::vector<std::int8_t> stored_vector(std::span<const float> dense) {
    std::vector<std::int8_t> vector = quantize(dense);
    if (std::all_of(vector.begin(), vector.end(), [](std::int8_t value) { return value == 0; })) vector.clear();
    return vector;
}

Result<PreparedPoints> prepare(Workspace& workspace, const Document& document, std::span<const Point> points) {
    PreparedPoints prepared;
    prepared.points.reserve(points.size());
    const NaturalLanguage language = stemming_of(document.language);
    std::string_view text_before;
    for (const Point& point : points) {
        const std::string header = header_text(document.source_name, point.heading, point.headings);
        prepared.points.push_back(
            {&point, make_index_terms(workspace.analyzer, header, point.text, language), stored_vector(point.dense)});
        prepared.cuts_words = prepared.cuts_words || cuts_word(text_before, core_text(point));
        text_before = point.text;
    }
    ARCHAEO_TRY(add_segments(workspace.codec, points, prepared));
    return prepared;
}

}  // namespace archaeologist
