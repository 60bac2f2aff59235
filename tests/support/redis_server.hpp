// Real redis-server processes on loopback, each in a folder of its own; they die with the test program.
#pragma once

#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "redis/connection.hpp"
#include "redis/url.hpp"
#include "support/temporary_folder.hpp"

namespace archaeologist {

// Asks again and again, for at most 30 s.
[[nodiscard]] inline bool eventually(const std::function<bool()>& holds) {
    const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds{30};
    while (std::chrono::steady_clock::now() < give_up_at) {
        if (holds()) return true;
        std::this_thread::sleep_for(std::chrono::milliseconds{5});
    }
    return holds();
}

// A port that is free now; somebody else may take it before it is used.
[[nodiscard]] inline int free_port() {
    const Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), size) != 0) std::abort();
    if (::getsockname(fd.get(), reinterpret_cast<sockaddr*>(&address), &size) != 0) std::abort();
    return ntohs(address.sin_port);
}

struct RedisServerOptions {
    std::vector<std::string> arguments{};  // "--appendonly", "yes", "--requirepass", "secret", …
    bool has_socket = false;
    bool is_sentinel = false;
    std::string sentinel_config{};
    std::string password{};  // with which the helper's own commands log in
};

// Ports are chosen by the system; when somebody was quicker, the next one is tried. Start and restart on the test's main
// thread: the process dies with the thread that started it.
class RedisServer {
public:
    enum class Await { ready, nothing };

    explicit RedisServer(RedisServerOptions options = {}) : options_(std::move(options)) {
        for (int attempt = 0; attempt < 20; ++attempt) {
            port_ = free_port();
            // Of a Cluster's node the bus takes port + 10000.
            if (port_ > 55'000 || !try_start(Await::ready)) continue;
            return;
        }
        std::fprintf(stderr, "redis-server does not start:\n%s\n", log().c_str());
        std::abort();
    }
    RedisServer(RedisServer&& other) noexcept
        : options_(std::move(other.options_)),
          folder_(std::move(other.folder_)),
          port_(other.port_),
          id_(std::exchange(other.id_, -1)) {}
    RedisServer& operator=(RedisServer&&) = delete;
    ~RedisServer() { kill(); }

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] std::string url() const { return "redis://127.0.0.1:" + std::to_string(port_); }
    [[nodiscard]] std::string socket_path() const { return folder_.path("redis.sock"); }
    [[nodiscard]] std::string socket_url() const { return "unix:" + socket_path(); }
    [[nodiscard]] const TemporaryFolder& folder() const { return folder_; }
    [[nodiscard]] pid_t process() const { return id_; }
    [[nodiscard]] redis::Place place() const { return {.endpoint = {.host = "127.0.0.1", .port = port_}, .path = {}}; }

    // As a crash: nothing more is written.
    void kill() {
        if (id_ <= 0) return;
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
        id_ = -1;
    }

    // On the same port, with the same folder.
    void restart(Await await = Await::ready) {
        kill();
        if (!eventually([&] { return try_start(await); })) {
            std::fprintf(stderr, "redis-server does not start again:\n%s\n", log().c_str());
            std::abort();
        }
    }

    // Alive, but answers nobody, until resume().
    void stop() const {
        ::kill(id_, SIGSTOP);
        ::waitpid(id_, nullptr, WUNTRACED);
    }
    void resume() const { ::kill(id_, SIGCONT); }

    // A command of the test itself, on a connection of its own. An error reply comes as its text.
    redis::Reply run(const std::vector<std::string>& words) const {
        const std::vector<std::string_view> views(words.begin(), words.end());
        const redis::Patience patience{std::chrono::steady_clock::now() + std::chrono::seconds{30}};
        auto connection = redis::Connection::open(place(), {.user = {}, .password = options_.password}, patience);
        if (!connection) return {connection.error().message};
        auto answer = (*connection)->call(views, patience);
        if (!answer) return {answer.error().message};
        if (const auto* error = std::get_if<redis::ErrorReply>(&*answer)) return {error->text};
        return std::get<redis::Reply>(std::move(*answer));
    }

    [[nodiscard]] std::string log() const {
        std::ifstream file(folder_.path("log"));
        return {std::istreambuf_iterator<char>(file), {}};
    }

private:
    [[nodiscard]] std::vector<std::string> command_line() const {
        std::vector<std::string> line{"redis-server"};
        if (options_.is_sentinel) {
            folder_.write("sentinel.conf", options_.sentinel_config);
            line.insert(line.end(), {folder_.path("sentinel.conf"), "--sentinel"});
        } else {
            line.insert(line.end(), {"--save", "", "--enable-debug-command", "yes"});
        }
        line.insert(line.end(), {"--port", std::to_string(port_), "--bind", "127.0.0.1", "--dir", folder_.path(),
                                 "--logfile", folder_.path("log")});
        if (options_.has_socket) line.insert(line.end(), {"--unixsocket", socket_path()});
        line.insert(line.end(), options_.arguments.begin(), options_.arguments.end());
        return line;
    }

    [[nodiscard]] bool try_start(Await await) {
        ::unlink(folder_.path("log").c_str());
        std::vector<std::string> line = command_line();
        std::vector<char*> words;
        words.reserve(line.size() + 1);
        for (std::string& word : line) words.push_back(word.data());
        words.push_back(nullptr);
        const pid_t parent = ::getpid();
        id_ = ::fork();
        if (id_ == 0) {
            ::prctl(PR_SET_PDEATHSIG, SIGKILL);
            if (::getppid() != parent) ::_exit(1);
            const int quiet = ::open("/dev/null", O_RDWR | O_CLOEXEC);
            ::dup2(quiet, STDOUT_FILENO);
            ::execvp(words.front(), words.data());
            ::_exit(127);
        }
        bool is_alive = true;
        const std::string ready = options_.is_sentinel ? "Sentinel ID is" : "Ready to accept connections";
        const bool has_started = eventually([&] {
            is_alive = ::waitpid(id_, nullptr, WNOHANG) == 0;
            return !is_alive || await == Await::nothing || (log().find(ready) != std::string::npos && answers());
        });
        if (!is_alive) id_ = -1;
        if (!has_started) kill();
        return is_alive && has_started;
    }

    // Any answer will do; one that must log in says NOAUTH.
    [[nodiscard]] bool answers() const {
        const redis::Patience patience{std::chrono::steady_clock::now() + std::chrono::seconds{5}};
        return redis::Connection::open(place(), {.user = {}, .password = options_.password}, patience).has_value();
    }

    RedisServerOptions options_;
    TemporaryFolder folder_;
    int port_ = 0;
    pid_t id_ = -1;
};

}  // namespace archaeologist
