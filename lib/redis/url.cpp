#include "redis/url.hpp"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>

namespace archaeologist::redis {

namespace {

constexpr int port_of_servers = 6379;
constexpr int port_of_sentinels = 26379;
constexpr int database_max = 65'535;
constexpr std::size_t url_bytes_max = 8'192;
constexpr std::size_t endpoints_max = 64;

enum class Wire : std::uint8_t { plain, tls };

struct Scheme {
    std::string_view prefix;
    Topology topology;
    Wire wire = Wire::plain;
};
constexpr Scheme schemes[] = {
    {"redis+sentinel://", Topology::sentinel},
    {"redis+cluster://", Topology::cluster},
    {"redis://", Topology::single},
    {"unix:", Topology::unix_socket},
    {"rediss+sentinel://", Topology::sentinel, Wire::tls},
    {"rediss+cluster://", Topology::cluster, Wire::tls},
    {"rediss://", Topology::single, Wire::tls},
};

// Everything between the scheme and the last @, and what stands behind ?, may be a password, whatever else is wrong with
// the text.
std::string shown(std::string_view text) {
    const std::size_t at = text.rfind('@');
    std::string start;
    if (at != std::string_view::npos) {
        const std::size_t colon = std::min(text.find(':'), at);
        const std::size_t scheme_size = colon + (text.substr(colon, 3) == "://" ? 3 : 1);
        if (colon < at) start = text.substr(0, scheme_size);
        start += "***";
        text.remove_prefix(at);
    }
    return start + std::string(text.substr(0, text.find_first_of("?#")));
}

Error wrong(std::string_view text, std::string_view rule) {
    return {Code::invalid_argument, "Redis URL \"" + shown(text) + "\": " + std::string(rule)};
}

int hex_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    const char lower = static_cast<char>(digit | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

std::optional<std::string> percent_decoded(std::string_view text) {
    std::string decoded;
    decoded.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            decoded += text[i];
            continue;
        }
        if (i + 2 >= text.size()) return std::nullopt;
        const int high = hex_value(text[i + 1]);
        const int low = hex_value(text[i + 2]);
        if (high < 0 || low < 0) return std::nullopt;
        decoded += static_cast<char>(high * 16 + low);
        i += 2;
    }
    return decoded;
}

std::string percent_encoded(std::string_view text) {
    constexpr char digits[] = "0123456789ABCDEF";
    std::string encoded;
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        const bool is_plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
                              c == '.' || c == '_' || c == '~';
        if (is_plain) {
            encoded += c;
        } else {
            encoded += {'%', digits[byte / 16], digits[byte % 16]};
        }
    }
    return encoded;
}

std::optional<int> number_within(std::string_view text, int from, int to) {
    int number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc{} || end != text.data() + text.size() || number < from || number > to) return std::nullopt;
    return number;
}

Status read_database(Url& url, std::string_view text, std::string_view number) {
    const auto database = number_within(number, 0, database_max);
    if (!database) return wrong(text, "the database must be a number from 0 to " + std::to_string(database_max));
    url.database = *database;
    return {};
}

Status read_user(Url& url, std::string_view text, std::string_view user_info) {
    const std::size_t colon = user_info.find(':');
    if (colon == std::string_view::npos) {
        return wrong(text, "what stands before @ must be user:password, or :password for the default user");
    }
    auto user = percent_decoded(user_info.substr(0, colon));
    auto password = percent_decoded(user_info.substr(colon + 1));
    if (!user || !password) {
        return wrong(text, "a % in user or password must begin two hexadecimal digits (% itself is %25)");
    }
    if (password->empty()) return wrong(text, "the password between : and @ is empty");
    url.user = std::move(*user);
    url.password = std::move(*password);
    return {};
}

