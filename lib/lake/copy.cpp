// One lake's blobs into another.
#include "archaeologist/lake.hpp"
#include "base/crew.hpp"
#include "base/mutex.hpp"
#include "base/reservoir.hpp"
#include "base/sha256.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t page_blobs = 1'000;
constexpr std::size_t buffer_bytes = 256 << 10;
constexpr std::size_t problems_max = 100;
constexpr int threads_max = 64;

// What is wrong with one blob alone; anything else ends the copy.
bool is_of_blob(const Error& error) { return error.code == Code::corrupt || error.code == Code::not_found; }

Error damaged(const StoredBlob& wanted, const StoredBlob& found) {
    return {Code::corrupt, "blob " + wanted.hash.hex() + " of " + std::to_string(wanted.size_bytes) +
                               " bytes has the content of " + found.hash.hex() + ", of " +
                               std::to_string(found.size_bytes)};
}

// Walks a lake in the order of hashes.
class Walk {
public:
    explicit Walk(Lake& lake) : lake_(lake) {}

    // Null at the end.
    [[nodiscard]] Result<const StoredBlob*> peek() {
        if (next_ == page_.size() && !is_last_) {
            ARCHAEO_ASSIGN(page_, lake_.list(last_, page_blobs));
            next_ = 0;
            is_last_ = page_.size() < page_blobs;
            if (!page_.empty()) last_ = page_.back().hash;
        }
        return next_ == page_.size() ? nullptr : &page_[next_];
    }
    void advance() { ++next_; }

    // The blob of that hash, or null; for hashes that ascend.
    [[nodiscard]] Result<const StoredBlob*> seek(const ContentHash& hash) {
        for (;;) {
            ARCHAEO_ASSIGN(const StoredBlob* const blob, peek());
            if (blob == nullptr || blob->hash >= hash) return blob != nullptr && blob->hash == hash ? blob : nullptr;
            advance();
        }
    }

private:
    Lake& lake_;
    std::vector<StoredBlob> page_;
    std::size_t next_ = 0;
    std::optional<ContentHash> last_;
    bool is_last_ = false;
};

class Copy {
public:
    Copy(Lake& from, Lake& to, const LakeCopyOptions& options, const LakeCopyObserver& observer)
        : from_(from),
          to_(to),
          options_(options),
          observer_(observer),
          crew_({.threads = options.threads, .stop = options.stop, .observe = [this] { observe(); }}) {}

    [[nodiscard]] Result<LakeCopyReport> run() {
        ARCHAEO_TRY(copy_missing());
        ARCHAEO_ASSIGN(const auto samples, count_and_choose());
        ARCHAEO_TRY(for_each(samples, [this](const StoredBlob& blob) { return read_back(blob); }));
        observe();
        const MutexLock lock(mutex_);
        return report_;
    }

private:
    [[nodiscard]] Status copy_missing() {
        Walk source(from_);
        Walk target(to_);
        std::vector<StoredBlob> missing;
        for (;;) {
            ARCHAEO_TRY(crew_.go_on());
            ARCHAEO_ASSIGN(const StoredBlob* const blob, source.peek());
            if (blob == nullptr || missing.size() == page_blobs) {
                ARCHAEO_TRY(for_each(missing, [this](const StoredBlob& one) { return copy_one(one); }));
                missing.clear();
            }
            if (blob == nullptr) return {};
            ARCHAEO_ASSIGN(const StoredBlob* const there, target.seek(blob->hash));
            const bool is_present = there != nullptr && there->size_bytes == blob->size_bytes;
            if (!is_present) missing.push_back(*blob);
            source.advance();
            const MutexLock lock(mutex_);
            ++report_.done.blobs_found;
            report_.done.blobs_present += is_present ? 1 : 0;
        }
    }

    [[nodiscard]] Status copy_one(const StoredBlob& blob) {
        ARCHAEO_ASSIGN(const auto opened, from_.open(blob.hash));
        BlobSource source(*opened);
        ARCHAEO_ASSIGN(const auto stored, to_.put(source, ~std::uint64_t{0}));
        if (stored.hash != blob.hash || stored.size_bytes != blob.size_bytes) return damaged(blob, stored);
        const MutexLock lock(mutex_);
        ++report_.done.blobs_copied;
        report_.done.bytes_copied += stored.size_bytes;
        return {};
    }

    // Every blob of the first lake must be in the second; some of them are to be read back.
    [[nodiscard]] Result<std::vector<StoredBlob>> count_and_choose() {
        Walk source(from_);
        Walk target(to_);
        Reservoir<StoredBlob> samples(options_.samples, options_.seed);
        for (;;) {
            ARCHAEO_TRY(crew_.go_on());
            ARCHAEO_ASSIGN(const StoredBlob* const blob, source.peek());
            if (blob == nullptr) return samples.kept();
            ARCHAEO_ASSIGN(const StoredBlob* const there, target.seek(blob->hash));
            const bool is_present = there != nullptr && there->size_bytes == blob->size_bytes;
            if (is_present) samples.offer(*blob);
            source.advance();
            const MutexLock lock(mutex_);
            ++(is_present ? report_.done.blobs_counted : report_.blobs_missing);
        }
    }

    [[nodiscard]] Status read_back(const StoredBlob& blob) {
        ARCHAEO_ASSIGN(const auto opened, to_.open(blob.hash));
        BlobSource source(*opened);
        const auto buffer = std::make_unique_for_overwrite<char[]>(buffer_bytes);
        Sha256 sha;
        StoredBlob found;
        for (;;) {
            ARCHAEO_ASSIGN(const std::size_t size, source.read({buffer.get(), buffer_bytes}));
            if (size == 0) break;
            sha.update({buffer.get(), size});
            found.size_bytes += size;
        }
        found.hash = sha.finish();
        if (found.hash != blob.hash) return damaged(blob, found);
        const MutexLock lock(mutex_);
        ++report_.done.blobs_sampled;
        return {};
    }

    // What is wrong with one blob alone is noted.
    [[nodiscard]] Status for_each(const std::vector<StoredBlob>& blobs,
                                  const std::function<Status(const StoredBlob&)>& work) {
        return crew_.for_each(blobs.size(), [&](std::size_t i) -> Status {
            Status done = work(blobs[i]);
            if (done || !is_of_blob(done.error())) return done;
            const MutexLock lock(mutex_);
            if (++report_.problem_count <= problems_max) report_.problems.push_back({blobs[i].hash, done.error()});
            return {};
        });
    }

    void observe() {
        if (!observer_) return;
        LakeCopyProgress progress;
        {
            const MutexLock lock(mutex_);
            progress = report_.done;
        }
        observer_(progress);
    }

    Lake& from_;
    Lake& to_;
    const LakeCopyOptions& options_;
    const LakeCopyObserver& observer_;
    Crew crew_;
    Mutex mutex_;
    LakeCopyReport report_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace

Result<LakeCopyReport> copy_lake(Lake& from, Lake& to, const LakeCopyOptions& options,
                                 const LakeCopyObserver& observer) {
    if (options.threads < 1 || options.threads > threads_max) {
        return Error{Code::invalid_argument, "lake copy: threads is " + std::to_string(options.threads) +
                                                 ", must be 1 to " + std::to_string(threads_max)};
    }
    return Copy(from, to, options, observer).run();
}

}  // namespace archaeologist
