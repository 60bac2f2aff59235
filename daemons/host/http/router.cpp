#include "host/http/router.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "host/http/exchange.hpp"
#include "host/http/problem.hpp"

namespace archaeologist::host {
namespace {

std::vector<std::string_view> split(std::string_view path) {
    std::vector<std::string_view> parts;
    for (std::size_t begin = path.starts_with('/') ? 1 : 0; begin <= path.size();) {
        const std::size_t end = std::min(path.find('/', begin), path.size());
        parts.push_back(path.substr(begin, end - begin));
        begin = end + 1;
    }
    return parts;
}

bool is_rest(std::string_view part) { return part.ends_with("...}"); }

std::string_view name_of(std::string_view part) { return part.substr(1, part.size() - (is_rest(part) ? 5 : 2)); }

const Parameter* find_parameter(const std::vector<Parameter>& all, std::string_view name) {
    const auto found = std::find_if(all.begin(), all.end(), [&](const Parameter& one) { return one.name == name; });
    return found == all.end() ? nullptr : &*found;
}

std::string names_of(const std::vector<Parameter>& parameters) {
    std::string names;
    for (const auto& parameter : parameters) names += (names.empty() ? "" : ", ") + parameter.name;
    return names.empty() ? "none" : names;
}

Status check_query(const Route& route, const std::multimap<std::string, std::string>& query) {
    for (const auto& [name, value] : query) {
        const auto* parameter = find_parameter(route.in_query, name);
        if (parameter == nullptr) {
            return Error{Code::invalid_argument, "query parameter \"" + name.substr(0, 100) +
                                                     "\" is unknown, must be one of " + names_of(route.in_query)};
        }
        if (parameter->times != Parameter::Times::any && query.count(name) > 1) {
            return Error{Code::invalid_argument,
                         name + " is given " + std::to_string(query.count(name)) + " times, must be once"};
        }
        ARCHAEO_TRY(check_text(name, value, parameter->schema));
    }
    for (const auto& parameter : route.in_query) {
        if (parameter.times == Parameter::Times::required && !query.contains(parameter.name)) {
            return Error{Code::invalid_argument, parameter.name + " is missing, must be given"};
        }
    }
    return {};
}

HttpReply no_content() {
    HttpReply reply;
    reply.status = 204;
    return reply;
}

bool is_json_type(const std::string& content_type) {
    const auto type = content_type.substr(0, content_type.find(';'));
    return type == "application/json" || type == "application/json ";
}

}  // namespace

std::string Call::text(std::string_view name) const {
    const auto found = values_.find(name);
    return found == values_.end() ? std::string() : found->second;
}

std::int64_t Call::integer(std::string_view name) const {
    const auto value = text(name);
    std::int64_t number = 0;
    (void)std::from_chars(value.data(), value.data() + value.size(), number);
    return number;
}

std::vector<std::string> Call::texts(std::string_view name) const {
    std::vector<std::string> all;
    const auto [begin, end] = values_.equal_range(name);
    for (auto at = begin; at != end; ++at) all.push_back(at->second);
    return all;
}

Router::Router(std::vector<Route> routes, std::size_t json_bytes_max) : json_bytes_max_(json_bytes_max) {
    for (auto& route : routes) {
        std::vector<std::string> parts;
        for (const auto part : split(route.path)) parts.emplace_back(part);
        routes_.push_back({std::move(route), std::move(parts)});
    }
    // Fixed parts before parameters: /jobs/bulk is no job.
    std::stable_sort(routes_.begin(), routes_.end(), [](const Compiled& a, const Compiled& b) {
        const auto is_open = [](const std::string& part) { return part.starts_with('{'); };
        return std::lexicographical_compare(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(),
                                            [&](const auto& x, const auto& y) { return !is_open(x) && is_open(y); });
    });
}

bool Router::matches(const Compiled& compiled, const std::vector<std::string_view>& parts, Values& values) {
    values.clear();
    for (std::size_t i = 0; i < compiled.parts.size(); ++i) {
        const std::string_view wanted = compiled.parts[i];
        if (i >= parts.size()) return false;
        if (is_rest(wanted)) {
            const char* begin = parts[i].data();
            const char* end = parts.back().data() + parts.back().size();
            values.emplace(name_of(wanted), std::string(begin, end));
            return true;
        }
        if (wanted.starts_with('{')) {
            values.emplace(name_of(wanted), parts[i]);
        } else if (wanted != parts[i]) {
            return false;
        }
    }
    return parts.size() == compiled.parts.size();
}

HttpReply Router::handle(HttpRequest& request) const {
    const auto parts = split(request.path);
    Values values;
    std::set<std::string> methods;
    for (const auto& compiled : routes_) {
        if (compiled.route.method != request.method && methods.contains(compiled.route.method)) continue;
        if (!matches(compiled, parts, values)) continue;
        if (compiled.route.method == request.method) return call(compiled.route, request, std::move(values));
        methods.insert(compiled.route.method);
    }
    if (methods.empty()) {
        return problem(404, "not_found",
                       "\"" + request.path.substr(0, 200) + "\" is no path of this server; /openapi.json lists them");
    }
    std::string allowed = "OPTIONS";
    for (const auto& method : methods) allowed += ", " + method + (method == "GET" ? ", HEAD" : "");
    HttpReply reply =
        request.method == "OPTIONS"
            ? no_content()
            : problem(405, "method_not_allowed", request.method + " is not for this path, must be one of " + allowed);
    reply.headers.emplace_back("Allow", allowed);
    return reply;
}

HttpReply Router::call(const Route& route, HttpRequest& request, Values values) const {
    note_route(route.operation);
    Call call(request);
    call.values_ = std::move(values);
    auto reply = checked_call(route, call);
    if (reply) return std::move(reply).value();
    if (request.body->failure()) return problem(400, "malformed_request", request.body->failure()->message);
    return problem_of(reply.error());
}

Result<HttpReply> Router::checked_call(const Route& route, Call& call) const {
    for (const auto& parameter : route.in_path) {
        ARCHAEO_TRY(check_text(parameter.name, call.text(parameter.name), parameter.schema));
    }
    ARCHAEO_TRY(check_query(route, call.request().query));
    for (const auto& [name, value] : call.request().query) call.values_.emplace(name, value);
    for (const auto& parameter : route.in_query) {
        if (!parameter.fallback.empty() && !call.has(parameter.name))
            call.values_.emplace(parameter.name, parameter.fallback);
    }
    if (route.body == Route::Body::json || route.body == Route::Body::optional_json) {
        const auto& request = call.request();
        const bool has_body = request.body->size() != std::uint64_t{0};
        if (has_body && !is_json_type(request.header("content-type"))) {
            return problem(
                415, "unsupported",
                "Content-Type is \"" + request.header("content-type").substr(0, 100) + "\", must be application/json");
        }
        if (has_body || route.body == Route::Body::json) {
            ARCHAEO_ASSIGN(const auto text, read_json(call.request()));
            auto body = JsonDocument::parse(text);
            if (!body) return problem(400, "malformed_request", body.error().message);
            call.body_ = std::move(body).value();
        }
        ARCHAEO_TRY(call.body_.check(route.body_schema));
    }
    return route.handler(call);
}

Result<std::string> Router::read_json(HttpRequest& request) const {
    constexpr std::size_t piece_bytes = 16 << 10;
    const auto too_large = [this] {
        return Error{Code::too_large, "body is longer than " + std::to_string(json_bytes_max_) + " bytes"};
    };
    const auto announced = request.body->size();
    if (announced && *announced > json_bytes_max_) return too_large();
    std::string text;
    for (;;) {
        const std::size_t size = text.size();
        if (size > json_bytes_max_) return too_large();
        text.resize(size + piece_bytes);
        ARCHAEO_ASSIGN(const std::size_t read, request.body->read({text.data() + size, piece_bytes}));
        text.resize(size + read);
        if (read == 0) return text;
    }
}

}  // namespace archaeologist::host
