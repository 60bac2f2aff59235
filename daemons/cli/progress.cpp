#include "cli/progress.hpp"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <vector>

#include "host/figure.hpp"
#include "host/printable.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

constexpr std::chrono::seconds report_interval{2};

std::uint64_t files_done(const IngestProgress& progress) {
    return std::min(progress.jobs_finished + progress.files_unchanged, progress.files_found);
}

std::string rate(const IngestProgress& progress, double seconds) {
    return host::rate_text(seconds > 0 ? static_cast<double>(progress.bytes_finished) / seconds : 0);
}

// Down, so that 100% means the end.
std::string percent(const IngestProgress& progress) {
    return std::to_string(static_cast<int>(std::floor(done_fraction(progress) * 100))) + '%';
}

// Nothing while the total may grow, or while too little is done to tell.
std::string remaining(const IngestProgress& progress, double seconds) {
    const double fraction = done_fraction(progress);
    if (progress.walking || fraction <= 0 || seconds < 1) return {};
    return "ETA " + host::countdown_text(seconds * (1 - fraction) / fraction);
}

std::string bar(double fraction, std::size_t columns) {
    const std::size_t inside = columns - 2;
    const auto filled = static_cast<std::size_t>(fraction * static_cast<double>(inside));
    return '[' + std::string(filled, '#') + std::string(inside - filled, '-') + ']';
}

// The first parts that fit, in their order, two spaces between them.
std::string joined(const std::vector<std::string>& parts, std::size_t columns) {
    std::string line;
    for (const auto& part : parts) {
        if (part.empty()) continue;
        const std::size_t before = line.size();
        if (!line.empty()) line += "  ";
        line += part;
        if (host::columns_of(line) > columns) return line.substr(0, before);
    }
    return line;
}

}  // namespace

double done_fraction(const IngestProgress& progress) {
    if (progress.files_found == 0) return progress.walking ? 0 : 1;
    return static_cast<double>(files_done(progress)) / static_cast<double>(progress.files_found);
}

std::string progress_line(const IngestProgress& progress, double seconds, std::size_t columns) {
    const std::string size = host::size_text(progress.bytes_finished);
    const std::string done = host::grouped(files_done(progress));
    const std::string found = host::grouped(progress.files_found);
    if (progress.walking) {
        return joined({"finding files: " + found, done + " done", rate(progress, seconds), size}, columns);
    }
    constexpr std::size_t bar_columns_min = 10;
    constexpr std::size_t bar_columns_max = 30;
    const std::string head = percent(progress);
    const std::string tail =
        joined({done + '/' + found + " files", remaining(progress, seconds), rate(progress, seconds), size},
               columns > head.size() + 2 ? columns - head.size() - 2 : 0);
    const std::size_t used = head.size() + 4 + host::columns_of(tail);
    if (columns < used + bar_columns_min) return joined({head, tail}, columns);
    return joined({head, bar(done_fraction(progress), std::min(columns - used, bar_columns_max)), tail}, columns);
}

std::string progress_report(const IngestProgress& progress, double seconds) {
    std::string line = host::grouped(files_done(progress)) + " of " + host::grouped(progress.files_found);
    line += progress.walking ? " files found so far" : " files (" + percent(progress) + ')';
    line += ", " + host::size_text(progress.bytes_finished) + ", " + rate(progress, seconds);
    if (const auto rest = remaining(progress, seconds); !rest.empty()) line += ", " + rest;
    return line;
}

ProgressDisplay::ProgressDisplay() : on_terminal_(host::is_terminal(STDERR_FILENO)) {}

void ProgressDisplay::show(const IngestProgress& progress) {
    const auto now = SteadyClock::now();
    const double seconds = std::chrono::duration<double>(now - started_).count();
    auto& line = host::StatusLine::standard_error();
    if (on_terminal_) {
        // One column stays free: many terminals wrap when the last one is written.
        line.show(progress_line(progress, seconds, host::terminal_width(STDERR_FILENO) - 1));
    } else if (now - reported_ >= report_interval) {
        reported_ = now;
        line.message(progress_report(progress, seconds) + '\n');
    }
}

void ProgressDisplay::end() { host::StatusLine::standard_error().clear(); }

}  // namespace archaeologist::cli
