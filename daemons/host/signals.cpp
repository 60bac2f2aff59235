#include "host/signals.hpp"

#include <unistd.h>

#include <csignal>

namespace archaeologist::host {
namespace {

std::atomic<bool> stop_requested{false};
std::atomic<int> stop_signal{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free);

void on_stop_signal(int signal) {
    if (stop_requested.exchange(true)) ::_exit(128 + signal);
    stop_signal.store(signal);
}

void set_handler(int signal, void (*handler)(int)) {
    struct sigaction action {};
    action.sa_handler = handler;
    action.sa_flags = SA_RESTART;
    ::sigemptyset(&action.sa_mask);
    (void)::sigaction(signal, &action, nullptr);
}

}  // namespace

void ignore_write_signals() {
    set_handler(SIGPIPE, SIG_IGN);
    set_handler(SIGXFSZ, SIG_IGN);
}

const std::atomic<bool>& stop_on_signals() {
    set_handler(SIGINT, on_stop_signal);
    set_handler(SIGTERM, on_stop_signal);
    return stop_requested;
}

int stop_exit_code() {
    const int signal = stop_signal.load();
    return signal == 0 ? 0 : 128 + signal;
}

}  // namespace archaeologist::host
