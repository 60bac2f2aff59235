#include "net/client.hpp"

#include <doctest/doctest.h>

#include <cstdlib>
#include <map>
#include <thread>

#include "support/http_stub.hpp"

using namespace archaeologist;
using namespace archaeologist::net;
using namespace std::chrono_literals;
using Fault = StubReply::Fault;

namespace {

ClientOptions quick() {
    ClientOptions options;
    options.retry.base = 1ms;
    options.retry.cap = 5ms;
    options.total_max = 20s;
    options.attempt_max = 10s;
    return options;
}

std::unique_ptr<Client> open(ClientOptions options = quick()) {
    auto client = Client::open(std::move(options));
    REQUIRE(client.has_value());
    return std::move(client).value();
}

Request get(const HttpStub& server, std::string_view path = "/") {
    return {.url = server.url(path), .endpoint = "test"};
}

// A body of bytes that are made when they are read.
class PatternBody final : public RequestBody {
public:
    explicit PatternBody(std::uint64_t size) : size_(size) {}
    [[nodiscard]] static char at(std::uint64_t offset) { return static_cast<char>('a' + offset % 23); }
    [[nodiscard]] std::uint64_t size() const override { return size_; }
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) override {
        const std::size_t size = std::min<std::uint64_t>(buffer.size(), size_ - std::min(offset, size_));
        for (std::size_t i = 0; i < size; ++i) buffer[i] = at(offset + i);
        return size;
    }

private:
    std::uint64_t size_;
};

class Collected final : public ResponseSink {
public:
    [[nodiscard]] Status begin(const Response& head) override {
        ++begins;
        status = head.status;
        text.clear();
        return {};
    }
    [[nodiscard]] Status write(std::string_view bytes) override {
        text += bytes;
        if (text.size() > refuses_above) return Error{Code::storage_full, "the disk is full, said the test"};
        return {};
    }

    int begins = 0;
    int status = 0;
    std::string text;
    std::size_t refuses_above = ~std::size_t{0};
};

}  // namespace

TEST_CASE("a request arrives as it was sent, and its reply comes back") {
    HttpStub server([](const StubRequest& request) {
        return StubReply{
            .status = 201, .headers = {{"X-Kind", "first"}, {"X-Kind", "last"}}, .body = request.body + "!"};
    });
    const auto client = open();
    Request request{.method = Method::post,
                    .url = server.url("/a/b?x=1"),
                    .endpoint = "test",
                    .headers = {{"Content-Type", "application/json"}, {"X-Empty", ""}},
                    .body = "{}"};
    const auto reply = client->send(request);
    REQUIRE(reply.has_value());
    CHECK(reply->status == 201);
    CHECK(reply->body == "{}!");
    CHECK(reply->header("x-kind") == "last");
    CHECK_FALSE(reply->header("x-missing").has_value());
    CHECK(reply->attempts == 1);
    const StubRequest seen = server.log().at(0);
    CHECK(seen.method == "POST");
    CHECK(seen.target == "/a/b?x=1");
    CHECK(seen.headers.at("content-type") == "application/json");
    CHECK(seen.headers.at("x-empty").empty());
    CHECK_FALSE(seen.headers.contains("expect"));
    CHECK_FALSE(seen.headers.contains("authorization"));
}

TEST_CASE("each method is sent as such, with a length only where there may be a body") {
    HttpStub server([](const StubRequest&) { return StubReply{.body = "ok"}; });
    const auto client = open();
    for (const Method method : {Method::get, Method::head, Method::put, Method::post, Method::patch, Method::remove}) {
        Request request = get(server);
        request.method = method;
        const auto reply = client->send(request);
        REQUIRE(reply.has_value());
        const StubRequest seen = server.log().back();
        CHECK(seen.method == to_string(method));
        CHECK(reply->body == (method == Method::head ? "" : "ok"));
        const bool has_body = method == Method::put || method == Method::post || method == Method::patch;
        CHECK(seen.headers.contains("content-length") == has_body);
    }
}

