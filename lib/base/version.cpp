#include "archaeologist/version.hpp"

namespace archaeologist {

std::string_view version() { return ARCHAEO_VERSION; }

}  // namespace archaeologist
