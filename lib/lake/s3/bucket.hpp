// S3's requests, as far as the lake needs them.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/lake.hpp"
#include "archaeologist/result.hpp"
#include "lake/s3/location.hpp"
#include "lake/s3/spool.hpp"
#include "net/client.hpp"

namespace archaeologist::s3 {

// An object's bytes as they came.
struct Fetched {
    std::uint64_t object_bytes = 0;  // of the whole
    std::size_t got = 0;
};

struct ListedObject {
    std::string key;  // below the prefix
    std::uint64_t size_bytes = 0;
};

struct Listing {
    std::vector<ListedObject> objects;  // by key
    bool has_more = false;
};

// Thread-safe. Keys are those below the location's prefix. What fails beyond the errors that are named is
//   unavailable   the server cannot be reached or is busy, or the bucket, the credentials or the clock are not as they must
//                 be: an outage until somebody changed that
//   rate_limited, storage_full, cancelled
//   io_error      what else the server refuses
// and says where, and what the server said.
class Bucket {
public:
    Bucket(Location location, const S3Credentials& credentials, std::unique_ptr<net::Client> client);

    // One request with the whole content, whose hash the server checks.
    [[nodiscard]] Status put(std::string_view key, const Spool& content) const;

    // Nothing: there is no such object.
    [[nodiscard]] Result<std::optional<std::uint64_t>> size_of(std::string_view key) const;

    // Fills the buffer from `offset`, fewer bytes only at the end. Errors: not_found.
    [[nodiscard]] Result<Fetched> get(std::string_view key, std::uint64_t offset, std::span<char> buffer) const;

    // Idempotent.
    [[nodiscard]] Status remove(std::string_view key) const;

    // An object in parts is not to be seen before it is complete.
    [[nodiscard]] Result<std::string> create_upload(std::string_view key) const;
    // Parts are counted from 1. The part's ETag.
    [[nodiscard]] Result<std::string> put_part(std::string_view key, const std::string& upload, int number,
                                               SpoolBody& body, const ContentHash& hash) const;
    // When it fails it may have succeeded all the same: a request whose answer was lost finds no upload any more.
    [[nodiscard]] Status complete_upload(std::string_view key, const std::string& upload,
                                         std::span<const std::string> etags) const;
    [[nodiscard]] Status abort_upload(std::string_view key, const std::string& upload) const;

    // At most 1,000. `after` is a key, or empty.
    [[nodiscard]] Result<Listing> list(std::string_view after, std::size_t limit) const;

    // One small request without retries, for 3 s at most.
    [[nodiscard]] Status probe() const;

    [[nodiscard]] const Location& location() const { return location_; }

private:
    [[nodiscard]] net::Request request(net::Method method, std::string_view key, std::string_view endpoint,
                                       std::span<const net::Parameter> query = {}) const;
    [[nodiscard]] net::Request list_request(std::string_view after, std::size_t limit) const;

    const Location location_;
    const net::AwsSigning signing_;
    const std::string session_token_;
    const std::unique_ptr<net::Client> client_;
};

// How much time a request with so many bytes may take, with all its attempts.
[[nodiscard]] std::chrono::milliseconds time_for(std::uint64_t bytes);

// What a reply that is no success means, by the rules above.
[[nodiscard]] Error error_of_reply(const net::Response& response);

}  // namespace archaeologist::s3
