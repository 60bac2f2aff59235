// What an ingest came to, in words.
#pragma once

#include <string>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

// "9,812 searchable · 181 skipped · 7 failed", with what is unchanged or pending where there is any;
// "nothing changed: 10,000 files, no jobs" when there was nothing to do.
[[nodiscard]] std::string summary_of(const IngestReport& report);

// One line each for the first ten paths that could not be taken, then "and N more"; empty when there was none.
[[nodiscard]] std::string problems_of(const IngestReport& report);

}  // namespace archaeologist::cli
