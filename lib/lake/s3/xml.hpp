// The little XML that S3 replies with: elements without attributes that matter.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace archaeologist::s3 {

// What stands between the first <name …> and its end; nested elements of the same name do not occur in S3's replies.
[[nodiscard]] std::optional<std::string_view> element(std::string_view xml, std::string_view name);

[[nodiscard]] std::vector<std::string_view> elements(std::string_view xml, std::string_view name);

// The five named entities and numeric ones below 128 replaced; others stay as they are.
[[nodiscard]] std::string text_of(std::string_view xml);

// The first element's text; empty when it is not there.
[[nodiscard]] std::string element_text(std::string_view xml, std::string_view name);

[[nodiscard]] std::string xml_escaped(std::string_view text);

}  // namespace archaeologist::s3
