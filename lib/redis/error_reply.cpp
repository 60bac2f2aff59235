#include "redis/error_reply.hpp"

#include <algorithm>
#include <charconv>

namespace archaeologist::redis {

namespace {

struct Known {
    std::string_view word;
    Remedy remedy;
    Code code;
};
constexpr Known known_words[] = {
    {"LOADING", Remedy::wait, Code::unavailable},
    {"BUSY", Remedy::wait, Code::unavailable},
    {"MASTERDOWN", Remedy::wait, Code::unavailable},
    {"TRYAGAIN", Remedy::wait, Code::unavailable},
    {"NOREPLICAS", Remedy::wait, Code::unavailable},
    {"CLUSTERDOWN", Remedy::find_primary, Code::unavailable},
    {"READONLY", Remedy::find_primary, Code::unavailable},
    {"UNBLOCKED", Remedy::find_primary, Code::unavailable},  // a primary became a replica while BLPOP waited
    {"NOSCRIPT", Remedy::load_script, Code::unavailable},
    {"MOVED", Remedy::move, Code::unavailable},
    {"ASK", Remedy::ask, Code::unavailable},
    {"OOM", Remedy::none, Code::storage_full},
    {"MISCONF", Remedy::none, Code::storage_full},
    {"NOAUTH", Remedy::none, Code::permission_denied},
    {"WRONGPASS", Remedy::none, Code::permission_denied},
    {"NOPERM", Remedy::none, Code::permission_denied},
};

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }

bool starts_with(std::string_view text, std::string_view start) { return text.substr(0, start.size()) == start; }

// Redis 6: "ERR Error running script (call to f_…): @user_script:1: @user_script: 1: -OOM command not allowed …".
std::string_view unwrapped(std::string_view text) {
    if (!starts_with(text, "ERR Error running script")) return text;
    const std::size_t dash = text.rfind(": -");
    return dash != std::string_view::npos && dash + 3 < text.size() && is_upper(text[dash + 3]) ? text.substr(dash + 3)
                                                                                                : text;
}

bool is_upper_case_of(std::string_view word, std::string_view name) {
    return std::equal(word.begin(), word.end(), name.begin(), name.end(), [](char upper, char lower) {
        return upper == (lower >= 'a' && lower <= 'z' ? static_cast<char>(lower - 'a' + 'A') : lower);
    });
}

std::optional<Code> own_code(std::string_view word) {
    for (int number = 1; number <= static_cast<int>(Code::internal); ++number) {
        if (is_upper_case_of(word, to_string(static_cast<Code>(number)))) return static_cast<Code>(number);
    }
    return std::nullopt;
}

}  // namespace

Meaning meaning_of(std::string_view text, std::string_view server) {
    text = unwrapped(text);
    const std::size_t space = std::min(text.find(' '), text.size());
    const std::string_view word = text.substr(0, space);
    const std::string said = std::string(server) + ": " + std::string(text);
    for (const Known& known : known_words) {
        if (known.word != word) continue;
        const char* start = known.code == Code::storage_full ? "Redis is full: " : "";
        return {known.remedy, {known.code, start + said}};
    }
    if (const auto code = own_code(word)) {
        return {Remedy::none, {*code, std::string(text.substr(std::min(space + 1, text.size())))}};
    }
    // Redis 7 says so of a command in a script.
    if (starts_with(text, "ERR The user executing the script can't")) {
        return {Remedy::none, {Code::permission_denied, said}};
    }
    if (starts_with(text, "ERR max number of clients")) return {Remedy::wait, {Code::unavailable, said}};
    return {Remedy::none, {Code::internal, said}};
}

// "MOVED 3999 127.0.0.1:6381", an IPv6 address without brackets.
std::optional<Endpoint> redirection_of(std::string_view text) {
    const std::size_t space = text.rfind(' ');
    const std::size_t colon = text.rfind(':');
    if (space == std::string_view::npos || colon == std::string_view::npos || colon < space) return std::nullopt;
    Endpoint endpoint{.host = std::string(text.substr(space + 1, colon - space - 1)), .port = 0};
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, endpoint.port);
    if (parsed.ec != std::errc{} || parsed.ptr != end || endpoint.port < 1 || endpoint.port > 65'535)
        return std::nullopt;
    return endpoint;
}

}  // namespace archaeologist::redis
