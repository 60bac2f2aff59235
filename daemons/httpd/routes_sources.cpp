#include <charconv>

#include "host/http/problem.hpp"
#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::Route;
using host::Schema;

Result<HttpReply> list(Api& api, const Call& call) {
    SourceFilter filter;
    filter.project_id = project_of(call);
    filter.status = parse_source_status(call.text("status"));
    filter.page = call.integer("page");
    filter.per_page = call.integer("per_page");
    ARCHAEO_ASSIGN(const auto page, api.engine.sources(filter));
    return json_reply(200, to_json(page));
}

Result<HttpReply> get(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto source, source_of(api.engine, call));
    return json_reply(200, to_json(source));
}

Result<HttpReply> remove(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto source, source_of(api.engine, call));
    ARCHAEO_TRY(api.engine.delete_source(source.id));
    return no_content();
}

Result<HttpReply> set_metadata(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto source, source_of(api.engine, call));
    ARCHAEO_ASSIGN(const auto changed, api.engine.set_metadata(source.id, call.body().json("metadata").value_or("{}")));
    return json_reply(200, to_json(changed));
}

Result<HttpReply> reprocess(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto source, source_of(api.engine, call));
    const auto priority = parse_priority(call.body().text("priority").value_or("normal")).value_or(Priority::normal);
    ARCHAEO_ASSIGN(const auto upload, api.engine.reprocess(source.id, priority));
    JsonWriter json;
    json.begin_object().key("source").raw(to_json(upload.source));
    json.key("job");
    upload.job ? json.raw(to_json(*upload.job, api.engine.clock().now())) : json.null();
    json.end_object();
    HttpReply reply = json_reply(202, std::move(json).text());
    if (upload.job) reply.job_ids = {upload.job->id.text()};
    return reply;
}

Result<HttpReply> chunks(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto source, source_of(api.engine, call));
    ARCHAEO_ASSIGN(const auto page, api.engine.chunks(source.id, call.integer("page"), call.integer("per_page")));
    return json_reply(200, to_json(page));
}

// The name as RFC 8187 writes it: any name fits a header that way.
std::string disposition_of(const std::string& filename) {
    constexpr std::string_view plain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~";
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string text = "attachment; filename*=UTF-8''";
    for (const char c : filename.substr(filename.rfind('/') + 1)) {
        if (plain.find(c) != std::string_view::npos) {
            text += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            text.append("%").append(1, digits[byte >> 4]).append(1, digits[byte & 0xF]);
        }
    }
    return text;
}

// One range of bytes, if it is asked for and there; several, and malformed ones, mean the whole (RFC 9110, 14.2).
enum class RangeKind { whole, part, unsatisfiable };
RangeKind range_of(const std::string& header, std::uint64_t size, ByteRange& part) {
    part = {0, size};
    const auto parse = [](std::string_view text) -> std::optional<std::uint64_t> {
        std::uint64_t value = 0;
        const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
        if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) return std::nullopt;
        return value;
    };
    if (!header.starts_with("bytes=") || header.find(',') != std::string::npos) return RangeKind::whole;
    const std::string_view range = std::string_view(header).substr(6);
    const auto dash = range.find('-');
    if (dash == std::string_view::npos) return RangeKind::whole;
    const auto first = parse(range.substr(0, dash));
    const auto last = parse(range.substr(dash + 1));
    if (!first && !last) return RangeKind::whole;
    if (!first) {
        part.begin = size - std::min(*last, size);
        return *last == 0 || size == 0 ? RangeKind::unsatisfiable : RangeKind::part;
    }
    if (last && *last < *first) return RangeKind::whole;
    if (*first >= size) return RangeKind::unsatisfiable;
    part = {*first, last ? std::min(*last + 1, size) : size};
    return RangeKind::part;
}

