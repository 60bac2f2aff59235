#include "lake/s3/bucket.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "base/sha256.hpp"
#include "lake/s3/xml.hpp"

namespace archaeologist::s3 {
namespace {

using net::Method;
using net::Parameter;
using net::Response;

constexpr std::size_t detail_bytes_max = 300;
constexpr std::uint64_t slowest_bytes_per_s = 256 << 10;  // a slower line is as good as none
constexpr std::chrono::seconds time_least{60};
constexpr std::chrono::seconds probe_max{3};
constexpr std::size_t list_max = 1'000;  // of one reply, as S3 has it

std::optional<std::uint64_t> number_of(std::string_view text) {
    std::uint64_t number = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Error confused(const Response& response, const std::string& what) {
    return {Code::io_error, response.request + ": " + what};
}

// Control characters of a server's words do not belong into a log.
std::string detail_of(const Response& response) {
    std::string detail = element_text(response.body, "Code");
    const std::string message = element_text(response.body, "Message");
    if (!message.empty()) detail += (detail.empty() ? "" : ": ") + message;
    for (char& c : detail) {
        if (static_cast<unsigned char>(c) < ' ' || c == '\x7f') c = ' ';
    }
    return detail.substr(0, detail_bytes_max);
}

// "bytes 0-9/100"
struct ContentRange {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    std::uint64_t total = 0;
};

std::optional<ContentRange> content_range(std::string_view text) {
    constexpr std::string_view unit = "bytes ";
    const std::size_t dash = text.find('-');
    const std::size_t slash = text.find('/');
    if (!text.starts_with(unit) || dash == std::string_view::npos || slash == std::string_view::npos || slash < dash) {
        return std::nullopt;
    }
    const auto first = number_of(text.substr(unit.size(), dash - unit.size()));
    const auto last = number_of(text.substr(dash + 1, slash - dash - 1));
    const auto total = number_of(text.substr(slash + 1));
    if (!first || !last || !total) return std::nullopt;
    return ContentRange{*first, *last, *total};
}

// Takes a reply's bytes to where they are wanted, once its head says that they are the right ones.
class BufferSink final : public net::ResponseSink {
public:
    BufferSink(std::uint64_t offset, std::span<char> buffer) : offset_(offset), buffer_(buffer) {}

    [[nodiscard]] Status begin(const Response& head) override {
        fetched_ = {};
        if (head.status == 200 && offset_ == 0) {  // the whole, from a server without ranges
            fetched_.object_bytes = number_of(head.header("content-length").value_or("")).value_or(0);
            return {};
        }
        const auto range = content_range(head.header("content-range").value_or(""));
        if (head.status != 206 || !range || range->first != offset_ ||
            range->last != std::min<std::uint64_t>(offset_ + buffer_.size(), range->total) - 1) {
            return confused(head, "the reply to a range from byte " + std::to_string(offset_) + " is " +
                                      std::to_string(head.status) + " with Content-Range \"" +
                                      std::string(head.header("content-range").value_or("")) + "\"");
        }
        fetched_.object_bytes = range->total;
        return {};
    }

    [[nodiscard]] Status write(std::string_view bytes) override {
        if (bytes.size() > buffer_.size() - fetched_.got) {
            return Error{Code::io_error, "the server sent more bytes than it was asked for"};
        }
        std::memcpy(buffer_.data() + fetched_.got, bytes.data(), bytes.size());
        fetched_.got += bytes.size();
        return {};
    }

    [[nodiscard]] const Fetched& fetched() const { return fetched_; }

private:
    std::uint64_t offset_;
    std::span<char> buffer_;
    Fetched fetched_;
};

const std::string& hash_of_nothing() {
    static const std::string hex = ContentHash::of("").hex();
    return hex;
}

}  // namespace

std::chrono::milliseconds time_for(std::uint64_t bytes) {
    return time_least + std::chrono::seconds(bytes / slowest_bytes_per_s);
}

Error error_of_reply(const Response& response) {
    constexpr std::array<std::string_view, 6> passing{"RequestTimeout",   "ExpiredToken",
                                                      "InvalidToken",     "AuthorizationHeaderMalformed",
                                                      "OperationAborted", "XAmzContentSHA256Mismatch"};
    Error error = net::error_of(response, detail_of(response));
    const std::string code = element_text(response.body, "Code");
    if (error.code == Code::storage_full || error.code == Code::rate_limited) return error;
    if (code == "XMinioStorageFull" || code == "QuotaExceeded") {
        error.code = Code::storage_full;
        return error;
    }
    const bool is_outage = response.status >= 500 || response.status == 401 || response.status == 403 ||
                           response.status == 404 || response.status == 408 || response.status < 400 ||
                           std::find(passing.begin(), passing.end(), code) != passing.end();
    error.code = is_outage ? Code::unavailable : Code::io_error;
    return error;
}

Bucket::Bucket(Location location, const S3Credentials& credentials, std::unique_ptr<net::Client> client)
    : location_(std::move(location)),
      signing_{.region = location_.region, .access_key = credentials.access_key, .secret_key = credentials.secret_key},
      session_token_(credentials.session_token),
      client_(std::move(client)) {}

net::Request Bucket::request(Method method, std::string_view key, std::string_view endpoint,
                             std::span<const Parameter> query) const {
    net::Request made{.method = method, .url = url_of(location_, key, query), .endpoint = endpoint};
    if (!signing_.access_key.empty()) {
        made.signing = &signing_;
        if (!session_token_.empty()) made.headers.push_back({"x-amz-security-token", session_token_});
    }
    made.total_max = time_for(0);
    return made;
}

Status Bucket::put(std::string_view key, const Spool& content) const {
    SpoolBody body(content, 0, content.blob().size_bytes);
    net::Request put = request(Method::put, key, "s3 put");
    put.headers.push_back({"Content-Type", "application/octet-stream"});
    put.headers.push_back({"x-amz-content-sha256", content.blob().hash.hex()});
    put.stream = &body;
    put.total_max = time_for(body.size());
    ARCHAEO_ASSIGN(const Response reply, client_->send(put));
    if (!reply.is_success()) return error_of_reply(reply);
    return {};
}

Result<std::optional<std::uint64_t>> Bucket::size_of(std::string_view key) const {
    net::Request head = request(Method::head, key, "s3 head");
    head.headers.push_back({"x-amz-content-sha256", hash_of_nothing()});
    ARCHAEO_ASSIGN(const Response reply, client_->send(head));
    if (reply.status == 404) return std::optional<std::uint64_t>();
    if (!reply.is_success()) return error_of_reply(reply);
    const auto size = number_of(reply.header("content-length").value_or(""));
    if (!size) return confused(reply, "the reply has no Content-Length");
    return size;
}

Result<Fetched> Bucket::get(std::string_view key, std::uint64_t offset, std::span<char> buffer) const {
    BufferSink sink(offset, buffer);
    net::Request get = request(Method::get, key, "s3 get");
    get.headers.push_back({"x-amz-content-sha256", hash_of_nothing()});
    get.headers.push_back(
        {"Range", "bytes=" + std::to_string(offset) + "-" + std::to_string(offset + buffer.size() - 1)});
    get.sink = &sink;
    get.response_bytes_max = buffer.size();
    get.total_max = time_for(buffer.size());
    ARCHAEO_ASSIGN(const Response reply, client_->send(get));
    if (reply.status == 404 && element_text(reply.body, "Code") != "NoSuchBucket") {
        return Error{Code::not_found, reply.request + ": there is no such object"};
    }
    if (reply.status == 416 && offset == 0) {  // of nothing there is no first byte
        ARCHAEO_ASSIGN(const auto size, size_of(key));
        if (size == 0U) return Fetched{};
    }
    if (!reply.is_success()) return error_of_reply(reply);
    const std::uint64_t rest = sink.fetched().object_bytes - std::min(offset, sink.fetched().object_bytes);
    if (sink.fetched().got != std::min<std::uint64_t>(buffer.size(), rest)) {
        return confused(reply, std::to_string(sink.fetched().got) + " bytes came of an object of " +
                                   std::to_string(sink.fetched().object_bytes) + ", from byte " +
                                   std::to_string(offset));
    }
    return sink.fetched();
}

Status Bucket::remove(std::string_view key) const {
    net::Request remove = request(Method::remove, key, "s3 delete");
    remove.headers.push_back({"x-amz-content-sha256", hash_of_nothing()});
    ARCHAEO_ASSIGN(const Response reply, client_->send(remove));
    const bool was_gone = reply.status == 404 && element_text(reply.body, "Code") != "NoSuchBucket";
    if (!reply.is_success() && !was_gone) return error_of_reply(reply);
    return {};
}

Result<std::string> Bucket::create_upload(std::string_view key) const {
    const std::array query{Parameter{"uploads", ""}};
    net::Request create = request(Method::post, key, "s3 create upload", query);
    create.headers.push_back({"Content-Type", "application/octet-stream"});
    create.headers.push_back({"x-amz-content-sha256", hash_of_nothing()});
    ARCHAEO_ASSIGN(const Response reply, client_->send(create));
    if (!reply.is_success()) return error_of_reply(reply);
    auto upload = element_text(reply.body, "UploadId");
    if (upload.empty()) return confused(reply, "the reply names no upload");
    return upload;
}

Result<std::string> Bucket::put_part(std::string_view key, const std::string& upload, int number, SpoolBody& body,
                                     const ContentHash& hash) const {
    const std::array query{Parameter{"partNumber", std::to_string(number)}, Parameter{"uploadId", upload}};
    net::Request put = request(Method::put, key, "s3 put part", query);
    put.headers.push_back({"x-amz-content-sha256", hash.hex()});
    put.stream = &body;
    put.total_max = time_for(body.size());
    ARCHAEO_ASSIGN(const Response reply, client_->send(put));
    if (!reply.is_success()) return error_of_reply(reply);
    const auto etag = reply.header("etag");
    if (!etag || etag->empty()) return confused(reply, "the reply to a part has no ETag");
    return std::string(*etag);
}

Status Bucket::complete_upload(std::string_view key, const std::string& upload,
                               std::span<const std::string> etags) const {
    std::string parts = "<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">";
    for (std::size_t i = 0; i < etags.size(); ++i) {
        parts += "<Part><PartNumber>" + std::to_string(i + 1) + "</PartNumber><ETag>" + xml_escaped(etags[i]) +
                 "</ETag></Part>";
    }
    parts += "</CompleteMultipartUpload>";
    const std::array query{Parameter{"uploadId", upload}};
    net::Request complete = request(Method::post, key, "s3 complete upload", query);
    complete.headers.push_back({"Content-Type", "application/xml"});
    complete.headers.push_back({"x-amz-content-sha256", ContentHash::of(parts).hex()});
    complete.body = parts;
    complete.total_max = std::chrono::minutes{10};  // the server may take its time to put the parts together
    complete.attempt_max = std::chrono::minutes{5};
    ARCHAEO_ASSIGN(const Response reply, client_->send(complete));
    if (!reply.is_success()) return error_of_reply(reply);
    // It begins its reply before it knows how it will end.
    if (const auto error = element(reply.body, "Error")) {
        return Error{Code::unavailable, reply.request + ": " + detail_of(reply)};
    }
    return {};
}

Status Bucket::abort_upload(std::string_view key, const std::string& upload) const {
    const std::array query{Parameter{"uploadId", upload}};
    net::Request abort = request(Method::remove, key, "s3 abort upload", query);
    abort.headers.push_back({"x-amz-content-sha256", hash_of_nothing()});
    ARCHAEO_ASSIGN(const Response reply, client_->send(abort));
    if (!reply.is_success() && reply.status != 404) return error_of_reply(reply);
    return {};
}

net::Request Bucket::list_request(std::string_view after, std::size_t limit) const {
    std::vector<Parameter> query{{"list-type", "2"}, {"max-keys", std::to_string(std::min(limit, list_max))}};
    if (!location_.prefix.empty()) query.push_back({"prefix", location_.prefix});
    if (!after.empty()) query.push_back({"start-after", location_.prefix + std::string(after)});
    net::Request list = request(Method::get, "", "s3 list", query);
    list.headers.push_back({"x-amz-content-sha256", hash_of_nothing()});
    return list;
}

Status Bucket::probe() const {
    net::Request probe = list_request("", 1);
    probe.endpoint = "s3 probe";
    probe.total_max = probe_max;
    probe.is_final = [](const Response&) { return true; };
    ARCHAEO_ASSIGN(const Response reply, client_->send(probe));
    if (!reply.is_success()) return error_of_reply(reply);
    return {};
}

Result<Listing> Bucket::list(std::string_view after, std::size_t limit) const {
    ARCHAEO_ASSIGN(const Response reply, client_->send(list_request(after, limit)));
    if (!reply.is_success()) return error_of_reply(reply);
    if (!element(reply.body, "ListBucketResult")) return confused(reply, "the reply is no list of a bucket");
    Listing listing;
    for (const std::string_view entry : elements(reply.body, "Contents")) {
        std::string key = element_text(entry, "Key");
        const auto size = number_of(element_text(entry, "Size"));
        if (!size || !key.starts_with(location_.prefix))
            return confused(reply, "the list names what was not asked for");
        listing.objects.push_back({key.substr(location_.prefix.size()), *size});
    }
    listing.has_more = element_text(reply.body, "IsTruncated") == "true";
    return listing;
}

}  // namespace archaeologist::s3
