#include "lake/s3/bucket.hpp"

#include <doctest/doctest.h>

#include <array>

#include "support/http_stub.hpp"

using namespace archaeologist;
using namespace archaeologist::s3;
using namespace std::chrono_literals;

namespace {

std::string error_xml(std::string_view code) {
    return "<?xml version=\"1.0\"?>\n<Error><Code>" + std::string(code) +
           "</Code><Message>So it\nis.</Message></Error>";
}

Bucket bucket_at(const HttpStub& server, const S3Credentials& credentials = {"AKID", "hidden", {}}) {
    net::ClientOptions quick;
    quick.retry.base = 1ms;
    quick.retry.cap = 2ms;
    return {parse_location("s3://bucket/pre?endpoint=" + server.url("")).value(), credentials,
            net::Client::open(quick).value()};
}

}  // namespace

TEST_CASE("what a server says of its state is an outage; what it says of the request is not") {
    std::string code;
    int status = 0;
    HttpStub server([&](const StubRequest&) { return StubReply{.status = status, .body = error_xml(code)}; });
    const auto bucket = bucket_at(server);
    const auto code_of = [&](int of_status, const char* of_code) {
        status = of_status;
        code = of_code;
        const auto listing = bucket.list("", 1);
        REQUIRE_FALSE(listing.has_value());
        CHECK(listing.error().message.find(code + ": So it is.") != std::string::npos);
        CHECK(listing.error().message.find("hidden") == std::string::npos);
        return listing.error().code;
    };
    CHECK(code_of(403, "AccessDenied") == Code::unavailable);
    CHECK(code_of(403, "RequestTimeTooSkewed") == Code::unavailable);
    CHECK(code_of(404, "NoSuchBucket") == Code::unavailable);
    CHECK(code_of(301, "PermanentRedirect") == Code::unavailable);
    CHECK(code_of(400, "ExpiredToken") == Code::unavailable);
    CHECK(code_of(400, "AuthorizationHeaderMalformed") == Code::unavailable);
    CHECK(code_of(500, "InternalError") == Code::unavailable);
    CHECK(code_of(503, "SlowDown") == Code::unavailable);
    CHECK(code_of(429, "TooManyRequests") == Code::rate_limited);
    CHECK(code_of(507, "XMinioStorageFull") == Code::storage_full);
    CHECK(code_of(400, "InvalidArgument") == Code::io_error);
    CHECK(code_of(501, "NotImplemented") == Code::unavailable);
}

TEST_CASE("a completion that says 200 and then an error has failed") {
    HttpStub server([](const StubRequest&) { return StubReply{.body = error_xml("InternalError")}; });
    const std::array<std::string, 1> etags{"\"1\""};
    const auto completed = bucket_at(server).complete_upload("k", "u", etags);
    REQUIRE_FALSE(completed.has_value());
    CHECK(completed.error().code == Code::unavailable);
    CHECK(completed.error().message.find("InternalError") != std::string::npos);
}

TEST_CASE("a reply to a range is taken only for the bytes that were asked for") {
    StubReply reply;
    HttpStub server([&reply](const StubRequest&) { return reply; });
    const auto bucket = bucket_at(server);
    std::string buffer(10, '\0');
    const auto ranged = [&](const char* range, const char* body) {
        reply = {.status = 206, .headers = {{"Content-Range", range}}, .body = body};
        return bucket.get("k", 5, buffer);
    };
    const auto right = ranged("bytes 5-14/100", "0123456789");
    REQUIRE(right.has_value());
    CHECK(right->object_bytes == 100);
    CHECK(buffer == "0123456789");
    CHECK(ranged("bytes 5-7/8", "abc").value().got == 3);
    CHECK(ranged("bytes 4-13/100", "0123456789").error().code == Code::io_error);
    CHECK(ranged("bytes 5-13/100", "012345678").error().code == Code::io_error);
    CHECK(ranged("bytes 5-14/100", "01234").error().code == Code::io_error);
    for (const char* const range : {"", "bytes */100", "5-14/100", "bytes 5-14/*", "bytes 5/14-100"}) {
        CHECK(ranged(range, "0123456789").error().code == Code::io_error);
    }
    reply = {.status = 200, .body = "0123456789"};
    CHECK(bucket.get("k", 5, buffer).error().code == Code::io_error);
    CHECK(bucket.get("k", 0, buffer).value().object_bytes == 10);
    reply = {.status = 404, .body = error_xml("NoSuchKey")};
    CHECK(bucket.get("k", 5, buffer).error().code == Code::not_found);
    CHECK(server.log().back().headers.at("range") == "bytes=5-14");
}

TEST_CASE("replies that lack what they must have are refused") {
    HttpStub server([](const StubRequest&) { return StubReply{.body = "<html>A proxy's page</html>"}; });
    const auto bucket = bucket_at(server);
    CHECK(bucket.create_upload("k").error().code == Code::io_error);
    CHECK(bucket.list("", 1).error().code == Code::io_error);
    Spool spool("/nowhere", 10);
    REQUIRE(spool.write("abc").has_value());
    spool.seal();
    SpoolBody body(spool, 0, 3);
    CHECK(bucket.put_part("k", "u", 1, body, spool.blob().hash).error().code == Code::io_error);
}

TEST_CASE("without a key requests are not signed") {
    HttpStub server([](const StubRequest&) { return StubReply{.status = 204}; });
    REQUIRE(bucket_at(server, {}).remove("k").has_value());
    CHECK_FALSE(server.log().back().headers.contains("authorization"));
    REQUIRE(bucket_at(server, {"AKID", "hidden", "token"}).remove("k").has_value());
    const StubRequest seen = server.log().back();
    CHECK(seen.method == "DELETE");
    CHECK(seen.target == "/bucket/pre/k");
    CHECK(seen.headers.at("x-amz-security-token") == "token");
    CHECK(seen.headers.at("authorization").find("x-amz-security-token") != std::string::npos);
}

TEST_CASE("a large body has the time it needs on a slow line") {
    CHECK(time_for(0) == 60s);
    CHECK(time_for(64 << 20) == 60s + 256s);
}
