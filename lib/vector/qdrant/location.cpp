#include "vector/qdrant/location.hpp"

#include <algorithm>
#include <charconv>

#include "archaeologist/id.hpp"
#include "net/url.hpp"

namespace archaeologist::qdrant {
namespace {

constexpr std::string_view scheme = "qdrant+";
constexpr std::string_view default_prefix = "archaeologist";
constexpr std::string_view default_port = ":6333";
constexpr std::size_t prefix_bytes_max = 64;
constexpr std::size_t model_bytes_max = 120;
constexpr std::size_t servers_max = 16;
constexpr std::size_t hash_digits = 8;
constexpr int search_seconds_max = 25;  // a search ends within 30 s

Error wrong(const std::string& what) { return {Code::invalid_argument, "vector store: " + what}; }

bool is_letter_or_digit(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9'); }
bool is_name_character(char c) { return is_letter_or_digit(c) || c == '-' || c == '_' || c == '.'; }

template <class Allowed>
bool all_are(std::string_view text, Allowed allowed) {
    return std::all_of(text.begin(), text.end(), allowed);
}

// Takes what stands before `separator` off the front of `text`, and the separator.
std::string_view take_until(std::string_view& text, char separator) {
    const std::size_t end = std::min(text.find(separator), text.size());
    const std::string_view part = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return part;
}

Result<std::string> server_of(std::string_view protocol, std::string_view host) {
    const bool is_host = !host.empty() && all_are(host, [](char c) {
        return is_letter_or_digit(c) || std::string_view("-._:[]").find(c) != std::string_view::npos;
    });
    if (!is_host) {
        return wrong("host is \"" + std::string(host) +
                     "\", must be HOST[:PORT], as in qdrant+http://HOST:6333/PREFIX");
    }
    // Of [::1]:6333 the port stands behind the bracket.
    const std::size_t name_end = host.starts_with('[') ? host.find(']') : 0;
    const bool has_port = name_end != std::string_view::npos && host.find(':', name_end) != std::string_view::npos;
    return std::string(protocol) + std::string(host) + std::string(has_port ? "" : default_port);
}

Result<int> number_of(std::string_view name, std::string_view value, int least, int most) {
    int number = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
    const bool is_number = error == std::errc{} && end == value.data() + value.size();
    if (is_number && number >= least && number <= most) return number;
    return wrong(std::string(name) + " is \"" + std::string(value) + "\", must be " + std::to_string(least) + " to " +
                 std::to_string(most));
}

Status take_parameter(Location& location, std::string_view name, std::string_view value) {
    if (name == "shards") {
        ARCHAEO_ASSIGN(location.shards, number_of(name, value, 1, 1'024));
    } else if (name == "replicas") {
        ARCHAEO_ASSIGN(location.replicas, number_of(name, value, 1, 64));
    } else if (name == "in_flight") {
        ARCHAEO_ASSIGN(location.in_flight, number_of(name, value, 1, 64));
    } else if (name == "search_s") {
        ARCHAEO_ASSIGN(const int seconds, number_of(name, value, 1, search_seconds_max));
        location.search_max = std::chrono::seconds(seconds);
    } else if (name == "quantization") {
        if (value != "int8" && value != "none") {
            return wrong("quantization is \"" + std::string(value) + "\", must be int8 or none");
        }
        location.quantization = value == "int8" ? Quantization::int8 : Quantization::none;
    } else {
        // The value of a parameter that is not known may be a secret in the wrong place.
        return wrong("parameter \"" + std::string(name) +
                     "\" must be shards, replicas, quantization, in_flight or search_s");
    }
    return {};
}

Status take_hosts(Location& location, std::string_view protocol, std::string_view hosts) {
    if (hosts.find('@') != std::string_view::npos) {
        return wrong("URL has a user, must have none: the API key comes by its own setting");
    }
    do {
        ARCHAEO_ASSIGN(auto server, server_of(protocol, take_until(hosts, ',')));
        location.servers.push_back(std::move(server));
    } while (!hosts.empty());
    if (location.servers.size() <= servers_max) return {};
    return wrong("URL names " + std::to_string(location.servers.size()) + " hosts, must be at most " +
                 std::to_string(servers_max));
}

}  // namespace

Result<Location> parse_location(std::string_view text) {
    const std::string_view whole = text;
    const std::string_view plain = text.substr(std::min(scheme.size(), text.size()));
    if (!text.starts_with(scheme) || !(plain.starts_with("http://") || plain.starts_with("https://"))) {
        return wrong("URL is \"" + net::shown_url(whole) +
                     "\", must be qdrant+http://HOST[:PORT][,HOST…]/PREFIX, or the " + "same with qdrant+https");
    }
    const std::string_view protocol = plain.substr(0, plain.find("//") + 2);
    std::string_view query = plain.substr(protocol.size());
    std::string_view path = take_until(query, '?');
    Location location;
    ARCHAEO_TRY(take_hosts(location, protocol, take_until(path, '/')));
    while (path.ends_with('/')) path.remove_suffix(1);
    location.prefix = path.empty() ? default_prefix : path;
    if (location.prefix.size() > prefix_bytes_max || !all_are(location.prefix, is_name_character)) {
        return wrong("prefix is \"" + location.prefix + "\", must be at most " + std::to_string(prefix_bytes_max) +
                     " letters, digits and -_.");
    }
    for (const auto& [name, value] : net::parse_query(query)) ARCHAEO_TRY(take_parameter(location, name, value));
    return location;
}

std::string to_string(const Location& location) {
    std::string text = location.servers.front();
    for (std::size_t i = 1; i < location.servers.size(); ++i) {
        text += "," + location.servers[i].substr(location.servers[i].find("//") + 2);
    }
    return text + "/" + location.prefix;
}

std::string collection_name(const Location& location, std::string_view model_id) {
    std::string name(model_id.substr(0, model_bytes_max));
    const bool is_kept = name.size() == model_id.size() && all_are(name, is_name_character);
    std::replace_if(
        name.begin(), name.end(), [](char c) { return !is_name_character(c); }, '_');
    if (!is_kept) name += "-" + ContentHash::of(model_id).hex().substr(0, hash_digits);
    return location.prefix + "-" + name;
}

}  // namespace archaeologist::qdrant
