#include "host/http/exchange.hpp"

#include <httplib.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <random>

#include "host/http/body.hpp"
#include "host/http/problem.hpp"

namespace archaeologist::host {
namespace {

using SteadyClock = std::chrono::steady_clock;

// A body that nobody read is read to here, so that the connection can go on.
constexpr std::uint64_t drained_bytes_max = 1 << 20;
constexpr std::size_t keep_alive_requests = 1'000'000;  // only said: we do not count them
constexpr std::size_t blob_piece_bytes = 256 << 10;

// The library's view of a connection. It refuses sockets of numbers that select(2) cannot watch, which we do not use.
class LibraryStream final : public httplib::Stream {
public:
    explicit LibraryStream(Connection& connection) : connection_(connection) {}

    [[nodiscard]] bool is_readable() const override { return !connection_.has_failed(); }
    [[nodiscard]] bool is_writable() const override { return !connection_.has_failed(); }
    ssize_t read(char* bytes, std::size_t size) override { return connection_.read(bytes, size); }
    ssize_t write(const char* bytes, std::size_t size) override {
        return connection_.write({bytes, size}) ? static_cast<ssize_t>(size) : -1;
    }
    void get_remote_ip_and_port(std::string& ip, int& port) const override {
        ip = connection_.peer();
        port = 0;
    }
    void get_local_ip_and_port(std::string& ip, int& port) const override {
        ip.clear();
        port = 0;
    }
    [[nodiscard]] socket_t socket() const override { return 0; }

private:
    Connection& connection_;
};

class Library final : public httplib::Server {
public:
    // Without a socket it believes that it shuts down, and writes nothing of streams and blobs. It never uses this one.
    Library() { svr_sock_ = 0; }
    using httplib::Server::process_request;
};

class ReplySink final : public HttpSink {
public:
    ReplySink(Connection& connection, httplib::DataSink& sink, const std::function<bool()>& is_draining)
        : connection_(connection), sink_(sink), is_draining_(is_draining) {}

    bool write(std::string_view bytes) override {
        return sink_.write(bytes.data(), bytes.size()) && connection_.flush();
    }
    bool is_open() override { return !is_draining_() && !connection_.has_failed() && !connection_.is_hung_up(); }

private:
    Connection& connection_;
    httplib::DataSink& sink_;
    const std::function<bool()>& is_draining_;
};

// Everything of the request that is being served on a thread.
struct Served {
    Served(Connection& on, const HttpExchange::Hooks& with) : connection(on), hooks(with) {}

    Connection& connection;
    const HttpExchange::Hooks& hooks;
    SteadyClock::time_point began_at = SteadyClock::now();
    HttpRequest request;
    std::optional<SocketBody> body;
    std::optional<HttpReply> refusal;  // of what is wrong with the request as such
    int status = 0;                    // of our reply; 0 when the library wrote its own
    std::string route;
    std::vector<std::string> job_ids;
    bool is_streaming = false;
};

thread_local Served* served_here = nullptr;

std::string new_request_id() {
    static thread_local std::mt19937_64 random{std::random_device{}()};
    std::array<char, 17> text{};
    std::snprintf(text.data(), text.size(), "%016llx", static_cast<unsigned long long>(random()));
    return text.data();
}

// RFC 9110, 5.6.7; in the C locale, which programs start in.
std::string http_date() {
    const std::time_t now = std::time(nullptr);
    std::tm utc{};
    gmtime_r(&now, &utc);
    std::array<char, 40> text{};
    const auto size = std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &utc);
    return {text.data(), size};
}

std::string lower_case(std::string text) {
    std::transform(text.begin(), text.end(), text.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    return text;
}

// How long the body is. Two answers would let two readers disagree on where the next request begins (RFC 9112, 6.3).
std::optional<HttpReply> find_body(Served& served, const std::multimap<std::string, std::string>& headers,
                                   bool expects_continue) {
    const auto interim =
        expects_continue ? std::optional<std::string_view>("HTTP/1.1 100 Continue\r\n\r\n") : std::nullopt;
    const auto begin = [&](SocketBody::Coding coding, std::uint64_t length) {
        served.body.emplace(served.connection, coding, length, interim);
        served.request.body = &*served.body;
    };
    begin(SocketBody::Coding::length, 0);
    const auto codings = headers.count("transfer-encoding");
    const auto lengths = headers.count("content-length");
    if (codings + lengths > 1)
        return problem(400, "malformed_request", "Content-Length and Transfer-Encoding, must be one at most");
    if (codings == 1) {
        const auto coding = lower_case(headers.find("transfer-encoding")->second);
        if (coding != "chunked")
            return problem(400, "malformed_request", "Transfer-Encoding is \"" + coding + "\", must be chunked");
        begin(SocketBody::Coding::chunked, 0);
        return std::nullopt;
    }
    if (lengths == 0) return std::nullopt;
    const auto& text = headers.find("content-length")->second;
    std::uint64_t length = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), length);
    if (text.empty() || parsed.ec != std::errc() || parsed.ptr != text.data() + text.size()) {
        return problem(400, "malformed_request", "Content-Length is \"" + text + "\", must be a number of bytes");
    }
    begin(SocketBody::Coding::length, length);
    return std::nullopt;
}

