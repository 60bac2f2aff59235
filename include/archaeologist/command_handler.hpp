// Jobs of a type of one's own, done by a program: what the daemons offer as --handler TYPE=COMMAND, for every host alike.
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "archaeologist/worker.hpp"

namespace archaeologist {

// A program that does one job each time it runs. It gets the job's data (JSON) on standard input, and the variables
// ARCHAEOLOGIST_JOB_ID, ARCHAEOLOGIST_JOB_TYPE and ARCHAEOLOGIST_ATTEMPT beside this process's environment. What it prints
// on standard output is the result, a JSON object; nothing stands for {}. Lines "progress CURRENT TOTAL MESSAGE" on
// standard error are shown as the job's progress; the last other line is the error message of a failure.
// Exit 0: completed. 75 (EX_TEMPFAIL, sysexits(3)), death by a signal, or a time limit: failed, to be tried again.
// Any other: failed for good.
struct CommandOptions {
    std::vector<std::string> command;  // the program (searched in PATH) and its arguments; no shell
    // From SIGTERM to SIGKILL, when the job is cancelled or its time is over.
    std::chrono::milliseconds patience{2'000};
};

// The handler runs the program in a process group of its own, which is killed when the job ends early; nothing of it outlives
// the program. Output past JobLimits::result_bytes_max fails the job. This process's environment is that of the call. Errors: invalid_argument (no program), not_found (not in PATH).
[[nodiscard]] Result<JobHandler> make_command_handler(const CommandOptions& options);

}  // namespace archaeologist
