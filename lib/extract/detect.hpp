// What kind of file something is: by its content; the name only refines what kind of text a text is.
#pragma once

#include <string>
#include <string_view>

#include "archaeologist/chunker.hpp"
#include "extract/charset.hpp"

namespace archaeologist {

struct FileType {
    std::string
        file_type;  // "text", "markdown", "code", "sql", "csv", "json", "xml", "html", "log", "config"; "unsupported"
    std::string content_type;  // a media type
    std::string language;      // programming language, lower case; empty when none
    TextKind kind = TextKind::plain;
    bool is_text = false;
};

// `beginning` are the file's first bytes, not empty; 64 KiB are plenty. Thread-safe.
[[nodiscard]] FileType detect(std::string_view beginning, Extent extent, std::string_view name);

// Whether it tells files to be in this language, or may once their names say so.
[[nodiscard]] bool is_programming_language(std::string_view name);

}  // namespace archaeologist
