#include "lake/memory.hpp"

#include <algorithm>
#include <array>

namespace archaeologist {
namespace {

class MemoryBlob final : public Blob {
public:
    explicit MemoryBlob(std::shared_ptr<const std::string> content) : content_(std::move(content)) {}

    [[nodiscard]] std::uint64_t size() const override { return content_->size(); }

    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const override {
        if (offset >= content_->size()) return std::size_t{0};
        return content_->copy(buffer.data(), buffer.size(), static_cast<std::size_t>(offset));
    }

private:
    std::shared_ptr<const std::string> content_;
};

}  // namespace

Result<StoredBlob> MemoryLake::put(ByteSource& source, std::uint64_t size_max) {
    std::string content;
    std::array<char, 4096> buffer{};
    for (;;) {
        ARCHAEO_ASSIGN(const std::size_t size, source.read(buffer));
        if (size == 0) break;
        if (size > size_max - content.size()) {
            return Error{Code::too_large, "content has more than " + std::to_string(size_max) + " bytes, the limit"};
        }
        content.append(buffer.data(), size);
    }
    const StoredBlob blob{ContentHash::of(content), content.size()};
    const MutexLock lock(mutex_);
    blobs_[blob.hash] = std::make_shared<const std::string>(std::move(content));
    return blob;
}

Result<std::unique_ptr<Blob>> MemoryLake::open(const ContentHash& hash) {
    const MutexLock lock(mutex_);
    const auto found = blobs_.find(hash);
    if (found == blobs_.end()) return Error{Code::not_found, "blob " + hash.hex() + " is not in the lake"};
    return std::unique_ptr<Blob>(std::make_unique<MemoryBlob>(found->second));
}

Result<bool> MemoryLake::contains(const ContentHash& hash) {
    const MutexLock lock(mutex_);
    return blobs_.contains(hash);
}

Status MemoryLake::remove(const ContentHash& hash) {
    const MutexLock lock(mutex_);
    blobs_.erase(hash);
    return {};
}

}  // namespace archaeologist