TEST_CASE("calls one after another use one connection; a connection that the server closed is made anew") {
    HttpStub server([](const StubRequest& request) {
        return StubReply{.body = "ok", .fault = request.number == 10 ? Fault::drop : Fault::none};
    });
    const auto client = open();
    for (int i = 0; i < 10; ++i) REQUIRE(client->send(get(server)).has_value());
    CHECK(server.connections() == 1);
    REQUIRE(client->send(get(server)).has_value());
    CHECK(server.connections() == 2);
}

TEST_CASE("a reset, an answer without a byte, half a head and half an answer are tried again") {
    for (const Fault fault : {Fault::reset, Fault::drop, Fault::cut_head, Fault::cut}) {
        HttpStub server([fault](const StubRequest& request) {
            return StubReply{.body = "0123456789", .fault = request.number < 3 ? fault : Fault::none};
        });
        const auto reply = open()->send(get(server));
        REQUIRE(reply.has_value());
        CHECK(reply->body == "0123456789");
        CHECK(server.requests() == 4);
    }
}

TEST_CASE("a body that streams is sent whole again, and a sink hears where a new attempt begins") {
    HttpStub server([](const StubRequest& request) {
        return StubReply{.body = request.body, .fault = request.number < 2 ? Fault::cut : Fault::none};
    });
    PatternBody body(3'000'000);
    Collected sink;
    Request request = get(server);
    request.method = Method::put;
    request.stream = &body;
    request.sink = &sink;
    const auto reply = open()->send(request);
    REQUIRE(reply.has_value());
    CHECK(reply->body.empty());
    CHECK(sink.begins == 3);
    CHECK(sink.status == 200);
    REQUIRE(sink.text.size() == 3'000'000);
    for (std::size_t i = 0; i < sink.text.size(); i += 997) REQUIRE(sink.text[i] == PatternBody::at(i));
}

TEST_CASE("a sink hears of an empty body too, and not of one that belongs to an error") {
    HttpStub server([](const StubRequest& request) {
        return request.target == "/empty" ? StubReply{} : StubReply{.status = 404, .body = "nothing here"};
    });
    const auto client = open();
    Collected sink;
    Request request = get(server, "/empty");
    request.sink = &sink;
    REQUIRE(client->send(request).has_value());
    CHECK(sink.begins == 1);
    request.url = server.url("/other");
    const auto reply = client->send(request);
    REQUIRE(reply.has_value());
    CHECK(sink.begins == 1);
    CHECK(reply->body == "nothing here");
    CHECK(error_of(*reply, reply->body).code == Code::not_found);
}

