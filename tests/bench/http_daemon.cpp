#include "bench/http_daemon.hpp"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <charconv>
#include <csignal>
#include <fstream>
#include <vector>

namespace archaeologist::bench {
namespace {

pid_t spawn(std::vector<std::string> words, int output) {
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    std::vector<char*> arguments;
    arguments.reserve(words.size() + 1);
    for (std::string& word : words) arguments.push_back(word.data());
    arguments.push_back(nullptr);
    pid_t id = -1;
    if (posix_spawn(&id, arguments[0], &actions, nullptr, arguments.data(), environ) != 0) id = -1;
    posix_spawn_file_actions_destroy(&actions);
    return id;
}

}  // namespace

Result<std::unique_ptr<HttpDaemon>> HttpDaemon::start(const std::string& program, const std::string& data_dir,
                                                      const std::string& workers) {
    std::array<int, 2> pipe_ends{};
    if (::pipe2(pipe_ends.data(), O_CLOEXEC) != 0) return Error{Code::unavailable, "http: no pipe"};
    std::unique_ptr<HttpDaemon> daemon(new HttpDaemon);
    daemon->output_ = ::fdopen(pipe_ends[0], "r");
    daemon->id_ =
        spawn({program, "--data", data_dir, "--listen", "127.0.0.1:0", "--workers", workers, "--log-level", "warning"},
              pipe_ends[1]);
    ::close(pipe_ends[1]);
    std::array<char, 256> line{};
    if (daemon->id_ > 0 && std::fgets(line.data(), line.size(), daemon->output_) != nullptr) {
        const std::string_view said(line.data());
        const auto colon = said.rfind(':');
        if (colon != std::string_view::npos) {
            (void)std::from_chars(said.data() + colon + 1, said.data() + said.size(), daemon->port_);
        }
    }
    if (daemon->port_ == 0) {
        return Error{Code::unavailable, "http: " + program + " does not start, say --httpd PATH if it is elsewhere"};
    }
    return daemon;
}

HttpDaemon::~HttpDaemon() {
    if (id_ > 0) {
        ::kill(id_, SIGTERM);
        ::waitpid(id_, nullptr, 0);
    }
    if (output_ != nullptr) std::fclose(output_);
}

void HttpDaemon::forget_rss_max() const {
    std::ofstream("/proc/" + std::to_string(id_) + "/clear_refs") << "5";  // proc(5)
}

double HttpDaemon::status_mb(const std::string& name) const {
    std::ifstream status("/proc/" + std::to_string(id_) + "/status");
    for (std::string line; std::getline(status, line);) {
        if (line.starts_with(name)) return std::stod(line.substr(name.size())) * 1'024 / 1e6;
    }
    return 0;
}

}  // namespace archaeologist::bench
