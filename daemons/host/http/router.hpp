// The one table of what a program answers. It finds the handler of a request, checks parameters and body before the
// handler sees them, and is what /openapi.json is made from.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "host/http/json_document.hpp"
#include "host/http/message.hpp"
#include "host/http/schema.hpp"

namespace archaeologist::host {

// A request whose parameters and JSON body are as its route says.
class Call {
public:
    explicit Call(HttpRequest& request) : request_(request) {}

    [[nodiscard]] HttpRequest& request() const { return request_; }
    [[nodiscard]] const JsonDocument& body() const { return body_; }

    // A parameter of the path or the query, or its default; empty and 0 when it is not given and has none.
    [[nodiscard]] std::string text(std::string_view name) const;
    [[nodiscard]] std::int64_t integer(std::string_view name) const;
    [[nodiscard]] bool flag(std::string_view name) const { return text(name) == "true"; }
    [[nodiscard]] bool has(std::string_view name) const { return values_.contains(name); }
    [[nodiscard]] std::vector<std::string> texts(std::string_view name) const;

private:
    friend class Router;
    HttpRequest& request_;
    JsonDocument body_;
    std::multimap<std::string, std::string, std::less<>> values_;
};

struct Parameter {
    enum class Times : std::uint8_t { once, required, any };
    Parameter(std::string called, Schema is, std::string otherwise = {}, Times given = Times::once)
        : name(std::move(called)), schema(std::move(is)), fallback(std::move(otherwise)), times(given) {}

    std::string name;
    Schema schema;
    std::string fallback;  // when it is not given; empty = none
    Times times;
};

struct ReplyShape {
    int status = 200;
    std::string description;
    std::string component;  // of the schemas; empty = no JSON, or a Problem
    std::string content_type = "application/json";
};

// One operation. Made by its constructor and the calls below, in one expression.
struct Route {
    using Handler = std::function<Result<HttpReply>(Call&)>;
    enum class Body : std::uint8_t { none, json, optional_json, raw, multipart };

    // A path like "/jobs/{job_id}"; a last part "{name...}" takes the rest, slashes and all. The operation is its name
    // in /openapi.json, logs and metrics.
    Route(std::string with, std::string at, std::string called, std::string of, std::string does)
        : method(std::move(with)),
          path(std::move(at)),
          operation(std::move(called)),
          tag(std::move(of)),
          summary(std::move(does)) {}
    Route&& part(Parameter parameter) && { return in_path.push_back(std::move(parameter)), std::move(*this); }
    Route&& query(std::vector<Parameter> parameters) && {
        for (auto& parameter : parameters) in_query.push_back(std::move(parameter));
        return std::move(*this);
    }
    // Only described: handlers read them.
    Route&& header(Parameter parameter) && { return in_header.push_back(std::move(parameter)), std::move(*this); }
    // The schema of a multipart body is only described: its handler reads it as it comes.
    Route&& takes(Body kind, Schema schema = {}) && {
        body = kind;
        body_schema = std::move(schema);
        return std::move(*this);
    }
    // On success, and errors that not every route has.
    Route&& replies(int status, std::string description, std::string component = {},
                    std::string type = "application/json") && {
        shapes.push_back({status, std::move(description), std::move(component), std::move(type)});
        return std::move(*this);
    }
    Route&& by(Handler does) && { return handler = std::move(does), std::move(*this); }

    std::string method;
    std::string path;
    std::string operation;
    std::string tag;
    std::string summary;
    std::vector<Parameter> in_path;
    std::vector<Parameter> in_query;
    std::vector<Parameter> in_header;
    Body body = Body::none;
    Schema body_schema;
    std::vector<ReplyShape> shapes;
    Handler handler;
};

struct ApiDescription {
    std::string title;
    std::string description;
    std::string version;
    std::string components;  // a JSON object of schemas, Problem among them
};

// Thread-safe once made.
class Router {
public:
    Router(std::vector<Route> routes, std::size_t json_bytes_max);

    // Never fails: what is wrong becomes a reply.
    [[nodiscard]] HttpReply handle(HttpRequest& request) const;

private:
    struct Compiled {
        Route route;
        std::vector<std::string> parts;
    };
    using Values = std::multimap<std::string, std::string, std::less<>>;

    [[nodiscard]] static bool matches(const Compiled& compiled, const std::vector<std::string_view>& parts,
                                      Values& values);
    [[nodiscard]] HttpReply call(const Route& route, HttpRequest& request, Values values) const;
    [[nodiscard]] Result<HttpReply> checked_call(const Route& route, Call& call) const;
    [[nodiscard]] Result<std::string> read_json(HttpRequest& request) const;

    std::vector<Compiled> routes_;
    std::size_t json_bytes_max_;
};

// The OpenAPI 3.1 document of a table.
[[nodiscard]] std::string openapi_of(const std::vector<Route>& routes, const ApiDescription& api);

}  // namespace archaeologist::host
