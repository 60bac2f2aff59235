// The version of the C++ library. The C ABI has its own number: archaeo_abi_version() in archaeologist.h.
#pragma once

#include <string_view>

namespace archaeologist {

// "MAJOR.MINOR.PATCH", the project version of CMakeLists.txt.
[[nodiscard]] std::string_view version();

}  // namespace archaeologist
