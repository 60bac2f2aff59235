#include "net/exchange.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

#include "net/url.hpp"

namespace archaeologist::net {
namespace {

constexpr std::size_t headers_bytes_max = 64 << 10;
constexpr std::size_t error_body_bytes_max = 64 << 10;
constexpr int poll_ms_max = 1'000;  // wake() ends a poll

template <class Value>
void set(CURL* easy, CURLoption option, Value value) {
    // Options that this libcurl does not know are a bug of ours, which every test of the client would show.
    static_cast<void>(::curl_easy_setopt(easy, option, value));
}

std::string lower(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) return {};
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

struct FreeList {
    void operator()(curl_slist* list) const { ::curl_slist_free_all(list); }
};

}  // namespace

// The callbacks are called from run() only, by C: nothing may pass through it but their return values.
struct Exchange::Transfer {
    explicit Transfer(const Request& r) : request(r) {
        reply.request = std::string(to_string(r.method)) + " " + shown_url(r.url);
    }

    static std::size_t on_header(char* data, std::size_t, std::size_t size, void* self) {
        return static_cast<Transfer*>(self)->take_header({data, size});
    }
    static std::size_t on_body(char* data, std::size_t, std::size_t size, void* self) {
        return static_cast<Transfer*>(self)->take_body({data, size});
    }
    static std::size_t on_read(char* data, std::size_t, std::size_t size, void* self) {
        return static_cast<Transfer*>(self)->give_body({data, size});
    }
    static int on_seek(void* self, curl_off_t offset, int origin) {
        if (origin != SEEK_SET || offset < 0) return CURL_SEEKFUNC_FAIL;
        static_cast<Transfer*>(self)->sent = static_cast<std::uint64_t>(offset);
        return CURL_SEEKFUNC_OK;
    }

    std::size_t take_header(std::string_view line);
    std::size_t take_body(std::string_view bytes);
    std::size_t give_body(std::span<char> buffer);
    std::size_t refuse(Error error) {
        failure = std::move(error);
        return 0;
    }
    [[nodiscard]] std::uint64_t body_size() const {
        return request.stream != nullptr ? request.stream->size() : request.body.size();
    }

    const Request& request;
    Response reply;
    std::optional<Error> failure;  // ours, or that of a callback's owner
    std::size_t headers_bytes = 0;
    std::uint64_t received = 0;
    std::uint64_t sent = 0;
    bool is_head_whole = false;
    bool has_begun = false;  // the sink knows
    std::unique_ptr<curl_slist, FreeList> headers;
    std::array<char, CURL_ERROR_SIZE> curl_words{};
};

std::size_t Exchange::Transfer::take_header(std::string_view line) {
    headers_bytes += line.size();
    if (headers_bytes > headers_bytes_max) {
        return refuse({Code::too_large, reply.request + ": the reply's headers have more than " +
                                            std::to_string(headers_bytes_max) + " bytes, the limit"});
    }
    if (trimmed(line).empty()) {
        is_head_whole = true;
        return line.size();
    }
    if (line.starts_with("HTTP/")) {  // after a 100 Continue too: only the last one counts
        reply.headers.clear();
        is_head_whole = false;
        const std::size_t space = line.find(' ');
        reply.status = space == std::string_view::npos ? 0 : std::atoi(std::string(line.substr(space + 1, 3)).c_str());
        return line.size();
    }
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos) {
        reply.headers.push_back({lower(line.substr(0, colon)), std::string(trimmed(line.substr(colon + 1)))});
    }
    return line.size();
}

std::size_t Exchange::Transfer::take_body(std::string_view bytes) {
    received += bytes.size();
    if (!reply.is_success()) {
        const std::size_t kept = std::min(bytes.size(), error_body_bytes_max - reply.body.size());
        reply.body += bytes.substr(0, kept);
    }
    if (received > std::max<std::uint64_t>(request.response_bytes_max, reply.is_success() ? 0 : error_body_bytes_max)) {
        return refuse({Code::too_large, reply.request + ": the reply has more than " +
                                            std::to_string(request.response_bytes_max) + " bytes, the limit"});
    }
    if (!reply.is_success()) return bytes.size();
    if (request.sink == nullptr) {
        reply.body += bytes;
        return bytes.size();
    }
    if (!has_begun) {
        has_begun = true;
        if (auto begun = request.sink->begin(reply); !begun) return refuse(begun.error());
    }
    if (auto written = request.sink->write(bytes); !written) return refuse(written.error());
    return bytes.size();
}