Result<Endpoint> read_endpoint(std::string_view text, std::string_view authority, int default_port) {
    Endpoint endpoint{.host = {}, .port = default_port};
    std::string_view rest;
    if (authority.substr(0, 1) == "[") {
        const std::size_t end = authority.find(']');
        if (end == std::string_view::npos) return wrong(text, "an IPv6 address that begins with [ must end with ]");
        endpoint.host = authority.substr(1, end - 1);
        rest = authority.substr(end + 1);
    } else {
        const std::size_t colon = std::min(authority.find(':'), authority.size());
        endpoint.host = authority.substr(0, colon);
        rest = authority.substr(colon);
        if (rest.find(':', 1) != std::string_view::npos) return wrong(text, "an IPv6 address must stand in [ ]");
    }
    if (endpoint.host.empty()) return wrong(text, "a host is missing");
    if (std::any_of(endpoint.host.begin(), endpoint.host.end(), [](char c) { return c <= ' ' || c == '\x7f'; })) {
        return wrong(text, "a host must not hold spaces or control characters");
    }
    if (rest.empty()) return endpoint;
    const auto port = rest.front() == ':' ? number_within(rest.substr(1), 1, 65'535) : std::nullopt;
    if (!port) {
        // Where @ and host were forgotten, the "port" is a password.
        return Error{Code::invalid_argument,
                     "Redis URL: the port of host \"" + endpoint.host + "\" must be a number from 1 to 65535"};
    }
    endpoint.port = *port;
    return endpoint;
}

Status read_endpoints(Url& url, std::string_view text, std::string_view authority) {
    const int default_port = url.topology == Topology::sentinel ? port_of_sentinels : port_of_servers;
    while (true) {
        const std::size_t comma = std::min(authority.find(','), authority.size());
        ARCHAEO_ASSIGN(Endpoint endpoint, read_endpoint(text, authority.substr(0, comma), default_port));
        url.endpoints.push_back(std::move(endpoint));
        if (comma == authority.size()) break;
        authority.remove_prefix(comma + 1);
    }
    if (url.topology == Topology::single && url.endpoints.size() > 1) {
        return wrong(text, "redis:// takes one host; several are for redis+sentinel:// and redis+cluster://");
    }
    if (url.endpoints.size() > endpoints_max) {
        return wrong(text,
                     std::to_string(url.endpoints.size()) + " hosts, must be at most " + std::to_string(endpoints_max));
    }
    return {};
}

// What stands behind the hosts: /db, or /name[/db] with sentinels.
Status read_path(Url& url, std::string_view text, std::string_view path) {
    if (url.topology == Topology::cluster) {
        if (!path.empty())
            return wrong(text, "a Cluster has no databases but 0, so nothing may stand behind the hosts");
        return {};
    }
    if (url.topology == Topology::sentinel) {
        const std::size_t slash = std::min(path.find('/'), path.size());
        auto name = percent_decoded(path.substr(0, slash));
        if (!name || name->empty()) {
            return wrong(
                text, "the name that the sentinels know the primary by must stand behind the hosts, as in /mymaster");
        }
        url.name = std::move(*name);
        path.remove_prefix(std::min(slash + 1, path.size()));
    }
    return path.empty() ? Status{} : read_database(url, text, path);
}

Status read_tls_setting(TlsFiles& files, std::string_view text, std::string_view setting) {
    const std::size_t equals = std::min(setting.find('='), setting.size());
    const std::string_view name = setting.substr(0, equals);
    auto path = percent_decoded(setting.substr(std::min(equals + 1, setting.size())));
    if ((name != "ca" && name != "cert" && name != "key") || !path || path->empty()) {
        return wrong(text, "behind ? only ca=FILE, cert=FILE and key=FILE may stand, percent-encoded, with & between");
    }
    (name == "ca" ? files.ca : name == "cert" ? files.cert : files.key) = std::move(*path);
    return {};
}

// What stands behind ?.
Status read_tls(Url& url, std::string_view text, std::string_view settings) {
    while (!settings.empty()) {
        const std::size_t end = std::min(settings.find('&'), settings.size());
        ARCHAEO_TRY(read_tls_setting(*url.tls, text, settings.substr(0, end)));
        settings.remove_prefix(std::min(end + 1, settings.size()));
    }
    if (url.tls->cert.empty() != url.tls->key.empty()) return wrong(text, "cert= needs key=, and key= needs cert=");
    return {};
}

Status read_network(Url& url, std::string_view text, std::string_view rest) {
    if (url.tls) {
        const std::size_t mark = std::min(rest.find('?'), rest.size());
        ARCHAEO_TRY(read_tls(url, text, rest.substr(std::min(mark + 1, rest.size()))));
        rest = rest.substr(0, mark);
    }
    const std::size_t slash = std::min(rest.find('/'), rest.size());
    std::string_view authority = rest.substr(0, slash);
    const std::string_view path = rest.substr(std::min(slash + 1, rest.size()));
    if (path.find('@') != std::string_view::npos) {
        return wrong(text, "a / in user or password must be written %2F");
    }
    if (rest.find('?') != std::string_view::npos || rest.find('#') != std::string_view::npos) {
        return wrong(text, "it must not hold ? or # (in user or password: %3F and %23)");
    }
    if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
        ARCHAEO_TRY(read_user(url, text, authority.substr(0, at)));
        authority.remove_prefix(at + 1);
    }
    ARCHAEO_TRY(read_endpoints(url, text, authority));
    return read_path(url, text, path);
}

