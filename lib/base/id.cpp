#include "archaeologist/id.hpp"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <algorithm>
#include <cstring>
#include <limits>

#include "base/hex.hpp"
#include "base/mutex.hpp"

namespace archaeologist {
namespace {

constexpr std::array<std::size_t, 5> group_bytes{4, 2, 2, 2, 6};

void stamp(Uuid& id, std::uint8_t version) {
    id.bytes[6] = static_cast<std::uint8_t>((id.bytes[6] & 0x0F) | (version << 4));
    id.bytes[8] = static_cast<std::uint8_t>((id.bytes[8] & 0x3F) | 0x80);
}

// The last id's time and counter: ids of one process strictly increase even within a millisecond or when the clock
// steps back (RFC 9562, 6.2, method 1).
struct Sequence {
    Mutex mutex;
    std::int64_t last_ms ARCHAEO_GUARDED_BY(mutex) = 0;
    std::uint32_t counter ARCHAEO_GUARDED_BY(mutex) = 0;
};

std::pair<std::int64_t, std::uint32_t> next_in_sequence(std::int64_t now_ms) {
    static Sequence sequence;
    const MutexLock lock(sequence.mutex);
    if (now_ms > sequence.last_ms) {
        sequence.last_ms = now_ms;
        sequence.counter = 0;
    } else if (++sequence.counter >= (1U << 26)) {
        ++sequence.last_ms;
        sequence.counter = 0;
    }
    return {sequence.last_ms, sequence.counter};
}

}  // namespace

std::string Uuid::text() const {
    std::string out;
    std::size_t at = 0;
    for (const auto size : group_bytes) {
        if (at > 0) out += '-';
        out += to_hex(std::span(bytes).subspan(at, size));
        at += size;
    }
    return out;
}

std::optional<Uuid> Uuid::parse(std::string_view text) {
    if (text.size() != 36) return std::nullopt;
    Uuid id;
    std::size_t at = 0;
    std::size_t position = 0;
    for (const auto size : group_bytes) {
        if (at > 0 && text[position++] != '-') return std::nullopt;
        if (!from_hex(text.substr(position, size * 2), std::span(id.bytes).subspan(at, size))) return std::nullopt;
        position += size * 2;
        at += size;
    }
    return id;
}

Uuid Uuid::from_bytes(std::string_view sixteen_bytes) {
    Uuid id;
    std::memcpy(id.bytes.data(), sixteen_bytes.data(), std::min(sixteen_bytes.size(), id.bytes.size()));
    return id;
}

Uuid Uuid::v7(TimePoint now) {
    const auto [ms, counter] = next_in_sequence(to_ms(now));
    Uuid id;
    RAND_bytes(id.bytes.data() + 10, 6);
    for (std::size_t i = 0; i < 6; ++i) id.bytes[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    id.bytes[6] = static_cast<std::uint8_t>(counter >> 22 & 0x0F);
    id.bytes[7] = static_cast<std::uint8_t>(counter >> 14);
    id.bytes[8] = static_cast<std::uint8_t>(counter >> 8 & 0x3F);
    id.bytes[9] = static_cast<std::uint8_t>(counter);
    stamp(id, 7);
    return id;
}

Uuid Uuid::v5(const Uuid& name_space, std::string_view name) {
    std::string input(name_space.view());
    input += name;
    std::array<std::uint8_t, 20> digest{};
    EVP_Digest(input.data(), input.size(), digest.data(), nullptr, EVP_sha1(), nullptr);
    Uuid id;
    std::copy_n(digest.begin(), id.bytes.size(), id.bytes.begin());
    stamp(id, 5);
    return id;
}

std::string ContentHash::hex() const { return to_hex(bytes); }

std::optional<ContentHash> ContentHash::parse(std::string_view hex) {
    ContentHash hash;
    if (!from_hex(hex, hash.bytes)) return std::nullopt;
    return hash;
}

}  // namespace archaeologist
