// The promises of Lake, as tests. A lake is right when it passes.
#pragma once

#include <functional>
#include <memory>

#include "archaeologist/lake.hpp"

namespace archaeologist {

// Each call makes an empty lake.
using LakeFactory = std::function<std::unique_ptr<Lake>()>;

// Call from within a TEST_CASE.
void lake_contract(const LakeFactory& make);

}  // namespace archaeologist