TEST_CASE("what the body's owner or the sink reports ends the call at once and comes back") {
    HttpStub server([](const StubRequest&) { return StubReply{.body = std::string(500'000, 'x')}; });
    const auto client = open();
    Collected sink;
    sink.refuses_above = 1'000;
    Request request = get(server);
    request.sink = &sink;
    const auto refused = client->send(request);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::storage_full);
    CHECK(refused.error().message == "the disk is full, said the test");
    CHECK(server.requests() == 1);
}

TEST_CASE("503 and 429 are tried again after what Retry-After says") {
    for (const int status : {429, 503}) {
        HttpStub server([status](const StubRequest& request) {
            if (request.number == 0) return StubReply{.status = status, .headers = {{"Retry-After", "1"}}};
            return StubReply{.body = "ok"};
        });
        const auto started = std::chrono::steady_clock::now();
        const auto reply = open()->send(get(server));
        REQUIRE(reply.has_value());
        CHECK(reply->status == 200);
        CHECK(reply->attempts == 2);
        CHECK(std::chrono::steady_clock::now() - started >= 1s);
    }
}

TEST_CASE("a server that wants more time than there is gets its reply handed on at once") {
    HttpStub server([](const StubRequest&) {
        return StubReply{.status = 503, .headers = {{"Retry-After", "3600"}}, .body = "later"};
    });
    const auto reply = open()->send(get(server));
    REQUIRE(reply.has_value());
    CHECK(reply->status == 503);
    CHECK(server.requests() == 1);
    CHECK(error_of(*reply, reply->body).code == Code::unavailable);
}

TEST_CASE("the last reply is handed on when attempts are used up; a final one at once") {
    HttpStub server([](const StubRequest& request) {
        return StubReply{.status = 500, .body = request.target == "/final" ? "input is too large" : "broken"};
    });
    const auto client = open();
    const auto reply = client->send(get(server));
    REQUIRE(reply.has_value());
    CHECK(reply->attempts == quick().retry.attempts_max);
    CHECK(error_of(*reply, "broken").message ==
          "GET " + server.url() + ": 500 broken (after " + std::to_string(reply->attempts) + " attempts)");
    Request request = get(server, "/final");
    request.is_final = [](const Response& response) { return response.body == "input is too large"; };
    CHECK(client->send(request)->attempts == 1);
}

TEST_CASE("a request that must not be repeated is not, unless it was refused or never arrived") {
    HttpStub server([](const StubRequest& request) {
        if (request.target == "/lost") return StubReply{.fault = Fault::drop};
        return StubReply{.status = request.number % 2 == 1 ? 429 : 200};
    });
    const auto client = open();
    Request request = get(server, "/lost");
    request.method = Method::post;
    request.repeat = Repeat::unless_sent;
    CHECK(client->send(request).error().code == Code::unavailable);
    CHECK(server.requests() == 1);
    request.url = server.url("/refused");
    CHECK(client->send(request)->attempts == 2);

    request.url = "http://127.0.0.1:1/nobody";
    const auto nobody = client->send(request);
    REQUIRE_FALSE(nobody.has_value());
    CHECK(nobody.error().message.find("(after 6 attempts)") != std::string::npos);
}

TEST_CASE("a redirect is not followed") {
    HttpStub server([](const StubRequest&) {
        return StubReply{.status = 307, .headers = {{"Location", "/elsewhere"}}};
    });
    const auto reply = open()->send(get(server));
    REQUIRE(reply.has_value());
    CHECK(reply->status == 307);
    CHECK(server.requests() == 1);
    const Error error = error_of(*reply, "");
    CHECK(error.code == Code::invalid_argument);
    CHECK(error.message == "GET " + server.url() + ": 307 (redirects are not followed)");
}

TEST_CASE("a reply above the limit is too_large; of an error's long body the beginning is kept") {
    HttpStub server([](const StubRequest& request) {
        return StubReply{.status = request.target == "/error" ? 400 : 200, .body = std::string(60'000, 'x')};
    });
    const auto client = open();
    Request request = get(server);
    request.response_bytes_max = 59'999;
    const auto large = client->send(request);
    REQUIRE_FALSE(large.has_value());
    CHECK(large.error().code == Code::too_large);
    CHECK(server.requests() == 1);
    request.response_bytes_max = 60'000;
    CHECK(client->send(request).has_value());
    request.response_bytes_max = 10;
    request.url = server.url("/error");
    CHECK(client->send(request)->body.size() == 60'000);
}

TEST_CASE("headers without end are too_large") {
    HttpStub server([](const StubRequest&) {
        StubReply reply;
        for (int i = 0; i < 100; ++i) reply.headers.emplace_back("X-" + std::to_string(i), std::string(1'000, 'x'));
        return reply;
    });
    CHECK(open()->send(get(server)).error().code == Code::too_large);
}

TEST_CASE("no answer in time is unavailable; the whole call ends in time too") {
    HttpStub server([](const StubRequest&) { return StubReply{.fault = Fault::hang}; });
    ClientOptions options = quick();
    options.attempt_max = 150ms;
    options.total_max = 400ms;
    const auto started = std::chrono::steady_clock::now();
    const auto reply = open(options)->send(get(server));
    const auto took = std::chrono::steady_clock::now() - started;
    REQUIRE_FALSE(reply.has_value());
    CHECK(reply.error().code == Code::unavailable);
    CHECK(server.requests() >= 2);
    CHECK(took >= 150ms);
    CHECK(took < 2s);
}

TEST_CASE("a slow server is waited for") {
    HttpStub server([](const StubRequest&) { return StubReply{.body = "ok", .delay = 2s}; });
    CHECK(open()->send(get(server))->body == "ok");
    CHECK(server.requests() == 1);
}

TEST_CASE("a call ends within 100 ms when it is cancelled: amid a transfer, amid a pause, amid a queue, by any hand") {
    HttpStub server([](const StubRequest& request) {
        if (request.target == "/busy") return StubReply{.status = 503, .headers = {{"Retry-After", "10"}}};
        return StubReply{.fault = Fault::hang};
    });
    const auto cancelled_after = [](Client& client, Request request, const std::function<bool()>& is_under_way,
                                    const std::function<void()>& cancel) {
        std::chrono::steady_clock::time_point ended;
        Result<Response> reply = Error{};
        std::thread caller([&] {
            reply = client.send(request);
            ended = std::chrono::steady_clock::now();
        });
        while (!is_under_way()) std::this_thread::yield();
        const auto asked = std::chrono::steady_clock::now();
        cancel();
        caller.join();
        CHECK(reply.error().code == Code::cancelled);
        return ended - asked;
    };
    for (const char* const path : {"/hang", "/busy"}) {
        const auto client = open();
        std::stop_source stop;
        Request request = get(server, path);
        request.stop = stop.get_token();
        const int before = server.requests();
        CHECK(cancelled_after(
                  *client, request, [&] { return server.requests() > before; }, [&] { stop.request_stop(); }) < 100ms);
        const int again = server.requests();
        CHECK(cancelled_after(
                  *client, get(server, path), [&] { return server.requests() > again; }, [&] { client->stop(); }) <
              100ms);
        CHECK(client->send(get(server)).error().code == Code::cancelled);
    }
    ClientOptions options = quick();
    options.connections_max = 1;
    const auto client = open(options);
    std::thread first([&] { CHECK(client->send(get(server, "/hang")).error().code == Code::cancelled); });
    const auto is_queued = [&, before = server.requests()] { return server.requests() > before; };
    CHECK(cancelled_after(*client, get(server, "/hang"), is_queued, [&] { client->stop(); }) < 100ms);
    first.join();
}

TEST_CASE("while a server is down, calls use up their budget of retries and then try once; a success fills it again") {
    std::atomic<bool> is_down = true;
    HttpStub server([&is_down](const StubRequest& request) {
        return StubReply{.status = is_down || request.target == "/down" ? 500 : 200};
    });
    ClientOptions options = quick();
    options.retry.budget = 7;
    const auto client = open(options);
    CHECK(client->send(get(server))->attempts == 6);
    CHECK(client->send(get(server))->attempts == 3);
    CHECK(client->send(get(server))->attempts == 1);
    is_down = false;
    for (int i = 0; i < 10; ++i) REQUIRE(client->send(get(server))->status == 200);
    CHECK(client->send(get(server, "/down"))->attempts == 3);
}

TEST_CASE("no message and no log line has a secret") {
    HttpStub server([](const StubRequest&) { return StubReply{.status = 500, .body = "no"}; });
    std::string said;
    ClientOptions options = quick();
    options.log = Logger([&said](const LogRecord& record) { said += record.message; }, LogLevel::debug);
    const auto client = open(options);
    const AwsSigning signing{.region = "here", .access_key = "AKID", .secret_key = "hidden-1"};
    Request request = get(server, "/a?key=hidden-2");
    request.headers = {{"Authorization", "Bearer hidden-3"}};
    const auto reply = client->send(request);
    said += error_of(*reply, reply->body).message;
    request.headers.clear();
    request.signing = &signing;
    REQUIRE(client->send(request).has_value());
    CHECK(server.log().back().headers.at("authorization").find("Credential=AKID/") != std::string::npos);
    request.url = "http://user:hidden-4@127.0.0.1:1/";
    said += client->send(request).error().message;
    request.url = server.url("/hidden-5 x");
    said += client->send(request).error().message;
    request.url = server.url();
    request.headers = {{"X-Key", "hidden-6\r\nX: y"}};
    said += client->send(request).error().message;
    CHECK(said.find("500") != std::string::npos);
    CHECK(said.find("hidden") == std::string::npos);
}

TEST_CASE("URLs and headers that are none are refused before anything is sent") {
    HttpStub server([](const StubRequest&) { return StubReply{}; });
    const auto client = open();
    for (const char* const url :
         {"", "ftp://host/", "file:///etc/passwd", "http://", "http://u:p@127.0.0.1/", "HTTP//x"}) {
        CHECK_MESSAGE(client->send({.url = url, .endpoint = "test"}).error().code == Code::invalid_argument, url);
    }
    Request request = get(server);
    request.headers = {{"X-A", "1\r\nX-B: 2"}};
    CHECK(client->send(request).error().code == Code::invalid_argument);
    CHECK(server.requests() == 0);
}

TEST_CASE("a proxy is used by setting only") {
    HttpStub proxy([](const StubRequest& request) { return StubReply{.body = "by proxy: " + request.target}; });
    HttpStub server([](const StubRequest&) { return StubReply{.body = "direct"}; });
    ::setenv("http_proxy", proxy.url().c_str(), 1);
    ::setenv("no_proxy", "*", 1);
    CHECK(open()->send(get(server))->body == "direct");
    ClientOptions options = quick();
    options.proxy = proxy.url();
    CHECK(open(options)->send(get(server, "/a"))->body == "by proxy: " + server.url("/a"));
    ::unsetenv("http_proxy");
    ::unsetenv("no_proxy");
    options.proxy = "socks5://user:hidden@127.0.0.1:1";
    const auto refused = Client::open(options);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().message.find("hidden") == std::string::npos);
}

TEST_CASE("figures are kept by endpoint") {
    HttpStub server([](const StubRequest& request) {
        if (request.target == "/missing") return StubReply{.status = 404};
        return StubReply{.status = request.number == 0 ? 503 : 200, .body = "12345"};
    });
    const auto client = open();
    Request put = get(server);
    put.method = Method::put;
    put.body = "abc";
    put.endpoint = "test put";
    REQUIRE(client->send(put).has_value());
    REQUIRE(client->send(get(server, "/missing")).has_value());
    CHECK_FALSE(client->send({.url = "http://127.0.0.1:1/", .endpoint = "test"}).has_value());
    const auto metrics = client->metrics();
    REQUIRE(metrics.size() == 2);
    CHECK(metrics[0].endpoint == "test");
    CHECK(metrics[0].requests == 2);
    CHECK(metrics[0].failures == 1);
    CHECK(metrics[0].retries == 5);
    CHECK(metrics[1].endpoint == "test put");
    CHECK(metrics[1].requests == 1);
    CHECK(metrics[1].failures == 0);
    CHECK(metrics[1].retries == 1);
    CHECK(metrics[1].bytes_sent == 6);
    CHECK(metrics[1].bytes_received == 10);
    CHECK(metrics[1].latency_sum_s > 0);
}

TEST_CASE("threads share a client, within its number of connections") {
    HttpStub server([](const StubRequest& request) { return StubReply{.body = request.target}; });
    ClientOptions options = quick();
    options.connections_max = 3;
    const auto client = open(options);
    std::atomic<int> right = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 8; ++t) {
        threads.emplace_back([&, t] {
            for (int i = 0; i < 25; ++i) {
                const std::string path = "/" + std::to_string(t) + "/" + std::to_string(i);
                const auto reply = client->send(get(server, path));
                if (reply && reply->body == path) ++right;
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 200);
    CHECK(server.connections() <= 3);
}
