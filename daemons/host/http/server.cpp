#include "host/http/server.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "host/http/exchange.hpp"
#include "host/http/listener.hpp"
#include "host/http/pool.hpp"
#include "host/http/problem.hpp"

namespace archaeologist::host {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr int events_max = 256;
constexpr milliseconds look_every{250};  // for connections whose time is over
constexpr milliseconds moment{2};        // a client's next request is often this near
constexpr milliseconds linger{1'000};    // for a client to read its last reply
constexpr milliseconds cut_off_patience{2'000};
constexpr std::size_t descriptors_spared = 256;  // for the engine's own files

std::size_t connections_possible(std::size_t wanted) {
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return wanted;
    limit.rlim_cur = limit.rlim_max;
    (void)::setrlimit(RLIMIT_NOFILE, &limit);
    if (limit.rlim_cur == RLIM_INFINITY) return wanted;
    const std::size_t possible =
        limit.rlim_cur > 2 * descriptors_spared ? limit.rlim_cur - descriptors_spared : limit.rlim_cur / 2;
    return std::min(wanted, possible);
}

}  // namespace

class HttpServer::Impl {
public:
    Impl(const HttpServerOptions& options, Listener listener, HttpHandler handler, HttpObserver observer)
        : options_(options),
          connections_max_(connections_possible(options.connections_max)),
          listener_(std::move(listener)),
          port_(listener_.port()),
          exchange_({.handler = std::move(handler),
                     .observer = std::move(observer),
                     .is_draining = [this] { return draining_.load(); },
                     .begin_stream = [this] { return begin_stream(); },
                     .end_stream = [this] { end_stream(); },
                     .idle = options.times.idle}),
          pool_(options.requests_max + options.streams_max) {}
    ~Impl() { stop(milliseconds{0}); }
    Impl(const Impl&) = delete;
    Impl& operator=(const Impl&) = delete;

    [[nodiscard]] Status open();
    void start();
    void stop(milliseconds grace);
    [[nodiscard]] HttpCounts counts() const;
    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] const HttpServerOptions& options() const { return options_; }

private:
    // waiting: watched by the doorman, idle or with a part of a head; serving: a thread's; lingering: only to be closed.
    enum class State : std::uint8_t { waiting, serving, lingering };
    struct Entry {
        Entry(int fd, std::string peer, const HttpServerOptions& options)
            : connection(fd, std::move(peer), options.times, options.tls.get()) {}
        Connection connection;
        std::atomic<State> state{State::waiting};
        bool has_begun = false;  // a part of a head is there
        SteadyClock::time_point since = SteadyClock::now();
    };

    // The doorman's thread.
    void watch();
    void accept_all();
    void on_ready(Entry& entry);
    void dispatch(Entry& entry);
    void sweep();
    void send_away_waiting();

    // A serving thread's.
    void serve(Entry& entry);
    void park(Entry& entry);

    // Whoever's the entry is.
    void watch_again(Entry& entry);
    void hand_over(Entry& entry, State state);
    void refuse(Entry& entry, const HttpReply& reply);
    void linger_on(Entry& entry);
    void remove(Entry& entry);

    void end_request();
    [[nodiscard]] bool begin_stream();
    void end_stream();
    [[nodiscard]] bool is_quiet_within(milliseconds time);
    void wake() const;

    const HttpServerOptions options_;
    const std::size_t connections_max_;
    Listener listener_;
    const std::uint16_t port_;
    int epoll_ = -1;
    int wake_ = -1;

    mutable std::mutex mutex_;
    std::condition_variable quiet_;
    std::map<int, std::unique_ptr<Entry>> entries_;  // by descriptor; guarded by mutex_
    std::size_t requests_ = 0;                       // guarded by mutex_
    std::size_t streams_ = 0;                        // guarded by mutex_
    std::atomic<std::uint64_t> refused_{0};
    std::atomic<bool> draining_{false};
    std::atomic<bool> stopping_{false};

    HttpExchange exchange_;
    ThreadPool pool_;
    std::thread doorman_;
};

Status HttpServer::Impl::open() {
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    epoll_event listening{.events = EPOLLIN, .data = {.ptr = this}};
    epoll_event waking{.events = EPOLLIN, .data = {.ptr = nullptr}};
    const bool opened = epoll_ >= 0 && wake_ >= 0 &&
                        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, listener_.fd(), &listening) == 0 &&
                        ::epoll_ctl(epoll_, EPOLL_CTL_ADD, wake_, &waking) == 0;
    if (!opened) return Error{Code::io_error, "HTTP server: no descriptor is left to watch others with"};
    return {};
}