// Takes over what the library parsed, and takes from it what we do ourselves: bodies, ranges, compression (whose cost a
// client would choose), and waiting for 100.
void take_over(httplib::Request& parsed, Served& served) {
    HttpRequest& request = served.request;
    request.method = parsed.method == "HEAD" ? "GET" : parsed.method;
    request.path = parsed.path;
    request.query = {parsed.params.begin(), parsed.params.end()};
    for (const auto& [name, value] : parsed.headers) {
        if (name != "REMOTE_ADDR" && name != "REMOTE_PORT" && name != "LOCAL_ADDR" && name != "LOCAL_PORT") {
            request.headers.emplace(lower_case(name), value);
        }
    }
    request.peer = served.connection.peer();
    const auto given = request.header("x-request-id");
    request.id = is_request_id(given) ? given : new_request_id();
    parsed.ranges.clear();
    for (const char* name : {"Range", "Accept-Encoding", "Expect"}) parsed.headers.erase(name);
    const bool expects_continue = lower_case(request.header("expect")) == "100-continue";
    served.refusal = find_body(served, request.headers, expects_continue && parsed.version == "HTTP/1.1");
    if (parsed.version == "HTTP/1.1" && request.headers.count("host") != 1) {
        served.refusal = problem(400, "malformed_request", "Host must be given, and once (RFC 9112, 3.2)");
    }
    if (!served.refusal && request.headers.contains("content-encoding") &&
        request.header("content-encoding") != "identity") {
        served.refusal = problem(415, "unsupported",
                                 "Content-Encoding is \"" + request.header("content-encoding") +
                                     "\", must be identity: send the bytes as they are");
    }
    if (!served.refusal && served.hooks.is_draining()) {
        served.refusal = problem(503, "draining", "the server is stopping");
    }
    // Where its body ends is not known, or not worth finding out.
    if (served.refusal) parsed.set_header("Connection", "close");
}

void fill_blob(const std::shared_ptr<const Blob>& blob, const ByteRange& part, const std::string& content_type,
               httplib::Response& response) {
    const auto provide = [blob, part](std::size_t offset, std::size_t length, httplib::DataSink& sink) {
        std::vector<char> buffer(std::min(length, blob_piece_bytes));
        const auto size = blob->read_at(part.begin + offset, buffer);
        return size && *size > 0 && sink.write(buffer.data(), *size);
    };
    if (part.size() == 0) {
        response.set_content("", content_type);
    } else {
        response.set_content_provider(static_cast<std::size_t>(part.size()), content_type, provide);
    }
}

void fill_stream(Served& served, std::function<void(HttpSink&)> stream, const std::string& content_type,
                 httplib::Response& response) {
    served.is_streaming = true;
    const auto* draining = &served.hooks.is_draining;
    response.set_chunked_content_provider(
        content_type, [stream = std::move(stream), &served, draining](std::size_t, httplib::DataSink& sink) {
            ReplySink out(served.connection, sink, *draining);
            if (served.connection.flush()) stream(out);
            sink.done();
            return true;
        });
}

