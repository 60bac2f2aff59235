#include "host/http/problem.hpp"

#include "archaeologist/json.hpp"

namespace archaeologist::host {

int status_of(Code code) {
    switch (code) {
        case Code::invalid_argument: return 422;
        case Code::not_found: return 404;
        case Code::already_exists:
        case Code::conflict:
        case Code::lease_lost:
        case Code::cancelled: return 409;
        case Code::too_large: return 413;
        case Code::unsupported: return 422;
        case Code::permission_denied: return 403;
        case Code::timed_out:
        case Code::unavailable: return 503;
        case Code::rate_limited: return 429;
        case Code::storage_full: return 507;
        case Code::corrupt:
        case Code::incompatible:
        case Code::io_error:
        case Code::internal: break;
    }
    return 500;
}

HttpReply problem(int status, std::string_view code, std::string_view detail) {
    JsonWriter json;
    json.begin_object()
        .field("title", reason_of(status))
        .field("status", status)
        .field("detail", detail)
        .field("code", code)
        .end_object();
    HttpReply reply;
    reply.status = status;
    reply.content_type = "application/problem+json";
    reply.body = std::move(json).text();
    if (status == 429 || status == 503) reply.headers.emplace_back("Retry-After", "1");
    return reply;
}

HttpReply problem_of(const Error& error) {
    const int status = status_of(error.code);
    // These messages name paths and systems of the host.
    const bool is_ours = status == 500 || error.code == Code::permission_denied || error.code == Code::storage_full ||
                         error.code == Code::unavailable || error.code == Code::timed_out;
    if (!is_ours) return problem(status, to_string(error.code), error.message);
    std::string_view detail = "the server could not do this; its log says why";
    if (error.code == Code::storage_full) detail = "the server has no room left; nothing was stored";
    if (status == 503) detail = "the server is busy or a part of it is down; try again";
    if (error.code == Code::permission_denied) detail = "the server may not do this";
    return problem(status, to_string(error.code), detail);
}

std::string closing_bytes(const HttpReply& reply) {
    std::string text = "HTTP/1.1 " + std::to_string(reply.status) + ' ' + std::string(reason_of(reply.status)) + "\r\n";
    for (const auto& [name, value] : reply.headers) text.append(name).append(": ").append(value).append("\r\n");
    text += "Content-Type: " + reply.content_type + "\r\nContent-Length: " + std::to_string(reply.body.size()) +
            "\r\nConnection: close\r\n\r\n";
    return text + reply.body;
}

}  // namespace archaeologist::host
