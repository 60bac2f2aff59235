#include "net/client.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <random>
#include <utility>

#include "base/errno_error.hpp"
#include "base/mutex.hpp"
#include "net/exchange.hpp"
#include "net/url.hpp"

namespace archaeologist::net {
namespace {

using Instant = std::chrono::steady_clock::time_point;
using std::chrono::milliseconds;

milliseconds until(Instant end) {
    return std::max(std::chrono::ceil<milliseconds>(end - std::chrono::steady_clock::now()), milliseconds{0});
}

Rng& thread_rng() {
    thread_local Rng rng{std::random_device{}()};
    return rng;
}

// What would otherwise be another header, or another request.
bool breaks_lines(std::string_view text) {
    return text.find_first_of(std::string_view("\r\n\0", 3)) != std::string::npos;
}

Status check(const Request& request) {
    const std::string shown = shown_url(request.url);
    if (!request.url.starts_with("http://") && !request.url.starts_with("https://")) {
        return Error{Code::invalid_argument, "URL \"" + shown + "\" must begin with http:// or https://"};
    }
    for (const char c : request.url) {
        if (c <= ' ' || c == '\x7f') {
            return Error{Code::invalid_argument, "URL of " + std::to_string(request.url.size()) +
                                                     " bytes has a blank or control character, must have it encoded"};
        }
    }
    for (const Header& header : request.headers) {
        if (header.name.empty() || breaks_lines(header.name) || breaks_lines(header.value)) {
            return Error{Code::invalid_argument,
                         shown + ": a header has no name, or a line break in its name or value"};
        }
    }
    return {};
}

bool is_failure(const Result<Response>& reply) { return !reply || (reply->status >= 400 && reply->status != 404); }

class CurlClient final : public Client {
public:
    explicit CurlClient(ClientOptions options)
        : options_(std::move(options)),
          exchange_options_{options_.connect_max, options_.stall_max, options_.ca_file, options_.proxy},
          budget_(options_.retry.budget),
          metrics_(options_.metrics ? options_.metrics : std::make_shared<Metrics>()) {}

    [[nodiscard]] Result<Response> send(const Request& request) override;
    void stop() override {
        stop_.request_stop();
        const MutexLock lock(mutex_);
        returned_.notify_all();
    }
    [[nodiscard]] std::vector<EndpointMetrics> metrics() const override { return metrics_->read(); }

private:
    // A call with what it has used up.
    struct Call {
        const Request& request;
        Instant end;
        std::stop_token stop;
        int attempts = 0;
        int retries_taken = 0;  // of the budget
        CallFigures figures{};
    };
    // Gives an exchange back.
    class Borrowed {
    public:
        Borrowed(CurlClient& client, std::unique_ptr<Exchange> exchange)
            : client_(client), exchange_(std::move(exchange)) {}
        Borrowed(Borrowed&&) = default;
        ~Borrowed() {
            if (exchange_ != nullptr) client_.give_back(std::move(exchange_));
        }
        [[nodiscard]] Exchange& operator*() const { return *exchange_; }

    private:
        CurlClient& client_;
        std::unique_ptr<Exchange> exchange_;
    };

    [[nodiscard]] Result<Borrowed> borrow(const Call& call);
    void give_back(std::unique_ptr<Exchange> exchange);
    [[nodiscard]] Result<Response> attempt_until_done(Call& call, Exchange& exchange);
    [[nodiscard]] std::optional<milliseconds> pause_before_next(Call& call, const Attempt& attempt);

