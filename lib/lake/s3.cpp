#include "lake/s3.hpp"

#include <algorithm>
#include <vector>

#include "base/sha256.hpp"
#include "lake/s3/blob.hpp"
#include "lake/s3/spool.hpp"

namespace archaeologist {
namespace {

constexpr std::uint64_t parts_max = 10'000;
constexpr std::size_t buffer_bytes = 256 << 10;

std::string key_of(const ContentHash& hash) {
    const std::string hex = hash.hex();
    return hex.substr(0, 2) + "/" + hex;
}

// Nothing: the key is no blob's.
std::optional<ContentHash> hash_of(std::string_view key) {
    if (key.size() < 3) return std::nullopt;
    auto hash = ContentHash::parse(key.substr(3));
    if (!hash || key_of(*hash) != key) return std::nullopt;
    return hash;
}

class S3Lake final : public Lake {
public:
    S3Lake(std::shared_ptr<const s3::Bucket> bucket, S3LakeOptions options)
        : bucket_(std::move(bucket)), options_(std::move(options)) {}

    [[nodiscard]] Result<std::unique_ptr<BlobWriter>> begin(std::uint64_t size_max) override {
        return std::unique_ptr<BlobWriter>(std::make_unique<Writer>(*this, size_max));
    }

    [[nodiscard]] Result<std::unique_ptr<Blob>> open(const ContentHash& hash) override {
        auto blob = s3::BucketBlob::open(bucket_, key_of(hash), hash);
        if (!blob && blob.error().code == Code::not_found) {
            return Error{Code::not_found,
                         "blob " + hash.hex() + " is not in lake " + s3::to_string(bucket_->location())};
        }
        return blob;
    }

    [[nodiscard]] Result<bool> contains(const ContentHash& hash) override {
        ARCHAEO_ASSIGN(const auto size, bucket_->size_of(key_of(hash)));
        return size.has_value();
    }

    [[nodiscard]] Status remove(const ContentHash& hash) override { return bucket_->remove(key_of(hash)); }

    [[nodiscard]] Result<std::vector<StoredBlob>> list(const std::optional<ContentHash>& after,
                                                       std::size_t limit) override {
        std::vector<StoredBlob> blobs;
        std::string last = after ? key_of(*after) : std::string();
        while (blobs.size() < limit) {
            ARCHAEO_ASSIGN(const auto listing, bucket_->list(last, limit - blobs.size()));
            for (const auto& object : listing.objects) {
                if (const auto hash = hash_of(object.key)) blobs.push_back({*hash, object.size_bytes});
            }
            if (!listing.has_more || listing.objects.empty()) break;
            last = listing.objects.back().key;
        }
        return blobs;
    }

    [[nodiscard]] Status probe() override { return bucket_->probe(); }

private:
    class Writer final : public BlobWriter {
    public:
        Writer(S3Lake& lake, std::uint64_t size_max) : lake_(lake), content_(lake.options_.tmp_dir, size_max) {}
        [[nodiscard]] Status write(std::string_view bytes) override { return content_.write(bytes); }
        [[nodiscard]] Result<StoredBlob> finish() override {
            content_.seal();
            ARCHAEO_TRY(lake_.send(content_));
            return content_.blob();
        }

    private:
        S3Lake& lake_;
        s3::Spool content_;
    };

    Status send(const s3::Spool& content) {
        if (content.blob().size_bytes > options_.single_bytes_max) return put_in_parts(content);
        return bucket_->put(key_of(content.blob().hash), content);
    }

    Status put_in_parts(const s3::Spool& content) {
        const std::string key = key_of(content.blob().hash);
        const std::uint64_t size = content.blob().size_bytes;
        // A content of this size is not sent twice for nothing.
        ARCHAEO_ASSIGN(const auto there, bucket_->size_of(key));
        if (there == size) return {};
        ARCHAEO_ASSIGN(const std::string upload, bucket_->create_upload(key));
        const Status sent = send_parts(content, key, upload);
        // The answer to one that succeeded may have been lost: what is there afterwards tells.
        const auto stored = bucket_->size_of(key);
        if (stored && *stored == size) return {};
        // Its own failure tells nothing new.
        static_cast<void>(bucket_->abort_upload(key, upload));
        ARCHAEO_TRY(sent);
        if (!stored) return stored.error();
        return Error{Code::io_error, key + " in " + s3::to_string(bucket_->location()) + " was completed and has " +
                                         (*stored ? std::to_string(**stored) + " bytes" : "no bytes") + ", must have " +
                                         std::to_string(size)};
    }

    Status send_parts(const s3::Spool& content, const std::string& key, const std::string& upload) {
        const std::uint64_t size = content.blob().size_bytes;
        const std::uint64_t part_bytes = std::max(options_.part_bytes, (size + parts_max - 1) / parts_max);
        std::vector<std::string> etags;
        for (std::uint64_t offset = 0; offset < size; offset += part_bytes) {
            s3::SpoolBody body(content, offset, std::min(part_bytes, size - offset));
            ARCHAEO_ASSIGN(const ContentHash hash, hash_of(body));
            const int number = static_cast<int>(etags.size()) + 1;
            ARCHAEO_ASSIGN(auto etag, bucket_->put_part(key, upload, number, body, hash));
            etags.push_back(std::move(etag));
        }
        return bucket_->complete_upload(key, upload, etags);
    }

    static Result<ContentHash> hash_of(s3::SpoolBody& body) {
        const auto buffer = std::make_unique_for_overwrite<char[]>(buffer_bytes);
        Sha256 sha;
        for (std::uint64_t offset = 0; offset < body.size();) {
            ARCHAEO_ASSIGN(const std::size_t got, body.read_at(offset, {buffer.get(), buffer_bytes}));
            sha.update({buffer.get(), got});
            offset += got;
        }
        return sha.finish();
    }
    static std::optional<ContentHash> hash_of(std::string_view key) { return archaeologist::hash_of(key); }

    const std::shared_ptr<const s3::Bucket> bucket_;
    const S3LakeOptions options_;
};

}  // namespace

std::unique_ptr<Lake> make_s3_lake(std::shared_ptr<const s3::Bucket> bucket, S3LakeOptions options) {
    return std::make_unique<S3Lake>(std::move(bucket), std::move(options));
}

}  // namespace archaeologist
