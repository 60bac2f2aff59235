#include "vector/qdrant/server.hpp"

#include <algorithm>

namespace archaeologist::qdrant {
namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr std::size_t detail_bytes_max = 300;
constexpr std::uint64_t reply_bytes_max = 64 << 20;
constexpr int rounds = 2;  // over several nodes

// {"status":{"error":"…"}}; of a proxy in between, or of a key that is not accepted, plain text.
std::string detail_of(const net::Response& response) {
    simdjson::dom::parser parser;
    std::string_view said;
    std::string detail = response.body;
    if (parser.parse(response.body)["status"]["error"].get(said) == simdjson::SUCCESS) detail = said;
    // Control characters of a server's words do not belong into a log.
    std::replace_if(
        detail.begin(), detail.end(), [](unsigned char c) { return c < ' ' || c == 0x7f; }, ' ');
    return detail.substr(0, detail_bytes_max);
}

// Of one node there is nothing else to try; of several, another one may answer at once.
net::ClientOptions client_options(const ServerOptions& options, std::size_t nodes) {
    net::ClientOptions made;
    made.connect_max = nodes > 1 ? 2s : 5s;
    made.attempt_max = 120s;
    made.stall_max = 30s;
    made.retry.attempts_max = nodes > 1 ? 1 : 5;
    made.retry.cap = 3s;
    made.retry.retry_after_max = 10s;
    made.ca_file = options.ca_file;
    made.proxy = options.proxy;
    made.log = options.log;
    made.metrics = options.metrics;
    return made;
}

bool is_of_node(const Result<net::Response>& reply) {
    if (!reply) return reply.error().code == Code::unavailable;
    return net::is_retriable_status(reply->status);
}

}  // namespace

Error error_of_reply(const net::Response& response) {
    Error error = net::error_of(response, detail_of(response));
    switch (error.code) {
        case Code::storage_full:
        case Code::rate_limited:
        case Code::not_found:
        case Code::conflict:
        case Code::unavailable: break;
        case Code::permission_denied: error.code = Code::unavailable; break;
        default: error.code = Code::io_error; break;
    }
    error.message = "vector store: " + error.message;
    return error;
}

Result<Reply> Reply::parse(const std::string& body) {
    Reply reply;
    reply.parser_ = std::make_unique<simdjson::dom::parser>();
    if (reply.parser_->parse(body)["result"].get(reply.result_) != simdjson::SUCCESS) {
        return Error{Code::io_error,
                     "the reply of " + std::to_string(body.size()) + " bytes is not a reply of Qdrant's"};
    }
    return reply;
}

Result<std::unique_ptr<Server>> Server::open(const Location& location, const ServerOptions& options) {
    auto server = std::make_unique<Server>();
    server->api_key_ = options.api_key;
    for (const std::string& url : location.servers) {
        ARCHAEO_ASSIGN(auto client, net::Client::open(client_options(options, location.servers.size())));
        server->nodes_.push_back({url, std::move(client)});
    }
    return server;
}

Result<net::Response> Server::send_to(const Node& node, const Call& call, milliseconds time_max) const {
    net::Request request{.method = call.method, .url = node.url + call.path, .endpoint = call.endpoint};
    if (!call.body.empty()) request.headers.push_back({"Content-Type", "application/json"});
    if (!api_key_.empty()) request.headers.push_back({"api-key", api_key_});
    request.body = call.body;
    request.response_bytes_max = reply_bytes_max;
    request.total_max = time_max;
    if (call.once) request.is_final = [](const net::Response&) { return true; };
    return node.client->send(request);
}

Result<Reply> Server::send(const Call& call) const {
    const auto end = std::chrono::steady_clock::now() + call.time_max;
    const std::size_t first = preferred_;
    const std::size_t tries = nodes_.size() == 1 || call.once ? nodes_.size() : nodes_.size() * rounds;
    Result<net::Response> response = Error{};
    for (std::size_t i = 0; i < tries; ++i) {
        const auto left = std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now());
        if (i > 0 && left <= 0ms) break;
        const std::size_t node = (first + i) % nodes_.size();
        // One that hangs must leave time for the others.
        const auto nodes_left = static_cast<std::int64_t>(nodes_.size() - i % nodes_.size());
        response = send_to(nodes_[node], call, std::max(left / nodes_left, 1ms));
        if (is_of_node(response)) continue;
        preferred_ = node;
        break;
    }
    if (!response) {
        return Error{response.error().code, "vector store: " + response.error().message};
    }
    if (!response->is_success()) return error_of_reply(*response);
    auto reply = Reply::parse(response->body);
    if (!reply) reply.error().message = "vector store: " + response->request + ": " + reply.error().message;
    return reply;
}

}  // namespace archaeologist::qdrant
