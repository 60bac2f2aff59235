// What is said to each kind of server, and what its answers mean. Pure.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"
#include "embed/http/location.hpp"
#include "net/message.hpp"

namespace archaeologist::embed {

using Vector = std::vector<float>;

// What is put before a text and the text.
struct Prefixed {
    std::string_view prefix;
    std::string_view text;
};

struct EmbedCall {
    std::string url;
    std::string body;
};

// location.api must be known. No server is let cut what is too long for it (truncate: false).
[[nodiscard]] EmbedCall embed_call(const Location& location, std::span<const Prefixed> texts);

// Of a 2xx reply: one vector a text, in the texts' order, of length 1. A vector of another dimension than location.size,
// unless that is 0, is refused, and so is one that is zero or not finite.
// Errors: unavailable (another model or no embedding server at all answers), io_error (a vector that is none).
[[nodiscard]] Result<std::vector<Vector>> parse_vectors(const Location& location, std::string_view body,
                                                        std::size_t texts);

// outage: it ends by itself. settings: somebody has to change something: a key, a model's name, a quota. busy: later.
// too_much: fewer or shorter texts may do. bad_text: this text, never.
enum class RefusalKind : std::uint8_t { outage, settings, busy, too_much, bad_text };

struct Refusal {
    RefusalKind kind = RefusalKind::outage;
    Error error;
    bool is_about_tokens = false;              // of too_much: the text's length, not the number of texts
    std::optional<std::size_t> batch_texts{};  // of too_much: the most that the server takes, when it says so
};

// Of a reply other than 2xx.
[[nodiscard]] Refusal judge(const net::Response& response);

// What the server said about an error, whatever the shape; at most 300 bytes on one line.
[[nodiscard]] std::string server_words(std::string_view body);

}  // namespace archaeologist::embed
