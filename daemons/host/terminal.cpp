#include "host/terminal.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

namespace archaeologist::host {
namespace {

// Returns the errno of the failure, 0 when all was written.
int write_all(int descriptor, std::string_view text) {
    while (!text.empty()) {
        const ssize_t written = ::write(descriptor, text.data(), text.size());
        if (written < 0 && errno == EINTR) continue;
        if (written < 0) return errno;
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return 0;
}

constexpr std::string_view erase_line = "\r\033[K";

}  // namespace

bool is_terminal(int descriptor) { return ::isatty(descriptor) == 1; }

std::size_t terminal_width(int descriptor) {
    winsize size{};
    if (::ioctl(descriptor, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
    return size.ws_col;
}

Emphasis emphasis_for(int descriptor, const Environment& environment) {
    const std::string kind = environment("TERM");
    const bool can = is_terminal(descriptor) && !kind.empty() && kind != "dumb";
    return can && environment("NO_COLOR").empty() ? Emphasis::bold : Emphasis::none;
}

Status write_output(std::string_view text) {
    const int failure = write_all(STDOUT_FILENO, text);
    if (failure == 0 || failure == EPIPE) return {};
    const bool full = failure == ENOSPC || failure == EDQUOT || failure == EFBIG;
    return Error{full ? Code::storage_full : Code::io_error,
                 std::string("standard output: cannot be written: ") + std::strerror(failure)};
}

StatusLine& StatusLine::standard_error() {
    static StatusLine line;
    return line;
}

void StatusLine::show(const std::string& text) {
    if (!is_terminal(STDERR_FILENO)) return;
    const std::lock_guard lock(mutex_);
    shown_ = text;
    draw({});
}

void StatusLine::clear() {
    const std::lock_guard lock(mutex_);
    if (shown_.empty()) return;
    shown_.clear();
    draw({});
}

void StatusLine::message(std::string_view lines) {
    const std::lock_guard lock(mutex_);
    if (shown_.empty()) {
        (void)write_all(STDERR_FILENO, lines);
    } else {
        draw(lines);
    }
}

// One write, so that the line never flickers. Nobody could be told of a failure to write to standard error.
void StatusLine::draw(std::string_view before) {
    std::string out(erase_line);
    out += before;
    out += shown_;
    (void)write_all(STDERR_FILENO, out);
}

}  // namespace archaeologist::host
