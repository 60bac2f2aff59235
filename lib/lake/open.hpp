// A lake by its configuration, with what the engine knows beyond it.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/lake.hpp"
#include "base/log.hpp"
#include "net/metrics.hpp"

namespace archaeologist {

struct LakeTools {
    Logger log;
    std::shared_ptr<net::Metrics> metrics;  // null = nobody asks
};

// As archaeologist::open_lake.
[[nodiscard]] Result<std::unique_ptr<Lake>> open_lake(const LakeConfig& config, const std::string& data_dir,
                                                      LakeTools tools);

}  // namespace archaeologist
