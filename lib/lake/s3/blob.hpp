// An object as a blob: what is read next is fetched ahead, and what is read from the begin to the end is held against its
// hash.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "archaeologist/lake.hpp"
#include "base/mutex.hpp"
#include "base/sha256.hpp"
#include "lake/s3/bucket.hpp"

namespace archaeologist::s3 {

class BucketBlob final : public Blob {
public:
    // With the first bytes, which are all of a small blob: it can be read on when it is removed. Of a larger one, a read then
    // is not_found. Errors: not_found, corrupt, those of Bucket.
    [[nodiscard]] static Result<std::unique_ptr<Blob>> open(std::shared_ptr<const Bucket> bucket, std::string key,
                                                            const ContentHash& hash);

    [[nodiscard]] std::uint64_t size() const override { return size_; }
    // Errors: corrupt (the bytes are not those of the hash, or of another number), those of Bucket.
    [[nodiscard]] Result<std::size_t> read_at(std::uint64_t offset, std::span<char> buffer) const override;

private:
    BucketBlob(std::shared_ptr<const Bucket> bucket, std::string key, const ContentHash& hash)
        : bucket_(std::move(bucket)), key_(std::move(key)), hash_(hash) {}

    // Makes `window_` begin at the offset.
    [[nodiscard]] Status fetch(std::uint64_t offset) const ARCHAEO_REQUIRES(mutex_);
    // Of bytes that were fetched: they follow those before, or are skipped.
    [[nodiscard]] Status check(std::uint64_t offset, std::string_view bytes) const ARCHAEO_REQUIRES(mutex_);

    const std::shared_ptr<const Bucket> bucket_;
    const std::string key_;
    const ContentHash hash_;
    std::uint64_t size_ = 0;
    mutable Mutex mutex_;
    mutable std::string window_ ARCHAEO_GUARDED_BY(mutex_);
    mutable std::uint64_t window_begin_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    mutable Sha256 sha_ ARCHAEO_GUARDED_BY(mutex_);
    mutable std::uint64_t hashed_ ARCHAEO_GUARDED_BY(mutex_) = 0;  // from the begin; size_ once it is done
};

}  // namespace archaeologist::s3