Result<HttpReply> content(Api& api, const Call& call) {
    ARCHAEO_ASSIGN(const auto source, source_of(api.engine, call));
    const auto form = call.text("form") == "text" ? ContentForm::text : ContentForm::original;
    ARCHAEO_ASSIGN(std::shared_ptr<const Blob> blob, api.engine.content(source.id, form));
    HttpReply reply;
    const std::uint64_t size = blob->size();
    // Never a type that a browser would run or show as a page of this server.
    reply.content_type = form == ContentForm::text ? "text/plain; charset=utf-8" : "application/octet-stream";
    reply.headers.emplace_back("Content-Disposition", disposition_of(source.filename));
    reply.headers.emplace_back("Accept-Ranges", "bytes");
    const std::string all = '/' + std::to_string(size);
    const auto kind = range_of(call.request().header("range"), size, reply.part);
    if (kind == RangeKind::unsatisfiable) {
        auto refusal = host::problem(416, "invalid_argument",
                                     "Range is \"" + call.request().header("range") + "\", must begin within " +
                                         std::to_string(size) + " bytes");
        refusal.headers.emplace_back("Content-Range", "bytes *" + all);
        return refusal;
    }
    if (kind == RangeKind::part) {
        reply.status = 206;
        reply.headers.emplace_back("Content-Range", "bytes " + std::to_string(reply.part.begin) + '-' +
                                                        std::to_string(reply.part.end - 1) + all);
    }
    reply.blob = std::move(blob);
    return reply;
}

const char* const at_source = "/api/v1/projects/{project_id}/sources/{source_id}";

std::vector<Route> reading_routes(Api& api) {
    return {
        Route("GET", "/api/v1/projects/{project_id}/sources", "listSources", "sources", "A project's sources, by name")
            .part(project_id())
            .query(page_parameters())
            .query({{"status", Schema::choice({"pending", "searchable", "unsupported", "failed"}, "Only these")}})
            .replies(200, "A page of sources", "SourcePage")
            .by([&api](Call& call) { return list(api, call); }),
        Route("GET", at_source, "getSource", "sources", "One source")
            .part(project_id())
            .part(source_id())
            .replies(200, "The source", "Source")
            .by([&api](Call& call) { return get(api, call); }),
        Route("GET", std::string(at_source) + "/content", "getContent", "sources", "Its bytes, or its normalised text")
            .part(project_id())
            .part(source_id())
            .query(
                {{"form",
                  Schema::choice({"original", "text"}, "The latest upload's bytes, or the searchable version's text"),
                  "original"}})
            .header({"Range", Schema::text(1, 100, "bytes=FIRST-LAST")})
            .replies(200, "All of it", {}, "application/octet-stream")
            .replies(206, "The range", {}, "application/octet-stream")
            .replies(416, "The range begins behind the end")
            .by([&api](Call& call) { return content(api, call); }),
        Route("GET", std::string(at_source) + "/chunks", "listChunks", "sources",
              "The chunks that search sees, in order")
            .part(project_id())
            .part(source_id())
            .query(page_parameters())
            .replies(200, "A page of chunks", "ChunkPage")
            .by([&api](Call& call) { return chunks(api, call); }),
    };
}

}  // namespace

std::vector<Route> source_routes(Api& api) {
    auto routes = reading_routes(api);
    routes.push_back(Route("DELETE", at_source, "deleteSource", "sources", "Search and lists forget it")
                         .part(project_id())
                         .part(source_id())
                         .replies(204, "Gone")
                         .by([&api](Call& call) { return remove(api, call); }));
    routes.push_back(
        Route("PUT", std::string(at_source) + "/metadata", "setMetadata", "sources", "Replaces its metadata")
            .part(project_id())
            .part(source_id())
            .takes(Route::Body::json,
                   Schema::object({{"metadata", Schema::any_object("What it is from now on"), true}}))
            .replies(200, "The source", "Source")
            .by([&api](Call& call) { return set_metadata(api, call); }));
    routes.push_back(Route("POST", std::string(at_source) + "/reprocess", "reprocessSource", "sources",
                           "Processes its latest content once more")
                         .part(project_id())
                         .part(source_id())
                         .takes(Route::Body::optional_json, Schema::object({{"priority", priority_schema()}}))
                         .replies(202, "The source and its new job", "Reprocessed")
                         .by([&api](Call& call) { return reprocess(api, call); }));
    return routes;
}

}  // namespace archaeologist::httpd
