// For tests whose input tools/deps test brings.
#pragma once

#include <doctest/doctest.h>

#include <cstdlib>
#include <string>

namespace archaeologist {

// Fails where CI is set. Elsewhere it says so; ctest then shows the test as skipped (tests/CMakeLists.txt).
inline void leave_out(const std::string& input) {
    if (std::getenv("CI") != nullptr) FAIL(input, " is not there, must be in CI: tools/deps test brings it");
    MESSAGE("left out: ", input, " is not there, tools/deps test brings it");
}

}  // namespace archaeologist
