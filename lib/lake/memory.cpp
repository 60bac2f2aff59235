#include "lake/memory.hpp"

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

class MemoryLake::Writer final : public BlobWriter {
public:
    Writer(MemoryLake& lake, std::uint64_t size_max) : lake_(lake), size_max_(size_max) {}

    [[nodiscard]] Status write(std::string_view bytes) override {
        if (bytes.size() > size_max_ - content_.size()) {
            return Error{Code::too_large, "content has more than " + std::to_string(size_max_) + " bytes, the limit"};
        }
        content_ += bytes;
        return {};
    }

    [[nodiscard]] Result<StoredBlob> finish() override {
        const StoredBlob blob{ContentHash::of(content_), content_.size()};
        const MutexLock lock(lake_.mutex_);
        lake_.blobs_[blob.hash] = std::make_shared<const std::string>(std::move(content_));
        return blob;
    }

private:
    MemoryLake& lake_;
    const std::uint64_t size_max_;
    std::string content_;
};

Result<std::unique_ptr<BlobWriter>> MemoryLake::begin(std::uint64_t size_max) {
    return std::unique_ptr<BlobWriter>(std::make_unique<Writer>(*this, size_max));
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

Result<std::vector<StoredBlob>> MemoryLake::list(const std::optional<ContentHash>& after, std::size_t limit) {
    std::vector<StoredBlob> blobs;
    const MutexLock lock(mutex_);
    for (auto at = after ? blobs_.upper_bound(*after) : blobs_.begin(); at != blobs_.end(); ++at) {
        if (blobs.size() == limit) break;
        blobs.push_back({at->first, at->second->size()});
    }
    return blobs;
}

}  // namespace archaeologist
