// Requests to a Qdrant, whichever of its nodes answers.
#pragma once

#include <simdjson.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"
#include "net/client.hpp"
#include "vector/qdrant/location.hpp"

namespace archaeologist::qdrant {

struct ServerOptions {
    std::string api_key{};  // empty = none; never in messages or logs
    std::string ca_file{};
    std::string proxy{};
    Logger log{};
    std::shared_ptr<net::Metrics> metrics{};  // null = nobody asks
};

// Of a 2xx reply, its "result".
class Reply {
public:
    // Errors: io_error (it is not what Qdrant replies).
    [[nodiscard]] static Result<Reply> parse(const std::string& body);

    [[nodiscard]] simdjson::dom::element result() const { return result_; }

private:
    std::unique_ptr<simdjson::dom::parser> parser_;  // owns what result_ is in
    simdjson::dom::element result_;
};

struct Call {
    net::Method method = net::Method::get;
    std::string path;           // "/collections/a/points?wait=true"
    std::string_view endpoint;  // of the metrics
    std::string_view body = {};
    std::chrono::milliseconds time_max{20'000};  // with all attempts on all nodes
    bool once = false;                           // one attempt on each node
};

// Thread-safe. A node that is away, busy or silent (for its share of the time) is passed over for the next one, and asked again when
// all were. Calls must be such
// that a repetition changes nothing. What fails beyond the errors that are named is
//   unavailable   no node answers, or the API key is not accepted: an outage until somebody changed that
//   rate_limited, storage_full
//   not_found, conflict   404 and 409, as Qdrant has it
//   io_error      what else it refuses
// and says where, and what the server said.
class Server {
public:
    [[nodiscard]] static Result<std::unique_ptr<Server>> open(const Location& location, const ServerOptions& options);

    [[nodiscard]] Result<Reply> send(const Call& call) const;

private:
    struct Node {
        std::string url;
        std::unique_ptr<net::Client> client;
    };
    [[nodiscard]] Result<net::Response> send_to(const Node& node, const Call& call,
                                                std::chrono::milliseconds time_max) const;

    std::vector<Node> nodes_;
    std::string api_key_;
    mutable std::atomic<std::size_t> preferred_ = 0;  // answered last
};

// What a reply that is no success means, by the rules above.
[[nodiscard]] Error error_of_reply(const net::Response& response);

}  // namespace archaeologist::qdrant
