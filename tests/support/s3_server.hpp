// A real S3 server on loopback, in a process of its own that ends with the test program: see s3_server.py.
#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "archaeologist/lake.hpp"
#include "net/client.hpp"
#include "support/python_server.hpp"

namespace archaeologist {

class S3Server {
public:
    static constexpr const char* bucket = "test-bucket";

    S3Server() : process_("s3_server.py", arguments(), {{"S3_UPLOAD_PART_MIN_SIZE", "1024"}}) {}

    // One for all tests of the program: it takes a second to start.
    [[nodiscard]] static S3Server& shared() {
        static S3Server server;
        return server;
    }

    [[nodiscard]] static S3Credentials credentials() { return {"AKIDEXAMPLE", "sEcReT/+kEy", "t0ken=="}; }
    [[nodiscard]] int port() const { return process_.port(); }
    [[nodiscard]] std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port()); }
    [[nodiscard]] LakeConfig config(const std::string& prefix) const { return config(prefix, port()); }
    // By way of a proxy at that port.
    [[nodiscard]] static LakeConfig config(const std::string& prefix, int port) {
        LakeConfig config;
        config.url =
            std::string("s3://") + bucket + "/" + prefix + "?endpoint=http://127.0.0.1:" + std::to_string(port);
        config.credentials = credentials();
        return config;
    }
    // Each one's own part of the bucket.
    [[nodiscard]] std::string fresh_prefix() { return "p" + std::to_string(prefixes_++); }

    // "METHOD STATUS TARGET" of every request so far that names the prefix.
    [[nodiscard]] std::vector<std::string> requests(const std::string& prefix) const {
        const auto client = net::Client::open({}).value();
        const std::string text = client->send({.url = endpoint() + "/_test/requests", .endpoint = "test"}).value().body;
        std::vector<std::string> lines;
        for (std::size_t at = 0; at < text.size();) {
            const std::size_t end = std::min(text.find('\n', at), text.size());
            const std::string line = text.substr(at, end - at);
            if (line.find("/" + prefix + "/") != std::string::npos ||
                line.find("prefix=" + prefix + "%2F") != std::string::npos) {
                lines.push_back(line);
            }
            at = end + 1;
        }
        return lines;
    }

private:
    static std::vector<std::string> arguments() {
        return {bucket, credentials().access_key, credentials().secret_key, credentials().session_token};
    }

    PythonServer process_;
    int prefixes_ = 0;
};

}  // namespace archaeologist
