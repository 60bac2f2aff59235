// A Qdrant on loopback, in a process of its own that ends with the test program: see qdrant_server.py. With
// $ARCHAEO_QDRANT_URL (http://host:port) it is that one instead, with the key of $ARCHAEO_QDRANT_API_KEY.
#pragma once

#include <cstdlib>
#include <memory>
#include <string>

#include "archaeologist/id.hpp"
#include "net/client.hpp"
#include "support/python_server.hpp"
#include "vector/qdrant.hpp"

namespace archaeologist {

class QdrantServer {
public:
    QdrantServer() {
        const char* const url = std::getenv("ARCHAEO_QDRANT_URL");
        if (url != nullptr && *url != '\0') {
            url_ = url;
            const char* const key = std::getenv("ARCHAEO_QDRANT_API_KEY");
            key_ = key != nullptr ? key : "";
            return;
        }
        process_ = std::make_unique<PythonServer>("qdrant_server.py", std::vector<std::string>{key_});
        url_ = "http://127.0.0.1:" + std::to_string(process_->port());
    }

    // One for all tests of the program: it takes a second to start.
    [[nodiscard]] static QdrantServer& shared() {
        static QdrantServer server;
        return server;
    }

    // Whether it is the one of qdrant_server.py, which tells what it was asked.
    [[nodiscard]] bool is_ours() const { return process_ != nullptr; }
    [[nodiscard]] int port() const {
        const std::size_t colon = url_.rfind(':');
        return colon > url_.find("//") ? std::atoi(url_.c_str() + colon + 1) : 6333;
    }
    [[nodiscard]] const std::string& url() const { return url_; }
    [[nodiscard]] const std::string& key() const { return key_; }
    // Each one's own collections.
    [[nodiscard]] std::string fresh_prefix() { return prefix_ + std::to_string(prefixes_++); }
    [[nodiscard]] qdrant::Location location(const std::string& prefix) const {
        return qdrant::parse_location("qdrant+" + url_ + "/" + prefix).value();
    }
    // By way of a proxy at that port.
    [[nodiscard]] static qdrant::Location location(const std::string& prefix, int port) {
        return qdrant::parse_location("qdrant+http://127.0.0.1:" + std::to_string(port) + "/" + prefix).value();
    }
    [[nodiscard]] qdrant::ServerOptions options() const { return {.api_key = key_}; }

    // "METHOD STATUS PATH BYTES" of every request so far that names the prefix.
    [[nodiscard]] std::vector<std::string> requests(const std::string& prefix) const {
        const std::string text = ask(net::Method::get, "/_test/requests");
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            std::string line = text.substr(at, end - at);
            if (line.find("/collections/" + prefix + "-") != std::string::npos) lines.push_back(std::move(line));
            at = end + 1;
        }
        return lines;
    }
    // The next changes are done, and answered as if they were not yet.
    void answer_next(const std::string& status, int count) const {
        static_cast<void>(ask(net::Method::post, "/_test/next?status=" + status + "&n=" + std::to_string(count)));
    }
    // Asks the server itself, as a stranger would.
    [[nodiscard]] std::string ask(net::Method method, const std::string& path, std::string_view body = {}) const {
        const auto client = net::Client::open({}).value();
        net::Request request{.method = method, .url = url_ + path, .endpoint = "test"};
        request.headers = {{"api-key", key_}, {"Content-Type", "application/json"}};
        request.body = body;
        return client->send(request).value().body;
    }

private:
    std::string url_;
    std::string key_ = "s3cret-qdrant-key";
    std::string prefix_ = "t" + Uuid::v7(system_clock().now()).text().substr(0, 18) + "n";
    std::unique_ptr<PythonServer> process_;
    int prefixes_ = 0;
};

}  // namespace archaeologist
