#include "vector/qdrant/requests.hpp"

#include "vector/headings.hpp"
#include "vector/points.hpp"
#include "vector/qdrant/grams.hpp"

namespace archaeologist::qdrant {
namespace {

// What a number of a vector takes, at most and with its comma.
constexpr std::size_t number_bytes = 12;

void write_keys(JsonWriter& json, Keys keys) {
    json.key("with_payload").begin_array();
    for (const std::string_view key : keys) json.value(key);
    json.end_array();
}

std::string tenant(ProjectId project) { return std::to_string(to_integer(project)); }

std::string list_of(std::span<const SourceId> sources) {
    JsonWriter json;
    json.begin_array();
    for (const SourceId source : sources) json.value(to_integer(source));
    json.end_array();
    return std::move(json).text();
}

std::string list_of(std::span<const std::string> texts) {
    JsonWriter json;
    json.begin_array();
    for (const std::string& text : texts) json.value(text);
    json.end_array();
    return std::move(json).text();
}

std::string payload_of(const Document& document, const Placed& placed) {
    const Point& point = *placed.point;
    JsonWriter json;
    json.begin_object()
        .field(key::project, tenant(document.project_id))
        .field(key::source, to_integer(document.source_id))
        .field(key::generation, document.generation.text())
        .field(key::ordinal, point.ordinal)
        .field(key::path, document.source_name)
        .field(key::file_type, document.file_type)
        .field(key::language, document.language)
        .field(key::core_begin, point.core.begin)
        .field(key::core_end, point.core.end)
        .field(key::context_begin, point.context.begin)
        .field(key::line_first, point.lines.first)
        .field(key::line_last, point.lines.last)
        .field(key::heading, point.heading)
        .field(key::digest, digest_of(point))
        .field(key::text, core_text(point))
        .field(key::grams, grams_of_core(placed.before, core_text(point)));
    if (!point.headings.empty()) json.field(key::headings, packed_headings(point.headings, point.core.begin));
    json.end_object();
    return std::move(json).text();
}

void append_point(std::string& out, Analyzer& analyzer, const Document& document, const Placed& placed) {
    const Point& point = *placed.point;
    out += "{\"id\":\"";
    out += point_id(document, point.ordinal).text();
    out += "\",\"vector\":{";
    if (const auto unit = unit_vector(point.dense); !unit.empty()) {
        out += "\"dense\":";
        append_numbers(out, unit);
        out += ',';
    }
    out += "\"bm25\":";
    append_sparse(out, document_terms(analyzer, header_text(document.source_name, point.heading, point.headings),
                                      point.text, stemming_of(document.language)));
    out += "},\"payload\":";
    out += payload_of(document, placed);
    out += '}';
}

}  // namespace

void Filter::add(std::string_view condition) {
    if (!conditions_.empty()) conditions_ += ',';
    conditions_ += condition;
}

template <class Value>
void Filter::add_match(std::string_view key, std::string_view kind, const Value& value) {
    JsonWriter json;
    json.begin_object().field("key", key).key("match").begin_object().field(kind, value).end_object().end_object();
    add(json.text());
}

Filter::Filter(ProjectId project) { add_match(key::project, "value", tenant(project)); }

Filter& Filter::source(SourceId source) {
    add_match(key::source, "value", to_integer(source));
    return *this;
}

Filter& Filter::generation(const GenerationId& generation) {
    add_match(key::generation, "value", generation.text());
    return *this;
}

Filter& Filter::sources(std::span<const SourceId> sources) {
    JsonWriter json;
    json.begin_object().field("key", key::source).key("match").begin_object().key("any").raw(list_of(sources));
    json.end_object().end_object();
    add(json.text());
    return *this;
}

Filter& Filter::admitted_by(const VectorFilter& filter) {
    const auto any = [this](std::string_view key, const std::vector<std::string>& texts) {
        if (texts.empty()) return;
        JsonWriter json;
        json.begin_object().field("key", key).key("match").begin_object().key("any").raw(list_of(texts));
        json.end_object().end_object();
        add(json.text());
    };
    if (!filter.sources.empty()) sources(filter.sources);
    any(key::language, filter.languages);
    any(key::file_type, filter.file_types);
    return *this;
}

Filter& Filter::ordinal(std::uint32_t ordinal) {
    add_match(key::ordinal, "value", ordinal);
    return *this;
}

Filter& Filter::ordinals(std::uint64_t begin, std::uint64_t end) {
    JsonWriter json;
    json.begin_object().field("key", key::ordinal).key("range").begin_object();
    json.field("gte", begin).field("lt", end).end_object().end_object();
    add(json.text());
    return *this;
}

Filter& Filter::has_grams(std::string_view grams) {
    add_match(key::grams, "text", grams);
    return *this;
}

Filter& Filter::has_no_grams() {
    JsonWriter json;
    json.begin_object().key("is_empty").begin_object().field("key", key::grams).end_object().end_object();
    add(json.text());
    return *this;
}

std::string scroll_body(const Filter& filter, const Scroll& scroll, Keys keys) {
    JsonWriter json;
    json.begin_object().key("filter").raw(filter.text()).field("limit", scroll.limit);
    if (scroll.from_source) {
        json.key("order_by").begin_object().field("key", key::source).field("direction", "asc");
        json.field("start_from", to_integer(*scroll.from_source)).end_object();
    }
    if (!scroll.offset.empty()) json.key("offset").raw(scroll.offset);
    write_keys(json, keys);
    json.key("with_vector");
    if (scroll.vectors == Vectors::dense) {
        json.begin_array().value(dense_vector).end_array();
    } else {
        json.value(false);
    }
    json.end_object();
    return std::move(json).text();
}

std::string count_body(const Filter& filter) {
    JsonWriter json;
    json.begin_object().key("filter").raw(filter.text()).field("exact", true).end_object();
    return std::move(json).text();
}

std::string delete_body(const Filter& filter) {
    JsonWriter json;
    json.begin_object().key("filter").raw(filter.text()).end_object();
    return std::move(json).text();
}

std::string retrieve_body(std::span<const PointId> ids, Keys keys) {
    JsonWriter json;
    json.begin_object().key("ids").begin_array();
    for (const PointId& id : ids) json.value(id.text());
    json.end_array();
    write_keys(json, keys);
    json.field("with_vector", false).end_object();
    return std::move(json).text();
}

std::string query_body(const Filter& filter, const Filter& project, const Nearest& nearest, Keys keys) {
    JsonWriter json;
    json.begin_object().key("query").raw(nearest.query).field("using", nearest.using_);
    json.key("filter").raw(filter.text()).field("limit", nearest.limit);
    if (nearest.using_ == sparse_vector) {
        json.key("params").begin_object().key("idf").begin_object().key("corpus").raw(project.text());
        json.end_object().end_object();
    }
    write_keys(json, keys);
    json.field("with_vector", false).end_object();
    return std::move(json).text();
}

UpsertBody upsert_body(Analyzer& analyzer, const Document& document, std::span<const Placed> points) {
    UpsertBody made;
    made.json = "{\"points\":[";
    std::string next;
    for (const Placed& placed : points) {
        if (made.points == body_points_max) break;
        next.clear();
        next.reserve(placed.point->dense.size() * number_bytes);
        append_point(next, analyzer, document, placed);
        if (made.points > 0 && made.json.size() + next.size() + 3 > body_bytes_max) break;
        if (made.points > 0) made.json += ',';
        made.json += next;
        ++made.points;
    }
    made.json += "]}";
    return made;
}

}  // namespace archaeologist::qdrant
