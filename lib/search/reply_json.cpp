#include "archaeologist/json.hpp"
#include "archaeologist/search.hpp"

namespace archaeologist {
namespace {

template <class First, class Second>
void write_pair(JsonWriter& json, First first, Second second) {
    json.begin_array().value(first).value(second).end_array();
}

void write_why(JsonWriter& json, const Why& why) {
    json.begin_object().key("words").begin_array();
    for (const std::string& word : why.words) json.value(word);
    json.end_array().field("literal", why.literal).field("similarity", why.similarity).end_object();
}

void write_hit(JsonWriter& json, const Hit& hit) {
    json.begin_object();
    json.field("chunk_id", hit.chunk_id.text()).field("content", hit.content).field("score", hit.score);
    json.key("why");
    write_why(json, hit.why);
    json.field("project_id", to_integer(hit.project_id)).field("source_id", to_integer(hit.source_id));
    json.field("source_name", hit.source_name).field("heading", hit.heading);
    json.key("symbol");
    if (hit.symbol.empty()) {
        json.null();
    } else {
        json.value(hit.symbol);
    }
    json.field("location", hit.source_name + ":" + std::to_string(hit.line_range.first));
    json.key("byte_range");
    write_pair(json, hit.byte_range.begin, hit.byte_range.end);
    json.key("line_range");
    write_pair(json, hit.line_range.first, hit.line_range.last);
    json.key("highlights").begin_array();
    for (const ByteRange& range : hit.highlights) write_pair(json, range.begin, range.end);
    json.end_array().key("also_in").begin_array();
    for (const AlsoIn& other : hit.also_in) {
        json.begin_object().field("source_id", to_integer(other.source_id)).field("source_name", other.source_name);
        json.key("line_range");
        write_pair(json, other.line_range.first, other.line_range.last);
        json.end_object();
    }
    json.end_array();
    if (!hit.before.empty()) json.field("before", hit.before);
    if (!hit.after.empty()) json.field("after", hit.after);
    json.end_object();
}

}  // namespace

std::string to_json(const SearchReply& reply) {
    JsonWriter json;
    json.begin_object().key("results").begin_array();
    for (const Hit& hit : reply.results) write_hit(json, hit);
    json.end_array();
    json.field("total_found", reply.total_found).field("query_time_ms", reply.query_time_ms);
    json.field("query", reply.query).field("mode", to_string(reply.mode));
    const Coverage& coverage = reply.coverage;
    json.key("coverage").begin_object();
    json.field("sources", coverage.sources).field("searchable", coverage.searchable);
    json.field("pending", coverage.pending).field("failed", coverage.failed);
    json.field("unsupported", coverage.unsupported).field("replaced_bytes", coverage.replaced_bytes).end_object();
    if (!reply.note.empty()) json.field("note", reply.note);
    return json.end_object(), std::move(json).text();
}

}  // namespace archaeologist
