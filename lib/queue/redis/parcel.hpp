// Results too large for Redis: they travel through the lake, and Redis holds where they lie.
//
// A parcel names its job and epoch, so that its blob is of no other content and may go once it has arrived. Who dies between
// has left a blob that nothing names, as any upload that was broken off.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/lake.hpp"

namespace archaeologist::redis_queue {

inline constexpr std::size_t inline_result_bytes_max = 16 << 10;

struct Parcel {
    ContentHash hash;
    std::uint64_t size_bytes = 0;
};

// What Redis is given in place of a result or a list of children; it can be neither. Errors: unavailable.
[[nodiscard]] Result<std::string> post(Lake& lake, JobId id, std::uint64_t epoch, std::string_view content);
// Nothing where the words are the content itself.
[[nodiscard]] std::optional<Parcel> parcel_of(std::string_view words);
// The content. Errors: those of Lake::read, corrupt.
[[nodiscard]] Result<std::string> unpack(Lake& lake, const Parcel& parcel, JobId id, std::uint64_t epoch);

}  // namespace archaeologist::redis_queue
