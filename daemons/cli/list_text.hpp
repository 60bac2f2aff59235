// Jobs, sources and projects as tables, and one job or source in full.
#pragma once

#include <string>
#include <vector>

#include "archaeologist/engine.hpp"

namespace archaeologist::cli {

[[nodiscard]] std::string table_of(const JobPage& page, TimePoint now);
[[nodiscard]] std::string table_of(const SourcePage& page);
[[nodiscard]] std::string table_of(const std::vector<Project>& projects);

[[nodiscard]] std::string description_of(const Job& job, TimePoint now);

[[nodiscard]] std::string description_of(const Source& source);

// "1 to 50 of 9,812 jobs, --page 2 shows more"
[[nodiscard]] std::string position_of(const JobPage& page);
[[nodiscard]] std::string position_of(const SourcePage& page);

}  // namespace archaeologist::cli
