// Where a Redis is and how to get in.
//   redis://[user:password@]host[:port][/db]           unix:/path[?db=N&user=U&password=P]
//   redis+sentinel://[user:password@]host[:port],…/name[/db]
//   redis+cluster://[user:password@]host[:port],…
//   rediss://…  rediss+sentinel://…  rediss+cluster://…   the same over TLS; behind them may stand
//       ?ca=/path          certificates in PEM to trust instead of the system's
//       &cert=/path&key=/path   our own certificate, where the server asks for one
#pragma once

#include <cstdint>
#include <optional>
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

// Paths of PEM files.
struct TlsFiles {
    std::string ca;    // empty = the certificates the system trusts
    std::string cert;  // empty = none; else key is not
    std::string key;
};

struct Url {
    Topology topology = Topology::single;
    std::vector<Endpoint> endpoints;  // the server, the sentinels, or some nodes of the cluster; empty for a socket
    std::string path;                 // of the socket
    std::string name;                 // the primary's, as sentinels know it
    std::string user;                 // empty = default
    std::string password;
    int database = 0;
    std::optional<TlsFiles> tls;
};

// User, password, name and paths are percent-decoded (RFC 3986). Errors: invalid_argument.
// No message holds the password.
[[nodiscard]] Result<Url> parse_url(std::string_view text);

// "host:port", with [ ] around an IPv6 address.
[[nodiscard]] std::string to_string(const Endpoint& endpoint);

// The URL as messages may show it: with *** for the password.
[[nodiscard]] std::string to_string(const Url& url);

}  // namespace archaeologist::redis
