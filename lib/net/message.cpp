#include "net/message.hpp"

#include "net/client.hpp"

namespace archaeologist::net {
namespace {

Code code_of(int status) {
    switch (status) {
        case 401:
        case 403: return Code::permission_denied;
        case 404:
        case 410: return Code::not_found;
        case 409:
        case 412: return Code::conflict;
        case 413: return Code::too_large;
        case 415:
        case 501: return Code::unsupported;
        case 429: return Code::rate_limited;
        case 507: return Code::storage_full;
        case 408:
        case 425: return Code::unavailable;
        default: return status >= 500 ? Code::unavailable : Code::invalid_argument;
    }
}

}  // namespace

std::string_view to_string(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::head: return "HEAD";
        case Method::put: return "PUT";
        case Method::post: return "POST";
        case Method::patch: return "PATCH";
        case Method::remove: return "DELETE";
    }
    return "?";
}

std::optional<std::string_view> Response::header(std::string_view name) const {
    for (auto header = headers.rbegin(); header != headers.rend(); ++header) {
        if (header->name == name) return header->value;
    }
    return std::nullopt;
}

Error error_of(const Response& response, std::string_view detail) {
    std::string message = response.request + ": " + std::to_string(response.status);
    if (!detail.empty()) message.append(" ").append(detail);
    if (response.status >= 300 && response.status < 400) message += " (redirects are not followed)";
    if (response.attempts > 1) message += " (after " + std::to_string(response.attempts) + " attempts)";
    return {code_of(response.status), std::move(message)};
}

}  // namespace archaeologist::net
