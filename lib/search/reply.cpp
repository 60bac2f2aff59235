// Modes by name, and the reply as JSON.
#include <array>

#include "archaeologist/search.hpp"
#include "base/json.hpp"

namespace archaeologist {
namespace {

constexpr std::array<std::string_view, 4> mode_names{"hybrid", "words", "semantic", "literal"};

void write(JsonWriter& json, const ByteRange& range) {
    json.begin_array().value(range.begin).value(range.end).end_array();
}

void write(JsonWriter& json, const LineRange& range) {
    json.begin_array().value(range.first).value(range.last).end_array();
}

void write(JsonWriter& json, const Why& why) {
    json.begin_object().key("words").begin_array();
    for (const auto& word : why.words) json.value(word);
    json.end_array().field("literal", why.literal).field("similarity", why.similarity).end_object();
}

void write(JsonWriter& json, const Hit& hit) {
    json.begin_object().field("chunk_id", hit.chunk_id.text()).field("content", hit.content).field("score", hit.score);
    write(json.key("why"), hit.why);
    json.field("project_id", to_integer(hit.project_id))
        .field("source_id", to_integer(hit.source_id))
        .field("source_name", hit.source_name)
        .field("heading", hit.heading);
    write(json.key("byte_range"), hit.byte_range);
    write(json.key("line_range"), hit.line_range);
    json.key("highlights").begin_array();
    for (const auto& range : hit.highlights) write(json, range);
    json.end_array().key("also_in").begin_array();
    for (const auto& place : hit.also_in) {
        json.begin_object().field("source_id", to_integer(place.source_id)).field("source_name", place.source_name);
        write(json.key("line_range"), place.line_range);
        json.end_object();
    }
    json.end_array().end_object();
}

}  // namespace

std::string_view to_string(SearchMode mode) { return mode_names[static_cast<std::size_t>(mode)]; }

std::optional<SearchMode> parse_search_mode(std::string_view text) {
    for (std::size_t i = 0; i < mode_names.size(); ++i) {
        if (mode_names[i] == text) return static_cast<SearchMode>(i);
    }
    return std::nullopt;
}

std::string to_json(const SearchReply& reply) {
    JsonWriter json;
    json.begin_object().key("results").begin_array();
    for (const auto& hit : reply.results) write(json, hit);
    json.end_array()
        .field("total_found", reply.total_found)
        .field("query_time_ms", reply.query_time_ms)
        .field("query", reply.query)
        .field("mode", to_string(reply.mode));
    json.key("coverage")
        .begin_object()
        .field("sources", reply.coverage.sources)
        .field("searchable", reply.coverage.searchable)
        .field("pending", reply.coverage.pending)
        .field("failed", reply.coverage.failed)
        .field("unsupported", reply.coverage.unsupported)
        .field("replaced_bytes", reply.coverage.replaced_bytes)
        .end_object();
    json.field("note", reply.note).end_object();
    return std::move(json).text();
}

}  // namespace archaeologist
