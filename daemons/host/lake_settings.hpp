// Where a program's blobs lie, by its settings and its environment.
#pragma once

#include <string>
#include <vector>

#include "archaeologist/lake.hpp"
#include "host/environment.hpp"
#include "host/settings.hpp"

namespace archaeologist::host {

[[nodiscard]] std::vector<Setting> lake_settings();

// A daemon's: --lake, else the bucket of $S3_BUCKET, else the data folder. Errors: invalid_argument.
[[nodiscard]] Result<LakeConfig> lake_choice(const Settings& settings, const Environment& environment);

// The command line's: --lake, else the data folder. $S3_BUCKET may be meant for other programs.
[[nodiscard]] LakeConfig lake_of(const Settings& settings);

// With the keys of $AWS_…; those of PREFIXAWS_… come first where they are set.
[[nodiscard]] S3Credentials credentials_of(const Environment& environment, const std::string& prefix = {});

}  // namespace archaeologist::host
