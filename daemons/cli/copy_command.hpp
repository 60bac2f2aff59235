// What lake copy and vectors copy have in common.
#pragma once

#include <unistd.h>

#include <chrono>
#include <string>

#include "cli/session.hpp"
#include "host/printable.hpp"
#include "host/signals.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {

// How far a copy is, on standard error: in place on a terminal, else a line now and then.
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

// Prints what came of it as text or JSON, and the first of its problems on standard error. One that a
// signal stopped says how to go on.
template <class Report>
[[nodiscard]] Result<int> finish_copy(const Result<Report>& report, const Session& session,
                                      std::string (*text_of)(const Report&), std::string (*json_of)(const Report&)) {
    constexpr std::size_t problems_shown = 20;
    if (!report && report.error().code == Code::cancelled && host::stop_exit_code() != 0) {
        host::StatusLine::standard_error().message("interrupted; the same command continues where this one stopped\n");
        return host::stop_exit_code();
    }
    if (!report) return report.error();
    for (std::size_t i = 0; i < report->problems.size() && i < problems_shown; ++i) {
        complain(report->problems[i].error.message);
    }
    ARCHAEO_TRY(host::write_output(session.global.format == Format::json ? json_of(*report) : text_of(*report)));
    return report->is_whole() ? done : work_failed;
}

}  // namespace archaeologist::cli
