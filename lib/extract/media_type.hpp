// The media type of content that is not text, by libmagic.
#pragma once

#include <string>
#include <string_view>

namespace archaeologist {

// "application/octet-stream" when libmagic cannot tell. Thread-safe; one caller at a time gets in.
[[nodiscard]] std::string media_type_of(std::string_view beginning);

}  // namespace archaeologist
