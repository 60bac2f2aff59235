// Where a Redis is and how to get in.
//   redis://[user:password@]host[:port][/db]           unix:/path[?db=N&user=U&password=P]
//   redis+sentinel://[user:password@]host[:port],…/name[/db]
//   redis+cluster://[user:password@]host[:port],…
//   rediss://…                                          as redis, over TLS: not yet, unsupported
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist::redis {

enum class Topology : std::uint8_t { single, unix_socket, sentinel, cluster };

struct Endpoint {
    std::string host;
    int port = 6379;  // of sentinels 26379
};

struct Url {
    Topology topology = Topology::single;
    std::vector<Endpoint> endpoints;  // the server, the sentinels, or some nodes of the cluster; empty for a socket
    std::string path;                 // of the socket
    std::string name;                 // the primary's, as sentinels know it
    std::string user;                 // empty = default
    std::string password;
    int database = 0;
};

// User, password and name are percent-decoded (RFC 3986). Errors: invalid_argument; unsupported (rediss://).
// No message holds the password.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// "host:port", with [ ] around an IPv6 address.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

// The URL as messages may show it: with *** for the password.
[[nodiscard]] std::string to_string(const Url& url);

}  // namespace archaeologist::redis