std::size_t Exchange::Transfer::give_body(std::span<char> buffer) {
    if (request.stream == nullptr) {
        const std::string_view rest = request.body.substr(std::min<std::size_t>(sent, request.body.size()));
        const std::size_t size = std::min(rest.size(), buffer.size());
        if (size > 0) std::memcpy(buffer.data(), rest.data(), size);
        sent += size;
        return size;
    }
    const auto wanted = std::min<std::uint64_t>(buffer.size(), body_size() - std::min(sent, body_size()));
    auto got = request.stream->read_at(sent, buffer.first(static_cast<std::size_t>(wanted)));
    if (got && *got == 0 && wanted > 0) {
        got = Error{Code::io_error, reply.request + ": the body ended at byte " + std::to_string(sent) +
                                        ", must have " + std::to_string(body_size())};
    }
    if (!got) {
        failure = got.error();
        return CURL_READFUNC_ABORT;
    }
    sent += *got;
    return *got;
}

Exchange::Exchange(const ExchangeOptions& options)
    : options_(options), multi_(::curl_multi_init()), easy_(::curl_easy_init()) {
    if (multi_ == nullptr || easy_ == nullptr) throw std::bad_alloc();
    // One connection a call at a time, and a spare for a server that has several addresses or went away.
    static_cast<void>(::curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, 4L));
}

Exchange::~Exchange() {
    ::curl_easy_cleanup(easy_);
    ::curl_multi_cleanup(multi_);
}

void Exchange::wake() { static_cast<void>(::curl_multi_wakeup(multi_)); }

void Exchange::sleep(std::chrono::milliseconds time) {
    static_cast<void>(::curl_multi_poll(multi_, nullptr, 0, static_cast<int>(time.count()), nullptr));
}

