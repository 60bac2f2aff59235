#include "cli/remote_api.hpp"

#include <ctime>

namespace archaeologist::cli {
namespace {

constexpr const char* json_type = "application/json";

host::ClientOptions options_with(const std::string& key) {
    host::ClientOptions options;
    options.bearer = key;
    return options;
}

// Of replies that are no problem document.
Code code_of(int status) {
    switch (status) {
        case 400:
        case 422: return Code::invalid_argument;
        case 401:
        case 403: return Code::permission_denied;
        case 404: return Code::not_found;
        case 408:
        case 504: return Code::timed_out;
        case 409: return Code::conflict;
        case 413: return Code::too_large;
        case 415: return Code::unsupported;
        case 429: return Code::rate_limited;
        case 502:
        case 503: return Code::unavailable;
        case 507: return Code::storage_full;
        default: return status >= 500 ? Code::internal : Code::incompatible;
    }
}

bool is_success(int status) { return status >= 200 && status <= 299; }

// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110), in whole seconds.
std::optional<TimePoint> parse_http_date(const std::string& text) {
    std::tm parts{};
    const char* const end = ::strptime(text.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts);
    if (end == nullptr || *end != '\0') return std::nullopt;
    return from_ms(std::int64_t{::timegm(&parts)} * 1'000);
}

// How far another clock that shows whole seconds is ahead; 0 when it may be equal, with a second for the way.
std::chrono::milliseconds ahead(TimePoint date, TimePoint here) {
    constexpr std::chrono::milliseconds second{1'000};
    const bool may_be_equal = here >= date - second && here <= date + 2 * second;
    return may_be_equal ? std::chrono::milliseconds{0} : date + second - here;
}

}  // namespace

RemoteApi::RemoteApi(const ServerAddress& server) : client_(server.url, options_with(server.key)) {}

Result<host::ClientReply> RemoteApi::send(const host::ClientRequest& request) {
    ARCHAEO_ASSIGN(auto reply, client_.send(request));
    const auto date = parse_http_date(reply.date);
    clock_ahead_ = date ? ahead(*date, system_clock().now()) : std::chrono::milliseconds{0};
    return reply;
}

Result<std::string> RemoteApi::call(const char* method, const std::string& path, const std::string& body) {
    host::ClientRequest request;
    request.method = method;
    request.target = std::string(api_path) + path;
    request.body = body;
    if (!body.empty()) request.content_type = json_type;
    ARCHAEO_ASSIGN(auto reply, send(request));
    if (!is_success(reply.status)) return error_of(request, reply);
    return std::move(reply.body);
}

Result<RemoteUpload> RemoteApi::upload(const UploadRequest& request, ByteSource& content, std::uint64_t size_bytes) {
    host::HttpQuery query;
    query.add("priority", to_string(request.priority));
    if (request.if_unchanged == IfUnchanged::process_again) query.add("force", "true");
    host::ClientRequest put;
    put.method = "PUT";
    put.target = std::string(api_path) + "/projects/" + std::to_string(to_integer(request.project_id)) + "/files/" +
                 host::percent_encoded(request.filename, host::Slashes::kept) + query.text();
    put.content_type = "application/octet-stream";
    put.content = &content;
    put.content_bytes = size_bytes;
    ARCHAEO_ASSIGN(const auto reply, send(put));
    if (!is_success(reply.status)) return error_of(put, reply);
    auto uploaded = parse_upload(reply.body);
    if (uploaded && uploaded->sources.size() != 1) uploaded = Error{Code::incompatible, "sources must be one"};
    if (!uploaded) return malformed(put.method, put.target, uploaded.error());
    return uploaded;
}

Result<Project> RemoteApi::project(std::string_view name) {
    ARCHAEO_ASSIGN(auto projects, call("GET", "/projects", &parse_projects));
    for (auto& project : projects) {
        if (project.name == name) return std::move(project);
    }
    return Error{Code::not_found, "project \"" + std::string(name) + "\" does not exist"};
}

Result<Job> RemoteApi::job(JobId id) { return call("GET", "/jobs/" + id.text(), &parse_job); }

std::vector<Check> RemoteApi::check() {
    std::vector<Check> checks{{"server", Check::Verdict::good, client_.url().text() + " is ready", ""}};
    host::ClientRequest request;
    request.target = "/readyz";
    const auto reply = send(request);
    const bool judged = reply && (is_success(reply->status) || reply->status == 503);
    if (!judged) {
        checks.front() = {"server", Check::Verdict::bad, (reply ? error_of(request, *reply) : reply.error()).message,
                          "start archaeologist-httpd there, or name another by --server or $ARCHAEOLOGIST_URL"};
        return checks;
    }
    if (reply->status == 503) {
        const auto problem = parse_problem(reply->body);
        checks.front() = {"server", Check::Verdict::bad,
                          client_.url().text() + " is not ready" + (problem ? ": " + problem->message : ""),
                          "see to what is bad below, or to the server's log"};
    }
    // What anybody may know says nothing about the key.
    const auto projects = call("GET", "/projects", &parse_projects);
    Check access{"access", Check::Verdict::good, projects ? "granted" : projects.error().message, ""};
    if (!projects) {
        access.verdict = Check::Verdict::bad;
        access.advice = "set $ARCHAEOLOGIST_API_KEY to a key that archaeologist keys create made on the server";
        if (projects.error().code != Code::permission_denied) access.advice = "see the server's log";
    }
    checks.push_back(std::move(access));
    if (auto listed = parse_checks(reply->body)) {
        for (auto& check : *listed) checks.push_back(std::move(check));
    }
    return checks;
}

Error RemoteApi::error_of(const host::ClientRequest& request, const host::ClientReply& reply) const {
    if (auto problem = parse_problem(reply.body)) return *std::move(problem);
    const std::string server = "server " + client_.url().text() + ": " + request.method + ' ' + request.target + ": ";
    const std::string status = "status " + std::to_string(reply.status);
    if (reply.status >= 300 && reply.status <= 399) {
        return {Code::incompatible, server + status + ", a redirection, which is not followed; name the place itself"};
    }
    return {code_of(reply.status), server + status + " without a reason; is it archaeologist-httpd?"};
}

Error RemoteApi::malformed(const std::string& method, const std::string& path, const Error& error) const {
    return {Code::incompatible, "server " + client_.url().text() + ": its reply to " + method + ' ' + path + ": " +
                                    error.message + "; is it archaeologist-httpd?"};
}

}  // namespace archaeologist::cli