    const ClientOptions options_;
    const ExchangeOptions exchange_options_;
    RetryBudget budget_;
    const std::shared_ptr<Metrics> metrics_;
    std::stop_source stop_;
    Mutex mutex_;
    Condition returned_;
    std::vector<std::unique_ptr<Exchange>> idle_ ARCHAEO_GUARDED_BY(mutex_);  // the last used one last
    std::size_t lent_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

Result<Response> CurlClient::send(const Request& request) {
    ARCHAEO_TRY(check(request));
    const auto started = std::chrono::steady_clock::now();
    // A call has one token: the caller's and the client's both request it.
    std::stop_source stop;
    Call call{
        .request = request, .end = started + request.total_max.value_or(options_.total_max), .stop = stop.get_token()};
    Result<Response> reply = Error{};
    {
        const auto pass_on = [&stop, this] {
            stop.request_stop();
            const MutexLock lock(mutex_);
            returned_.notify_all();
        };
        const std::stop_callback caller(request.stop, pass_on);
        const std::stop_callback client(stop_.get_token(), pass_on);
        auto exchange = borrow(call);
        if (exchange) {
            const std::stop_callback wake(call.stop, [&exchange] { (**exchange).wake(); });
            reply = attempt_until_done(call, **exchange);
        } else {
            reply = exchange.error();
        }
    }
    call.figures.retries = std::max(call.attempts - 1, 0);
    call.figures.has_failed = is_failure(reply);
    call.figures.duration = std::chrono::steady_clock::now() - started;
    metrics_->note(request.endpoint, call.figures);
    return reply;
}

Result<CurlClient::Borrowed> CurlClient::borrow(const Call& call) {
    {
        const MutexLock lock(mutex_);
        while (!call.stop.stop_requested() && lent_ >= options_.connections_max && until(call.end).count() > 0) {
            returned_.wait_for(mutex_, until(call.end));
        }
        const std::string what = std::string(to_string(call.request.method)) + " " + shown_url(call.request.url);
        if (call.stop.stop_requested()) return Error{Code::cancelled, what + ": cancelled"};
        if (lent_ >= options_.connections_max) {
            return Error{Code::unavailable, what + ": all " + std::to_string(options_.connections_max) +
                                                " connections were in use until the time was over"};
        }
        ++lent_;
        if (!idle_.empty()) {
            auto exchange = std::move(idle_.back());
            idle_.pop_back();
            return Borrowed(*this, std::move(exchange));
        }
    }
    return Borrowed(*this, std::make_unique<Exchange>(exchange_options_));
}

void CurlClient::give_back(std::unique_ptr<Exchange> exchange) {
    const MutexLock lock(mutex_);
    idle_.push_back(std::move(exchange));
    --lent_;
    returned_.notify_one();
}

Result<Response> CurlClient::attempt_until_done(Call& call, Exchange& exchange) {
    const milliseconds attempt_max = call.request.attempt_max.value_or(options_.attempt_max);
    for (;;) {
        ++call.attempts;
        Attempt attempt = exchange.run(call.request, std::min(attempt_max, until(call.end)), call.stop);
        call.figures.bytes_sent += attempt.bytes_sent;
        call.figures.bytes_received += attempt.bytes_received;
        if (attempt.reply && !is_retriable_status(attempt.reply->status)) budget_.give_back(call.retries_taken);
        const auto pause = pause_before_next(call, attempt);
        if (!pause) {
            if (attempt.reply) attempt.reply->attempts = call.attempts;
            if (!attempt.reply && call.attempts > 1) {
                attempt.reply.error().message += " (after " + std::to_string(call.attempts) + " attempts)";
            }
            return std::move(attempt.reply);
        }
        const std::string reason = attempt.reply ? attempt.reply->request + ": " + std::to_string(attempt.reply->status)
                                                 : attempt.reply.error().message;
        options_.log(LogLevel::debug, "net: " + reason + "; attempt " + std::to_string(call.attempts + 1) + " in " +
                                          std::to_string(pause->count()) + " ms");
        const Instant awake = std::chrono::steady_clock::now() + *pause;
        while (!call.stop.stop_requested() && until(awake).count() > 0) exchange.sleep(until(awake));
        if (call.stop.stop_requested()) return Error{Code::cancelled, reason + "; cancelled"};
    }
}

// Nothing when the attempt was the last one.
std::optional<milliseconds> CurlClient::pause_before_next(Call& call, const Attempt& attempt) {
    const Result<Response>& reply = attempt.reply;
    if (reply ? !is_retriable_status(reply->status) : !attempt.is_worth_retry) return std::nullopt;
    if (reply && call.request.is_final && call.request.is_final(*reply)) return std::nullopt;
    const bool was_refused = reply && (reply->status == 429 || reply->status == 503);
    if (call.request.repeat == Repeat::unless_sent && attempt.has_sent && !was_refused) return std::nullopt;
    if (call.attempts >= options_.retry.attempts_max) return std::nullopt;

    milliseconds pause = backoff(options_.retry, call.attempts, thread_rng());
    std::optional<milliseconds> wanted;
    if (reply && was_refused) {
        if (const auto text = reply->header("retry-after")) wanted = retry_after(*text, system_clock().now());
    }
    // Full jitter on top: those who were turned away together must not come back together.
    if (wanted) pause += *wanted;
    if ((wanted && *wanted > options_.retry.retry_after_max) || pause >= until(call.end)) return std::nullopt;
    if (!wanted) {
        if (!budget_.take()) return std::nullopt;
        ++call.retries_taken;
    }
    return pause;
}

}  // namespace

Result<std::unique_ptr<Client>> Client::open(ClientOptions options) {
    ARCHAEO_TRY(start_curl());
    if (options.connections_max == 0 || options.retry.attempts_max < 1 || options.total_max.count() < 1 ||
        options.attempt_max.count() < 1 || options.connect_max.count() < 1) {
        return Error{Code::invalid_argument, "HTTP client: connections, attempts and times must be at least 1"};
    }
    if (!options.proxy.empty() && !options.proxy.starts_with("http://") && !options.proxy.starts_with("https://")) {
        return Error{Code::invalid_argument,
                     "proxy \"" + shown_url(options.proxy) + "\" must begin with http:// or https://"};
    }
    if (!options.ca_file.empty() && ::access(options.ca_file.c_str(), R_OK) != 0) {
        return Error{Code::invalid_argument, errno_error(errno, "read the authorities of " + options.ca_file).message};
    }
    return std::unique_ptr<Client>(std::make_unique<CurlClient>(std::move(options)));
}

}  // namespace archaeologist::net