void HttpServer::Impl::start() {
    doorman_ = std::thread([this] { watch(); });
}

void HttpServer::Impl::wake() const {
    const std::uint64_t one = 1;
    (void)!::write(wake_, &one, sizeof one);
}

void HttpServer::Impl::watch() {
    std::array<epoll_event, events_max> events{};
    auto swept_at = SteadyClock::now();
    while (!stopping_.load()) {
        const int ready = ::epoll_wait(epoll_, events.data(), events_max, static_cast<int>(look_every.count()));
        for (int i = 0; i < ready; ++i) {
            void* what = events[static_cast<std::size_t>(i)].data.ptr;
            if (what == this) {
                accept_all();
            } else if (what != nullptr) {
                on_ready(*static_cast<Entry*>(what));
            } else {
                std::uint64_t count = 0;
                (void)!::read(wake_, &count, sizeof count);
            }
        }
        if (draining_.load()) send_away_waiting();
        if (SteadyClock::now() - swept_at < look_every) continue;
        swept_at = SteadyClock::now();
        sweep();
    }
}

void HttpServer::Impl::accept_all() {
    while (!draining_.load()) {
        auto accepted = listener_.accept();
        if (accepted.fd < 0) {
            // Without descriptors the listener stays ready and would be asked in a circle.
            if (errno == EMFILE || errno == ENFILE) std::this_thread::sleep_for(moment);
            return;
        }
        auto entry = std::make_unique<Entry>(accepted.fd, std::move(accepted.peer), options_);
        Entry& added = *entry;
        {
            const std::lock_guard lock(mutex_);
            if (entries_.size() >= connections_max_) {
                ++refused_;
                const auto reply =
                    closing_bytes(problem(503, "unavailable", "as many clients are connected as may at once"));
                if (!options_.tls) (void)::send(accepted.fd, reply.data(), reply.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
                continue;
            }
            entries_.emplace(accepted.fd, std::move(entry));
        }
        epoll_event event{.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data = {.ptr = &added}};
        if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, accepted.fd, &event) != 0) remove(added);
    }
}

void HttpServer::Impl::on_ready(Entry& entry) {
    if (entry.state.load() == State::lingering) {
        entry.connection.discard() ? watch_again(entry) : remove(entry);
        return;
    }
    switch (entry.connection.read_head(options_.head_bytes_max)) {
        case Connection::Head::complete: return dispatch(entry);
        case Connection::Head::closed: return remove(entry);
        case Connection::Head::too_large:
            return refuse(entry, problem(431, "too_large",
                                         "the request's head is longer than " +
                                             std::to_string(options_.head_bytes_max) + " bytes"));
        case Connection::Head::partial: break;
    }
    if (!entry.has_begun && entry.connection.has_rest()) {
        entry.has_begun = true;
        entry.since = SteadyClock::now();
    }
    watch_again(entry);
}

void HttpServer::Impl::dispatch(Entry& entry) {
    {
        const std::lock_guard lock(mutex_);
        if (requests_ < options_.requests_max) {
            ++requests_;
            entry.state.store(State::serving);
        }
    }
    if (entry.state.load() == State::serving) {
        pool_.run([this, &entry] { serve(entry); });
    } else {
        refuse(entry, problem(503, "unavailable", "as many requests are being served as may at once; try again"));
    }
}

void HttpServer::Impl::serve(Entry& entry) {
    for (;;) {
        if (exchange_.serve(entry.connection) == HttpExchange::After::close || draining_.load()) {
            linger_on(entry);
            break;
        }
        const auto wait = pool_.has_idle() ? moment : milliseconds{0};
        const auto head = entry.connection.await_head(options_.head_bytes_max, wait);
        if (head == Connection::Head::complete && !draining_.load()) continue;
        if (head == Connection::Head::closed) {
            remove(entry);
        } else if (head == Connection::Head::too_large) {
            refuse(entry, problem(431, "too_large", "the request's head is too long"));
        } else {
            park(entry);
        }
        break;
    }
    end_request();
}

void HttpServer::Impl::park(Entry& entry) {
    entry.connection.shrink();
    entry.has_begun = entry.connection.has_rest();
    hand_over(entry, State::waiting);
}

void HttpServer::Impl::watch_again(Entry& entry) {
    epoll_event event{.events = EPOLLIN | EPOLLRDHUP | EPOLLONESHOT, .data = {.ptr = &entry}};
    (void)::epoll_ctl(epoll_, EPOLL_CTL_MOD, entry.connection.fd(), &event);
}

