// A real S3 server on loopback, in a process of its own that ends with the test program: see s3_server.py.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

#include "archaeologist/lake.hpp"
#include "net/client.hpp"
#include "test_paths.hpp"

namespace archaeologist {

class S3Server {
public:
    static constexpr const char* bucket = "test-bucket";

    S3Server() {
        int input[2];
        int output[2];
        if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) std::abort();
        id_ = ::fork();
        if (id_ == 0) {
            ::dup2(input[0], STDIN_FILENO);
            ::dup2(output[1], STDOUT_FILENO);
            ::setenv("S3_UPLOAD_PART_MIN_SIZE", "1024", 1);
            ::execl(ARCHAEO_TEST_PYTHON, ARCHAEO_TEST_PYTHON, "-B", ARCHAEO_TEST_SUPPORT "/s3_server.py", bucket,
                    credentials().access_key.c_str(), credentials().secret_key.c_str(),
                    credentials().session_token.c_str(), nullptr);
            ::_exit(127);
        }
        ::close(input[0]);
        ::close(output[1]);
        life_ = input[1];
        std::FILE* const said = ::fdopen(output[0], "r");
        if (std::fscanf(said, "%d", &port_) != 1) {
            std::fprintf(stderr, "%s does not start s3_server.py; tools/deps test makes it\n", ARCHAEO_TEST_PYTHON);
            std::abort();
        }
        std::fclose(said);
    }
    S3Server(const S3Server&) = delete;
    S3Server& operator=(const S3Server&) = delete;
    ~S3Server() {
        ::close(life_);
        ::waitpid(id_, nullptr, 0);
    }

    // One for all tests of the program: it takes a second to start.
    [[nodiscard]] static S3Server& shared() {
        static S3Server server;
        return server;
    }

    [[nodiscard]] static S3Credentials credentials() { return {"AKIDEXAMPLE", "sEcReT/+kEy", "t0ken=="}; }
    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string endpoint() const { return "http://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] LakeConfig config(const std::string& prefix) const { return config(prefix, port_); }
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
    pid_t id_ = -1;
    int life_ = -1;
    int port_ = 0;
    int prefixes_ = 0;
};

}  // namespace archaeologist
