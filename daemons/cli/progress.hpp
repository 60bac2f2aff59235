// How far an ingest is, for people: a redrawn line on a terminal, a line now and then elsewhere.
#pragma once

#include <chrono>
#include <cstddef>
#include <string>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

// Files that need nothing more, of those found so far: 0 to 1.
[[nodiscard]] double done_fraction(const IngestProgress& progress);

// One line of at most `columns`: what matters least goes first when there is little room.
[[nodiscard]] std::string progress_line(const IngestProgress& progress, double seconds, std::size_t columns);

// The same as a sentence for logs.
[[nodiscard]] std::string progress_report(const IngestProgress& progress, double seconds);

// Shows it on standard error. One thread.
class ProgressDisplay {
public:
    ProgressDisplay();
    ~ProgressDisplay() { end(); }
    ProgressDisplay(const ProgressDisplay&) = delete;
    ProgressDisplay& operator=(const ProgressDisplay&) = delete;

    void show(const IngestProgress& progress);
    // Takes the line away.
    void end();

private:
    using SteadyClock = std::chrono::steady_clock;

    bool on_terminal_;
    SteadyClock::time_point started_ = SteadyClock::now();
    SteadyClock::time_point reported_ = started_;
};

}  // namespace archaeologist::cli