// In one step: once it has the state, the doorman may remove it, even before anything comes.
void HttpServer::Impl::hand_over(Entry& entry, State state) {
    const std::lock_guard lock(mutex_);
    entry.since = SteadyClock::now();
    entry.state.store(state);
    watch_again(entry);
}

void HttpServer::Impl::refuse(Entry& entry, const HttpReply& reply) {
    ++refused_;
    entry.connection.send_at_once(closing_bytes(reply));
    linger_on(entry);
}

void HttpServer::Impl::linger_on(Entry& entry) {
    entry.connection.end_sending();
    hand_over(entry, State::lingering);
}

void HttpServer::Impl::remove(Entry& entry) {
    const std::lock_guard lock(mutex_);
    entries_.erase(entry.connection.fd());
    quiet_.notify_all();
}

void HttpServer::Impl::sweep() {
    const auto now = SteadyClock::now();
    std::vector<Entry*> late;
    {
        const std::lock_guard lock(mutex_);
        for (const auto& [fd, entry] : entries_) {
            const State state = entry->state.load();
            if (state == State::serving) continue;
            const auto patience = state == State::lingering ? linger
                                  : entry->has_begun        ? options_.times.head
                                                            : options_.times.idle;
            if (now - entry->since > patience) late.push_back(entry.get());
        }
    }
    for (Entry* entry : late) {
        if (entry->state.load() == State::waiting && entry->has_begun) {
            refuse(*entry, problem(408, "timed_out",
                                   "the request's head did not come within " +
                                       std::to_string(options_.times.head.count()) + " ms"));
        } else {
            remove(*entry);
        }
    }
}

void HttpServer::Impl::send_away_waiting() {
    listener_.close();
    const std::lock_guard lock(mutex_);
    std::erase_if(entries_, [](const auto& entry) { return entry.second->state.load() == State::waiting; });
    quiet_.notify_all();
}

void HttpServer::Impl::end_request() {
    const std::lock_guard lock(mutex_);
    --requests_;
    quiet_.notify_all();
}

bool HttpServer::Impl::begin_stream() {
    const std::lock_guard lock(mutex_);
    if (streams_ >= options_.streams_max) {
        ++refused_;
        return false;
    }
    ++streams_;
    --requests_;
    return true;
}

void HttpServer::Impl::end_stream() {
    const std::lock_guard lock(mutex_);
    --streams_;
    ++requests_;
}

bool HttpServer::Impl::is_quiet_within(milliseconds time) {
    std::unique_lock lock(mutex_);
    return quiet_.wait_for(lock, time, [this] { return requests_ == 0 && streams_ == 0 && entries_.empty(); });
}

void HttpServer::Impl::stop(milliseconds grace) {
    draining_.store(true);
    if (doorman_.joinable()) {
        wake();
        if (!is_quiet_within(grace)) {
            {
                const std::lock_guard lock(mutex_);
                for (const auto& [fd, entry] : entries_) (void)::shutdown(fd, SHUT_RDWR);
            }
            (void)is_quiet_within(cut_off_patience);
        }
        pool_.stop();
        stopping_.store(true);
        wake();
        doorman_.join();
    }
    listener_.close();
    entries_.clear();
    for (int* fd : {&epoll_, &wake_}) {
        if (*fd >= 0) ::close(*fd);
        *fd = -1;
    }
}

HttpCounts HttpServer::Impl::counts() const {
    const std::lock_guard lock(mutex_);
    return {.connections = entries_.size(), .requests = requests_, .streams = streams_, .refused = refused_.load()};
}

HttpServer::HttpServer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

HttpServer::~HttpServer() = default;

Result<std::unique_ptr<HttpServer>> HttpServer::open(const HttpServerOptions& options, HttpHandler handler,
                                                     HttpObserver observer) {
    ARCHAEO_ASSIGN(auto listener, Listener::open(options.address, options.port));
    auto impl = std::make_unique<Impl>(options, std::move(listener), std::move(handler), std::move(observer));
    ARCHAEO_TRY(impl->open());
    return std::unique_ptr<HttpServer>(new HttpServer(std::move(impl)));
}

void HttpServer::start() { impl_->start(); }

void HttpServer::stop(milliseconds grace) { impl_->stop(grace); }

std::uint16_t HttpServer::port() const { return impl_->port(); }

std::string HttpServer::url() const {
    const auto& address = impl_->options().address;
    const bool is_v6 = address.find(':') != std::string::npos;
    const std::string scheme = impl_->options().tls ? "https://" : "http://";
    return scheme + (is_v6 ? '[' + address + ']' : address) + ':' + std::to_string(port());
}

HttpCounts HttpServer::counts() const { return impl_->counts(); }

}  // namespace archaeologist::host
