// Refuses jobs that break a rule, with a message that names thing, value and rule. Pure.
#pragma once

#include <cstddef>
#include <string_view>

#include "archaeologist/job.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// Errors: invalid_argument, too_large.
[[nodiscard]] Status validate(const NewJob& job);

// 1 to 64 bytes of letters, digits, _ . and -.
[[nodiscard]] Status validate_job_type(std::string_view job_type);

// That `json` is one valid JSON object (UTF-8, at most 1,024 levels deep) of at most `bytes_max`; `name` is for the
// message. Errors: invalid_argument, too_large.
[[nodiscard]] Status validate_json_object(std::string_view name, std::string_view json, std::size_t bytes_max);

// At most `bytes_max` bytes of `text`, cut before a code point, never inside it.
[[nodiscard]] std::string_view cut_text(std::string_view text, std::size_t bytes_max);

// A value from outside, fit to stand in a message: quoted, cut to 80 bytes.
[[nodiscard]] std::string quoted(std::string_view value);

}  // namespace archaeologist
