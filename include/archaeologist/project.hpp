// Projects: the walls between sets of sources.
#pragma once

#include <string>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"

namespace archaeologist {

struct Project {
    ProjectId id{};
    std::string name;  // 1 to 200 bytes of UTF-8, no control characters, unique
    std::string description;
    TimePoint created_at{};
    std::int64_t sources = 0;  // not deleted
};

[[nodiscard]] std::string to_json(const Project& project);

}  // namespace archaeologist