Status read_socket_setting(Url& url, std::string_view text, std::string_view setting) {
    const std::size_t equals = std::min(setting.find('='), setting.size());
    const std::string_view name = setting.substr(0, equals);
    const std::string_view value = setting.substr(std::min(equals + 1, setting.size()));
    if (name == "db") return read_database(url, text, value);
    auto decoded = percent_decoded(value);
    if ((name != "user" && name != "password") || !decoded) {
        return wrong(text,
                     "behind ? only db=N, user=NAME and password=WORD may stand, percent-encoded, with & between");
    }
    (name == "user" ? url.user : url.password) = std::move(*decoded);
    return {};
}

Status read_socket(Url& url, std::string_view text, std::string_view rest) {
    if (rest.substr(0, 3) == "///") rest.remove_prefix(2);
    const std::size_t mark = std::min(rest.find('?'), rest.size());
    url.path = rest.substr(0, mark);
    if (url.path.size() < 2 || url.path.front() != '/' || url.path[1] == '/') {
        return wrong(text, "the path of the socket must be absolute, as in unix:/run/redis.sock");
    }
    rest.remove_prefix(std::min(mark + 1, rest.size()));
    while (!rest.empty()) {
        const std::size_t end = std::min(rest.find('&'), rest.size());
        ARCHAEO_TRY(read_socket_setting(url, text, rest.substr(0, end)));
        rest.remove_prefix(std::min(end + 1, rest.size()));
    }
    if (!url.user.empty() && url.password.empty()) return wrong(text, "user= needs password=");
    return {};
}

std::string credentials_of(const Url& url) {
    return url.password.empty() ? std::string() : percent_encoded(url.user) + ":***@";
}

std::string shown_files(const TlsFiles& files) {
    std::string text;
    char mark = '?';
    for (const auto& [name, path] : {std::pair("ca=", files.ca), {"cert=", files.cert}, {"key=", files.key}}) {
        if (!path.empty()) text += std::exchange(mark, '&') + (name + percent_encoded(path));
    }
    return text;
}

}  // namespace

Result<Url> parse_url(std::string_view text) {
    if (text.size() > url_bytes_max) {
        return Error{Code::invalid_argument, "Redis URL of " + std::to_string(text.size()) +
                                                 " bytes, must be at most " + std::to_string(url_bytes_max)};
    }
    for (const Scheme& scheme : schemes) {
        if (text.substr(0, scheme.prefix.size()) != scheme.prefix) continue;
        Url url;
        url.topology = scheme.topology;
        if (scheme.wire == Wire::tls) url.tls.emplace();
        const std::string_view rest = text.substr(scheme.prefix.size());
        ARCHAEO_TRY(scheme.topology == Topology::unix_socket ? read_socket(url, text, rest)
                                                             : read_network(url, text, rest));
        return url;
    }
    return wrong(text, "it must begin with redis://, unix:/, redis+sentinel:// or redis+cluster://, or rediss for TLS");
}

std::string to_string(const Endpoint& endpoint) {
    const bool is_ipv6 = endpoint.host.find(':') != std::string::npos;
    return (is_ipv6 ? "[" + endpoint.host + "]" : endpoint.host) + ":" + std::to_string(endpoint.port);
}

std::string to_string(const Url& url) {
    std::string text;
    if (url.topology == Topology::unix_socket) {
        text = "unix:" + url.path;
        char mark = '?';
        const auto add = [&](const std::string& setting) { text += std::exchange(mark, '&') + setting; };
        if (url.database != 0) add("db=" + std::to_string(url.database));
        if (!url.user.empty()) add("user=" + percent_encoded(url.user));
        if (!url.password.empty()) add("password=***");
        return text;
    }
    for (const Scheme& scheme : schemes) {
        const bool is_tls = scheme.wire == Wire::tls;
        if (scheme.topology == url.topology && is_tls == url.tls.has_value()) text = scheme.prefix;
    }
    text += credentials_of(url);
    for (const Endpoint& endpoint : url.endpoints) {
        if (&endpoint != url.endpoints.data()) text += ",";
        text += to_string(endpoint);
    }
    if (url.topology == Topology::sentinel) text += "/" + percent_encoded(url.name);
    if (url.database != 0) text += "/" + std::to_string(url.database);
    return text + (url.tls ? shown_files(*url.tls) : "");
}

}  // namespace archaeologist::redis
