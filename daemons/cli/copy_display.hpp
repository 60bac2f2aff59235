// How far a copy is, on standard error: in place on a terminal, else a line now and then.
#pragma once

#include <unistd.h>

#include <chrono>
#include <string>

#include "host/terminal.hpp"

namespace archaeologist::cli {

class CopyDisplay {
public:
    CopyDisplay() = default;
    CopyDisplay(const CopyDisplay&) = delete;
    CopyDisplay& operator=(const CopyDisplay&) = delete;
    ~CopyDisplay() { host::StatusLine::standard_error().clear(); }

    void show(const std::string& progress) {
        if (on_terminal_) {
            const std::size_t width = host::terminal_width(STDERR_FILENO) - 1;
            host::StatusLine::standard_error().show(progress.substr(0, width));
        } else if (SteadyClock::now() - reported_ >= std::chrono::seconds(2)) {
            reported_ = SteadyClock::now();
            host::StatusLine::standard_error().message(progress + '\n');
        }
    }

private:
    using SteadyClock = std::chrono::steady_clock;

    const bool on_terminal_ = host::is_terminal(STDERR_FILENO);
    SteadyClock::time_point reported_ = SteadyClock::now();
};

}  // namespace archaeologist::cli
