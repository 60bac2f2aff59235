// Calls of a server's API, with replies and errors as the library has them. One connection; one thread at a time.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/engine.hpp"
#include "cli/remote_json.hpp"
#include "cli/remote_service.hpp"
#include "host/http_client.hpp"

namespace archaeologist::cli {

inline constexpr std::string_view api_path = "/api/v1";

class RemoteApi {
public:
    explicit RemoteApi(const ServerAddress& server);

    // `path` is below /api/v1, `body` JSON; an empty one is not sent. The reply's body, of a status from 200 to 299.
    // Errors: what the server says (its problem document), and those of HttpClient::send.
    [[nodiscard]] Result<std::string> call(const char* method, const std::string& path, const std::string& body = {});

    // The same, read by one of the functions of remote_json.hpp.
    template <class Value>
    [[nodiscard]] Result<Value> call(const char* method, const std::string& path,
                                     Result<Value> (*parse)(std::string_view), const std::string& body = {}) {
        ARCHAEO_ASSIGN(const auto json, call(method, path, body));
        auto value = parse(json);
        if (!value) return malformed(method, path, value.error());
        return value;
    }

    // A file's bytes become a source.
    [[nodiscard]] Result<RemoteUpload> upload(const UploadRequest& request, ByteSource& content,
                                              std::uint64_t size_bytes);
    [[nodiscard]] Result<Project> project(std::string_view name);
    [[nodiscard]] Result<Job> job(JobId id);
    // Whether it can be reached, what it says of itself, ready or not, and whether it lets this program in.
    [[nodiscard]] std::vector<Check> check();

    // The server's clock less this machine's, from the latest reply; 0 while it may be, and when the server tells no time.
    // Nothing before the first reply.
    [[nodiscard]] std::optional<std::chrono::milliseconds> clock_ahead() const { return clock_ahead_; }

private:
    [[nodiscard]] Result<host::ClientReply> send(const host::ClientRequest& request);
    [[nodiscard]] Error error_of(const host::ClientRequest& request, const host::ClientReply& reply) const;
    [[nodiscard]] Error malformed(const std::string& method, const std::string& path, const Error& error) const;

    host::HttpClient client_;
    std::optional<std::chrono::milliseconds> clock_ahead_;
};

}  // namespace archaeologist::cli
