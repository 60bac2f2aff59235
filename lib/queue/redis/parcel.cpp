#include "queue/redis/parcel.hpp"

#include <algorithm>
#include <limits>

#include "queue/redis/pack.hpp"

namespace archaeologist::redis_queue {
namespace {

// A result begins as JSON does, and a list of children is empty or longer than this, a hash and a size.
constexpr std::string_view mark = "\xFFlake";

std::string head_of(JobId id, std::uint64_t epoch) {
    return "archaeologist: outcome of job " + id.text() + ", epoch " + std::to_string(epoch) + "\n";
}

}  // namespace

Result<std::string> post(Lake& lake, JobId id, std::uint64_t epoch, std::string_view content) {
    std::string text = head_of(id, epoch);
    text += content;
    MemorySource source(text);
    const auto stored = lake.put(source, std::numeric_limits<std::uint64_t>::max());
    if (!stored) {
        return Error{Code::unavailable,
                     "the result of job " + id.text() + " does not get into the lake: " + stored.error().message};
    }
    Packer words;
    words.raw(mark);
    for (const std::uint8_t byte : stored->hash.bytes) words.number(byte);
    words.number(stored->size_bytes);
    return std::move(words).bytes();
}

std::optional<Parcel> parcel_of(std::string_view words) {
    Parcel parcel;
    if (!words.starts_with(mark) || words.size() != mark.size() + parcel.hash.bytes.size() + sizeof(std::uint64_t)) {
        return std::nullopt;
    }
    Unpacker in(words.substr(mark.size()));
    for (std::uint8_t& byte : parcel.hash.bytes) byte = in.number<std::uint8_t>();
    parcel.size_bytes = in.number<std::uint64_t>();
    return parcel;
}

Result<std::string> unpack(Lake& lake, const Parcel& parcel, JobId id, std::uint64_t epoch) {
    ARCHAEO_ASSIGN(std::string text, lake.read(parcel.hash, parcel.size_bytes));
    const std::string head = head_of(id, epoch);
    if (text.size() != parcel.size_bytes || !text.starts_with(head)) {
        return Error{Code::corrupt, "blob " + parcel.hash.hex() + " is not the result of job " + id.text()};
    }
    text.erase(0, head.size());
    return text;
}

}  // namespace archaeologist::redis_queue
