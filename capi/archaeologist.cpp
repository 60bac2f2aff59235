#include "archaeologist/archaeologist.h"

#include "archaeologist/version.hpp"

extern "C" {

int32_t archaeo_abi_version(void) { return ARCHAEO_ABI_VERSION; }

// version() views a string literal, so a NUL follows it.
const char* archaeo_version_string(void) { return archaeologist::version().data(); }

}  // extern "C"
