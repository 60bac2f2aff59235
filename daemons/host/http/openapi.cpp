// The OpenAPI 3.1 document of a route table.
#include <algorithm>
#include <map>
#include <set>

#include "host/http/problem.hpp"
#include "host/http/router.hpp"

namespace archaeologist::host {
namespace {

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(), [](char c) { return static_cast<char>(std::tolower(c)); });
    return text;
}

// "/files/{name...}" is "/files/{name}" there.
std::string documented_path(std::string path) {
    if (const auto dots = path.find("...}"); dots != std::string::npos) path.erase(dots, 3);
    return path;
}

void write_parameter(JsonWriter& json, const Parameter& parameter, std::string_view place) {
    json.begin_object().field("name", parameter.name).field("in", place);
    const bool required = place == "path" || parameter.times == Parameter::Times::required;
    json.field("required", required).field("description", parameter.schema.description).key("schema");
    Schema schema = parameter.schema;
    schema.description.clear();
    if (parameter.times == Parameter::Times::any) {
        json.begin_object().field("type", "array").key("items");
        write(json, schema);
        json.end_object();
    } else {
        write(json, schema);
    }
    json.end_object();
}

std::string_view type_of(Route::Body body) {
    switch (body) {
        case Route::Body::raw: return "application/octet-stream";
        case Route::Body::multipart: return "multipart/form-data";
        default: return "application/json";
    }
}

void write_body(JsonWriter& json, const Route& route) {
    if (route.body == Route::Body::none) return;
    json.key("requestBody").begin_object().field("required", route.body != Route::Body::optional_json);
    json.key("content").begin_object().key(type_of(route.body)).begin_object().key("schema");
    if (route.body == Route::Body::raw) {
        json.raw("{}");
    } else if (route.body == Route::Body::multipart) {
        Schema described = route.body_schema;
        // What a browser sends as parts; every part with a filename is a file.
        json.begin_object()
            .field("type", "object")
            .key("properties")
            .begin_object()
            .key("file")
            .raw(R"({"type":"array","items":{"type":"string","format":"binary"}})");
        for (const auto& member : described.members) {
            json.key(member.name);
            write(json, member.schema);
        }
        json.end_object().key("required").raw(R"(["file"])").end_object();
    } else {
        write(json, route.body_schema);
    }
    json.end_object().end_object().end_object();
}

void write_reply(JsonWriter& json, const ReplyShape& reply) {
    json.key(std::to_string(reply.status)).begin_object().field("description", reply.description);
    const bool is_problem = reply.status >= 400 && reply.component.empty();
    const std::string component = is_problem ? "Problem" : reply.component;
    const std::string type = is_problem ? "application/problem+json" : reply.content_type;
    const bool has_json = !component.empty();
    if (has_json || type != "application/json") {
        json.key("content").begin_object().key(type).begin_object().key("schema");
        has_json ? json.begin_object().field("$ref", "#/components/schemas/" + component).end_object() : json.raw("{}");
        json.end_object().end_object();
    }
    json.end_object();
}

// What each route's shape can lead to besides its own replies.
std::map<int, ReplyShape> replies_of(const Route& route) {
    std::map<int, ReplyShape> all;
    const auto add = [&](int status, std::string description) {
        all.emplace(status, ReplyShape{.status = status, .description = std::move(description), .component = {}});
    };
    for (const auto& reply : route.shapes) all.emplace(reply.status, reply);
    add(400, "Malformed");
    add(403, "A page of another origin asks, or this user may not");
    add(408, "The request did not come in time");
    add(414, "The first line is too long");
    add(431, "The head is too long");
    add(500, "The server's fault");
    add(503, "Too much to do, or stopping; Retry-After says when to come again");
    if (!route.in_path.empty() || !route.in_query.empty() || route.body != Route::Body::none)
        add(422, "A value breaks a rule");
    if (!route.in_query.empty() || route.body == Route::Body::none) add(422, "A parameter is unknown");
    if (!route.in_path.empty()) add(404, "There is none");
    if (route.body != Route::Body::none) {
        add(413, "Too large");
        add(415, "Of another type");
        add(507, "No room left");
    }
    return all;
}

void write_operation(JsonWriter& json, const Route& route) {
    json.begin_object().field("operationId", route.operation).field("summary", route.summary);
    json.key("tags").begin_array().value(route.tag).end_array().key("parameters").begin_array();
    for (const auto& parameter : route.in_path) write_parameter(json, parameter, "path");
    for (const auto& parameter : route.in_query) write_parameter(json, parameter, "query");
    for (const auto& parameter : route.in_header) write_parameter(json, parameter, "header");
    json.end_array();
    write_body(json, route);
    json.key("responses").begin_object();
    for (const auto& [status, reply] : replies_of(route)) write_reply(json, reply);
    json.end_object().end_object();
}

}  // namespace

std::string openapi_of(const std::vector<Route>& routes, const ApiDescription& api) {
    std::map<std::string, std::vector<const Route*>> by_path;
    for (const auto& route : routes) by_path[documented_path(route.path)].push_back(&route);
    JsonWriter json;
    json.begin_object().field("openapi", "3.1.0").key("info").begin_object();
    json.field("title", api.title).field("description", api.description).field("version", api.version).end_object();
    json.key("paths").begin_object();
    for (const auto& [path, of_path] : by_path) {
        json.key(path).begin_object();
        for (const auto* route : of_path) {
            json.key(lower_case(route->method));
            write_operation(json, *route);
        }
        json.end_object();
    }
    json.end_object().key("components").begin_object().key("schemas").raw(api.components).end_object().end_object();
    return std::move(json).text();
}

}  // namespace archaeologist::host
