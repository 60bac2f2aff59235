// What signals do to a program of ours.
#pragma once

#include <atomic>

namespace archaeologist::host {

// A closed pipe and a full quota become errors of the write that met them instead of the program's death.
void ignore_write_signals();

// From here on the first SIGINT or SIGTERM sets the returned flag, which lives as long as the program; the second ends
// the program at once. Only for programs whose files stand a sudden end, as the data folder does.
[[nodiscard]] const std::atomic<bool>& stop_on_signals();

// 128 + the signal that set the flag; 0 when none did.
[[nodiscard]] int stop_exit_code();

}  // namespace archaeologist::host
