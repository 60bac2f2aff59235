// Sends texts to an embedding server and copes with what it refuses.
#pragma once

#include <chrono>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "archaeologist/result.hpp"
#include "base/log.hpp"
#include "embed/http/caps.hpp"
#include "embed/http/location.hpp"
#include "embed/http/pace.hpp"
#include "embed/http/wire.hpp"
#include "net/client.hpp"

namespace archaeologist::embed {

// How long a caller waits for one request and for pauses the server asks for.
struct Patience {
    std::chrono::milliseconds request{90'000};
    std::chrono::milliseconds pause{30'000};
};

// Thread-safe.
class Sender {
public:
    // The key is sent as a bearer token and appears in no message.
    Sender(Location location, std::string api_key, std::unique_ptr<net::Client> client, Logger log);

    // One result a text, in order. Batches that are too large for the server are halved, and what it takes is remembered;
    // a text that is too long becomes the mean of its halves.
    // Errors: unavailable (away, or somebody has to change something: the message says what), rate_limited, io_error (a
    // vector that is none), invalid_argument (a text that the server does not take), too_large, cancelled.
    [[nodiscard]] std::vector<Result<Vector>> send(std::span<const Prefixed> texts, const Patience& patience);

    // Asks without embedding; embeds a word where the last request failed.
    [[nodiscard]] Status probe();

    // Ends all calls, for good.
    void stop();

    [[nodiscard]] const Location& location() const { return location_; }
    [[nodiscard]] const Caps& caps() const { return caps_; }

private:
    struct Attempt;
    // Whether every text was taken whole, which says that a batch was refused for its size and not for one of them.
    enum class Taken : std::uint8_t { whole, otherwise };
    Taken send_all(std::span<const Prefixed> texts, const Patience& patience, std::span<Result<Vector>> results);
    Taken send_halves(std::span<const Prefixed> texts, const Patience& patience, std::span<Result<Vector>> results,
                      const Refusal& refusal);
    [[nodiscard]] Result<Vector> send_pieces(const Prefixed& text, const Patience& patience, const Refusal& refusal);
    [[nodiscard]] Attempt attempt(std::span<const Prefixed> texts, const Patience& patience);
    [[nodiscard]] Status ask(std::string_view path);
    [[nodiscard]] Error told(Error error) const;
    void note(const Error& error);

    const Location location_;
    const std::string api_key_;
    const std::unique_ptr<net::Client> client_;
    const Logger log_;
    Caps caps_;
    Pace pace_;
};

// Request headers that carry the key and, with a body, its type.
[[nodiscard]] std::vector<net::Header> headers_of(const std::string& api_key);

}  // namespace archaeologist::embed
