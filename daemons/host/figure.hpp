// Figures as people read them: 9,812 · 12.3 MB · 85.2 MB/s · 2:05.
#pragma once

#include <cstdint>
#include <string>

namespace archaeologist::host {

// With a comma between thousands.
[[nodiscard]] std::string grouped(std::uint64_t count);
// The same for a count that is signed by its type only; less than 0 is shown as 0.
[[nodiscard]] std::string count_text(std::int64_t count);

// In powers of 1000, three digits: "512 B", "4.10 kB", "12.3 MB".
[[nodiscard]] std::string size_text(std::uint64_t bytes);

// In MB/s, so that a column of rates compares; "–" when it is not a positive number.
[[nodiscard]] std::string rate_text(double bytes_per_s);

// "0.85 s" below ten seconds, "42 s" below a minute, then "2:05" and "1:02:05".
[[nodiscard]] std::string duration_text(double seconds);

// A time that counts down, in whole seconds begun: "0:04", "2:05", "1:02:05".
[[nodiscard]] std::string countdown_text(double seconds);

}  // namespace archaeologist::host
