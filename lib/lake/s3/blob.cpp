#include "lake/s3/blob.hpp"

#include <algorithm>
#include <cstring>

namespace archaeologist::s3 {
namespace {

// A request costs some milliseconds, whatever it brings. Who reads on gets more at once.
constexpr std::size_t first_bytes = 1 << 20;
constexpr std::size_t ahead_bytes = 8 << 20;
constexpr std::size_t aside_bytes = 256 << 10;

}  // namespace

Result<std::unique_ptr<Blob>> BucketBlob::open(std::shared_ptr<const Bucket> bucket, std::string key,
                                               const ContentHash& hash) {
    std::unique_ptr<BucketBlob> blob(new BucketBlob(std::move(bucket), std::move(key), hash));
    std::string first(first_bytes, '\0');
    ARCHAEO_ASSIGN(const Fetched fetched, blob->bucket_->get(blob->key_, 0, first));
    first.resize(fetched.got);
    blob->size_ = fetched.object_bytes;
    const MutexLock lock(blob->mutex_);
    ARCHAEO_TRY(blob->check(0, first));
    blob->window_ = std::move(first);
    return std::unique_ptr<Blob>(std::move(blob));
}

Result<std::size_t> BucketBlob::read_at(std::uint64_t offset, std::span<char> buffer) const {
    std::size_t done = 0;
    const MutexLock lock(mutex_);
    while (done < buffer.size() && offset + done < size_) {
        const std::uint64_t at = offset + done;
        if (at < window_begin_ || at >= window_begin_ + window_.size()) ARCHAEO_TRY(fetch(at));
        const auto from = static_cast<std::size_t>(at - window_begin_);
        const std::size_t size = std::min(buffer.size() - done, window_.size() - from);
        std::memcpy(buffer.data() + done, window_.data() + from, size);
        done += size;
    }
    return done;
}

Status BucketBlob::fetch(std::uint64_t offset) const {
    const bool reads_on = offset == window_begin_ + window_.size();
    const auto wanted = std::min<std::uint64_t>(reads_on ? ahead_bytes : aside_bytes, size_ - offset);
    std::string bytes(static_cast<std::size_t>(wanted), '\0');
    ARCHAEO_ASSIGN(const Fetched fetched, bucket_->get(key_, offset, bytes));
    if (fetched.object_bytes != size_ || fetched.got != bytes.size()) {
        return Error{Code::corrupt, key_ + " in " + to_string(bucket_->location()) + " has " +
                                        std::to_string(fetched.object_bytes) + " bytes, must have " +
                                        std::to_string(size_) + " as before"};
    }
    ARCHAEO_TRY(check(offset, bytes));
    window_ = std::move(bytes);
    window_begin_ = offset;
    return {};
}

Status BucketBlob::check(std::uint64_t offset, std::string_view bytes) const {
    const std::uint64_t end = offset + bytes.size();
    const bool is_done = hashed_ == size_ && size_ > 0;
    if (is_done || offset > hashed_ || (end <= hashed_ && size_ > 0)) return {};
    sha_.update(bytes.substr(static_cast<std::size_t>(hashed_ - offset)));
    if (end < size_) {
        hashed_ = end;
        return {};
    }
    if (sha_.finish() != hash_) {
        return Error{Code::corrupt,
                     key_ + " in " + to_string(bucket_->location()) + " has other bytes than its hash says"};
    }
    hashed_ = size_;
    return {};
}

}  // namespace archaeologist::s3