void Exchange::prepare(Transfer& transfer, std::chrono::milliseconds time_max) {
    ::curl_easy_reset(easy_);  // keeps the connections
    const Request& request = transfer.request;
    set(easy_, CURLOPT_ERRORBUFFER, transfer.curl_words.data());
    set(easy_, CURLOPT_URL, request.url.c_str());
    set(easy_, CURLOPT_PATH_AS_IS, 1L);
    set(easy_, CURLOPT_PROTOCOLS_STR, "http,https");
    set(easy_, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
    set(easy_, CURLOPT_HTTP_VERSION, static_cast<long>(CURL_HTTP_VERSION_2TLS));
    set(easy_, CURLOPT_FOLLOWLOCATION, 0L);
    set(easy_, CURLOPT_NOSIGNAL, 1L);
    set(easy_, CURLOPT_QUICK_EXIT, 1L);  // a call that is cancelled does not wait for the resolver
    set(easy_, CURLOPT_TCP_KEEPALIVE, 1L);
    set(easy_, CURLOPT_SSLVERSION, static_cast<long>(CURL_SSLVERSION_TLSv1_2));
    set(easy_, CURLOPT_PROXY, options_.proxy.c_str());  // "" also where the environment names one
    set(easy_, CURLOPT_NOPROXY, "");
    if (!options_.ca_file.empty()) {
        set(easy_, CURLOPT_CAINFO, options_.ca_file.c_str());
        set(easy_, CURLOPT_CAPATH, nullptr);
    }
    set(easy_, CURLOPT_CONNECTTIMEOUT_MS, static_cast<long>(options_.connect_max.count()));
    set(easy_, CURLOPT_TIMEOUT_MS, static_cast<long>(std::max<std::int64_t>(time_max.count(), 1)));
    if (options_.stall_max.count() > 0) {
        set(easy_, CURLOPT_LOW_SPEED_LIMIT, 1L);
        set(easy_, CURLOPT_LOW_SPEED_TIME,
            static_cast<long>(std::max<std::int64_t>(options_.stall_max.count() / 1'000, 1)));
    }
    set(easy_, CURLOPT_HEADERFUNCTION, &Transfer::on_header);
    set(easy_, CURLOPT_HEADERDATA, &transfer);
    set(easy_, CURLOPT_WRITEFUNCTION, &Transfer::on_body);
    set(easy_, CURLOPT_WRITEDATA, &transfer);
    set(easy_, CURLOPT_BUFFERSIZE, 128L << 10);
    prepare_body(transfer);
    if (request.signing != nullptr) prepare_signing(*request.signing);
}

void Exchange::prepare_body(Transfer& transfer) {
    const Request& request = transfer.request;
    curl_slist* list = nullptr;
    const auto add = [&list](const std::string& line) {
        if (curl_slist* longer = ::curl_slist_append(list, line.c_str()); longer != nullptr) list = longer;
    };
    for (const Header& header : request.headers) {
        add(header.value.empty() ? header.name + ";" : header.name + ": " + header.value);
    }
    const bool has_body = request.method == Method::put || request.method == Method::post ||
                          request.method == Method::patch || transfer.body_size() > 0;
    if (request.method == Method::head) set(easy_, CURLOPT_NOBODY, 1L);
    if (has_body) {
        // As an upload also where it is a POST: of CURLOPT_POST, libcurl sends a Content-Type that nobody asked for.
        set(easy_, CURLOPT_UPLOAD, 1L);
        set(easy_, CURLOPT_INFILESIZE_LARGE, static_cast<curl_off_t>(transfer.body_size()));
        set(easy_, CURLOPT_READFUNCTION, &Transfer::on_read);
        set(easy_, CURLOPT_READDATA, &transfer);
        set(easy_, CURLOPT_SEEKFUNCTION, &Transfer::on_seek);
        set(easy_, CURLOPT_SEEKDATA, &transfer);
        set(easy_, CURLOPT_UPLOAD_BUFFERSIZE, 256L << 10);
        add("Expect:");  // no waiting for 100 Continue
    }
    if (request.method != Method::head)
        set(easy_, CURLOPT_CUSTOMREQUEST, std::string(to_string(request.method)).c_str());
    transfer.headers.reset(list);
    set(easy_, CURLOPT_HTTPHEADER, list);
}

void Exchange::prepare_signing(const AwsSigning& signing) {
    const std::string provider = "aws:amz:" + signing.region + ":" + signing.service;
    const std::string key = signing.access_key + ":" + signing.secret_key;
    set(easy_, CURLOPT_AWS_SIGV4, provider.c_str());
    set(easy_, CURLOPT_USERPWD, key.c_str());
}

Attempt Exchange::run(const Request& request, std::chrono::milliseconds time_max, const std::stop_token& stop) {
    Transfer transfer(request);
    prepare(transfer, time_max);
    if (::curl_multi_add_handle(multi_, easy_) != CURLM_OK) {
        return {.reply = Error{Code::internal, transfer.reply.request + ": libcurl refused the call"}};
    }
    int code = CURLE_OK;
    for (int running = 1; running > 0;) {
        if (stop.stop_requested()) {
            transfer.failure = Error{Code::cancelled, transfer.reply.request + ": cancelled"};
            break;
        }
        if (::curl_multi_perform(multi_, &running) != CURLM_OK) {
            code = CURLE_FAILED_INIT;
            break;
        }
        if (running > 0) static_cast<void>(::curl_multi_poll(multi_, nullptr, 0, poll_ms_max, nullptr));
    }
    int left = 0;
    while (const CURLMsg* message = ::curl_multi_info_read(multi_, &left)) {
        if (message->msg == CURLMSG_DONE) code = message->data.result;
    }
    Attempt attempt = outcome(transfer, code);
    ::curl_multi_remove_handle(multi_, easy_);
    return attempt;
}

Attempt Exchange::outcome(Transfer& transfer, int curl_code) {
    const auto code = static_cast<CURLcode>(curl_code);
    long request_bytes = 0;
    static_cast<void>(::curl_easy_getinfo(easy_, CURLINFO_REQUEST_SIZE, &request_bytes));
    Attempt attempt{.reply = Error{},
                    .has_sent = request_bytes > 0,
                    .bytes_sent = transfer.sent,
                    .bytes_received = transfer.received};
    if (transfer.failure) {
        attempt.reply = *std::move(transfer.failure);
        return attempt;
    }
    // libcurl takes a connection that ends amid the headers for the end of a reply without a body.
    if (code == CURLE_OK && !transfer.is_head_whole) {
        attempt.reply = Error{Code::unavailable, transfer.reply.request + ": the reply ended amid its headers"};
        attempt.is_worth_retry = true;
        return attempt;
    }
    if (code == CURLE_OK && transfer.request.sink != nullptr && transfer.reply.is_success() && !transfer.has_begun) {
        if (auto begun = transfer.request.sink->begin(transfer.reply); !begun) {
            attempt.reply = begun.error();
            return attempt;
        }
    }
    if (code == CURLE_OK) {
        attempt.reply = std::move(transfer.reply);
        return attempt;
    }
    const char* words = transfer.curl_words[0] != '\0' ? transfer.curl_words.data() : ::curl_easy_strerror(code);
    Error error{Code::unavailable, transfer.reply.request + ": " + words};
    switch (code) {
        case CURLE_URL_MALFORMAT:
        case CURLE_UNSUPPORTED_PROTOCOL:
        case CURLE_LOGIN_DENIED: error.code = Code::invalid_argument; break;
        case CURLE_OUT_OF_MEMORY: error.code = Code::storage_full; break;
        // Somebody has to change something first, at the server or here.
        case CURLE_PEER_FAILED_VERIFICATION:
        case CURLE_SSL_CACERT_BADFILE: break;
        default: attempt.is_worth_retry = true;
    }
    attempt.reply = std::move(error);
    return attempt;
}

Status start_curl() {
    // Not undone: other libraries of the program may use libcurl too, and nobody knows who is last.
    static const CURLcode started = ::curl_global_init(CURL_GLOBAL_DEFAULT);
    if (started != CURLE_OK) return Error{Code::internal, std::string("libcurl: ") + ::curl_easy_strerror(started)};
    return {};
}

}  // namespace archaeologist::net