void fill(HttpReply reply, Served& served, httplib::Response& response) {
    if (reply.stream && !served.hooks.begin_stream()) {
        reply = problem(503, "unavailable", "as many clients follow events as may at once; try again later");
    }
    served.status = response.status = reply.status;
    served.job_ids = std::move(reply.job_ids);
    for (const auto& [name, value] : reply.headers) response.set_header(name, value);
    response.set_header("Date", http_date());
    response.set_header("X-Request-Id", served.request.id);
    response.set_header("X-Content-Type-Options", "nosniff");
    if (reply.blob) {
        fill_blob(reply.blob, reply.part, reply.content_type, response);
    } else if (reply.stream) {
        fill_stream(served, std::move(reply.stream), reply.content_type, response);
    } else if (reply.status != 204) {
        response.set_content(reply.body, reply.content_type);
    }
}

void answer(Served& served, httplib::Response& response) {
    if (served.refusal) {
        fill(std::move(*served.refusal), served, response);
        return;
    }
    HttpReply reply;
    try {
        reply = served.hooks.handler(served.request);
    } catch (const std::exception&) {  // no memory
        reply = problem(500, "internal", "the server could not do this; its log says why");
    }
    // What is left of the body stands before the next request.
    if (!served.body->is_at_end() && !served.body->drain(drained_bytes_max)) response.set_header("Connection", "close");
    fill(std::move(reply), served, response);
}

// Replies that the library makes by itself, to what it could not parse.
void explain(const httplib::Request&, httplib::Response& response) {
    if (served_here != nullptr && served_here->status != 0) return;
    const int status = response.status;
    const auto reply =
        status == 414 ? problem(414, "uri_too_long", "the request's first line is too long, must be at most 8192 bytes")
        : status == 416 ? problem(416, "malformed_request", "Range is malformed, must be bytes=FIRST-LAST")
                        : problem(400, "malformed_request", "the request is no well-formed HTTP");
    response.status = reply.status;
    response.set_content(reply.body, reply.content_type);
    response.set_header("Connection", "close");
}

}  // namespace

class HttpExchange::Impl {
public:
    explicit Impl(Hooks given) : hooks(std::move(given)) {
        library.set_pre_routing_handler([](const httplib::Request&, httplib::Response& response) {
            answer(*served_here, response);
            return httplib::Server::HandlerResponse::Handled;
        });
        library.set_error_handler(explain);
        library.set_keep_alive_max_count(keep_alive_requests);
        library.set_keep_alive_timeout(std::chrono::floor<std::chrono::seconds>(hooks.idle).count());
    }

    const Hooks hooks;
    Library library;
};

HttpExchange::HttpExchange(Hooks hooks) : impl_(std::make_unique<Impl>(std::move(hooks))) {}

HttpExchange::~HttpExchange() = default;

HttpExchange::After HttpExchange::serve(Connection& connection) const {
    Served served(connection, impl_->hooks);
    served_here = &served;
    LibraryStream stream(connection);
    bool closes = false;
    const bool written = impl_->library.process_request(stream, impl_->hooks.is_draining(), closes,
                                                        [&](httplib::Request& parsed) { take_over(parsed, served); });
    const bool sent = connection.flush();
    served_here = nullptr;
    if (served.is_streaming) impl_->hooks.end_stream();
    if (impl_->hooks.observer && served.body) {
        impl_->hooks.observer({.request = served.request,
                               .status = served.status,
                               .route = served.route,
                               .duration = SteadyClock::now() - served.began_at,
                               .bytes_read = served.body->bytes_read(),
                               .job_ids = served.job_ids});
    }
    const bool keeps = written && sent && !closes && !served.refusal && served.body && served.body->is_at_end();
    return keeps ? After::keep : After::close;
}

void note_route(std::string_view route) {
    if (served_here != nullptr) served_here->route = route;
}

}  // namespace archaeologist::host
