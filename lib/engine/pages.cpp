// The JSON of lists and reports.
#include "archaeologist/engine.hpp"
#include "archaeologist/json.hpp"

namespace archaeologist {
namespace {

template <class Page>
void end_page(JsonWriter& json, const Page& page) {
    json.end_array()
        .field("total", page.total)
        .field("page", page.page)
        .field("per_page", page.per_page)
        .field("has_more", page.has_more)
        .end_object();
}

}  // namespace

std::string to_json(const JobPage& page, TimePoint now) {
    JsonWriter json;
    json.begin_object().key("jobs").begin_array();
    for (const Job& job : page.jobs) json.raw(to_json(job, now));
    end_page(json, page);
    return std::move(json).text();
}

std::string to_json(const SourcePage& page) {
    JsonWriter json;
    json.begin_object().key("sources").begin_array();
    for (const Source& source : page.sources) json.raw(to_json(source));
    end_page(json, page);
    return std::move(json).text();
}

std::string to_json(const ChunkPage& page) {
    JsonWriter json;
    json.begin_object().key("chunks").begin_array();
    for (const SourceChunk& chunk : page.chunks) {
        json.begin_object()
            .field("chunk_id", chunk.id.text())
            .field("ordinal", chunk.ordinal)
            .field("content", chunk.content)
            .field("heading", chunk.heading);
        json.key("byte_range").begin_array().value(chunk.byte_range.begin).value(chunk.byte_range.end).end_array();
        json.key("line_range").begin_array().value(chunk.line_range.first).value(chunk.line_range.last).end_array();
        json.end_object();
    }
    end_page(json, page);
    return std::move(json).text();
}

std::string to_json(const IngestReport& report) {
    JsonWriter json;
    json.begin_object()
        .field("project_id", to_integer(report.project_id))
        .field("files", report.files)
        .field("bytes", report.bytes)
        .field("unchanged", report.unchanged)
        .field("searchable", report.searchable)
        .field("skipped", report.skipped)
        .field("failed", report.failed)
        .field("pending", report.pending)
        .field("chunks", report.chunks);
    json.key("problems").begin_array();
    for (const IngestProblem& problem : report.problems) {
        json.begin_object().field("path", problem.path).field("error", problem.error.message);
        json.field("code", to_string(problem.error.code)).end_object();
    }
    json.end_array()
        .field("problem_count", report.problem_count)
        .field("seconds", report.seconds)
        .field("stopped", report.stopped)
        .end_object();
    return std::move(json).text();
}

}  // namespace archaeologist
