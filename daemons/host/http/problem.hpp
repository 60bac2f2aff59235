// Errors as replies: application/problem+json (RFC 9457).
#pragma once

#include <string>
#include <string_view>

#include "archaeologist/result.hpp"
#include "host/http/message.hpp"

namespace archaeologist::host {

[[nodiscard]] int status_of(Code code);

// `code` is the name of an archaeologist::Code, or of a thing only HTTP knows ("method_not_allowed", …).
[[nodiscard]] HttpReply problem(int status, std::string_view code, std::string_view detail);

// What a client may know of it: an error of the machine itself keeps its details for the log.
[[nodiscard]] HttpReply problem_of(const Error& error);

// A whole reply as bytes, for clients that get no further; the connection ends with it.
[[nodiscard]] std::string closing_bytes(const HttpReply& reply);

}  // namespace archaeologist::host
