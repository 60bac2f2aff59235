#include "archaeologist/lake.hpp"

#include <algorithm>
#include <cstring>

namespace archaeologist {

Result<std::size_t> MemorySource::read(std::span<char> buffer) {
    const std::size_t size = std::min(buffer.size(), rest_.size());
    if (size > 0) std::memcpy(buffer.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
}

Status Lake::probe() {
    ARCHAEO_TRY(contains(ContentHash{}));
    return {};
}

Result<std::string> Lake::read(const ContentHash& hash, std::uint64_t size_max) {
    ARCHAEO_ASSIGN(const auto blob, open(hash));
    if (blob->size() > size_max) {
        return Error{Code::too_large, "blob " + hash.hex() + " has " + std::to_string(blob->size()) +
                                          " bytes, must be at most " + std::to_string(size_max)};
    }
    std::string content(static_cast<std::size_t>(blob->size()), '\0');
    ARCHAEO_ASSIGN(const std::size_t size, blob->read_at(0, content));
    content.resize(size);
    return content;
}

Result<std::size_t> BlobSource::read(std::span<char> buffer) {
    ARCHAEO_ASSIGN(const std::size_t size, blob_.read_at(offset_, buffer));
    offset_ += size;
    return size;
}

}  // namespace archaeologist
