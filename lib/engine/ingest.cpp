#include "engine/ingest.hpp"

#include <algorithm>
#include <functional>

#include "base/sha256.hpp"
#include "catalog/jobs.hpp"
#include "engine/upload.hpp"
#include "lake/file_source.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t storing_threads = 4;  // each waits mostly for fsync
constexpr std::size_t found_queue_max = 1'024;
constexpr std::size_t batch_files_max = 32;  // accepted in one transaction
constexpr std::size_t problems_kept = 1'000;
constexpr std::size_t read_buffer_bytes = 256 << 10;
constexpr std::chrono::milliseconds look_every{50};
constexpr std::chrono::milliseconds observe_every{100};

Result<StoredBlob> hash_of(ByteSource& source) {
    std::vector<char> buffer(read_buffer_bytes);
    Sha256 sha;
    std::uint64_t size_bytes = 0;
    for (;;) {
        ARCHAEO_ASSIGN(const std::size_t size, source.read(buffer));
        if (size == 0) return StoredBlob{sha.finish(), size_bytes};
        sha.update({buffer.data(), size});
        size_bytes += size;
    }
}

std::int64_t unfinished(const std::map<State, std::int64_t>& counts) {
    std::int64_t jobs = 0;
    for (const auto& [state, count] : counts) jobs += is_finished(state) ? 0 : count;
    return jobs;
}

// A file's bytes, as long as the ingest goes on: one large file must not hold up its end.
class StoppableSource final : public ByteSource {
public:
    StoppableSource(ByteSource& bytes, const std::function<bool()>& stopping) : bytes_(bytes), stopping_(stopping) {}
    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
        if (stopping_()) return Error{Code::cancelled, "the ingest was stopped"};
        return bytes_.read(buffer);
    }

private:
    ByteSource& bytes_;
    const std::function<bool()>& stopping_;
};

// Whether nothing that comes after could go better.
bool is_fatal(const Error& error) {
    return error.code == Code::storage_full || error.code == Code::corrupt || error.code == Code::internal;
}

}  // namespace

Ingest::Ingest(Engine::Impl& engine, const IngestRequest& request, const IngestObserver& observer,
               const std::atomic<bool>* stop)
    : engine_(engine), request_(request), observer_(observer), stop_(stop) {}

Result<IngestReport> Ingest::run() {
    ARCHAEO_TRY(check_paths(request_.paths));
    ARCHAEO_ASSIGN(const Project project, engine_.project_named(request_.project));
    project_ = project.id;
    started_at_ = engine_.clock.now();
    ARCHAEO_ASSIGN(unfinished_before_, unfinished_jobs());
    const std::uint64_t bytes_before = engine_.workshop->bytes_processed();
    engine_.begin_ingest();

    std::thread walker([this] { walk(); });
    std::vector<std::thread> storing;
    for (std::size_t i = 0; i < storing_threads; ++i) storing.emplace_back([this] { store_found(); });
    const Result<bool> waited = wait_for_end(bytes_before);
    halt_.store(true);
    wake_all();
    walker.join();
    for (auto& thread : storing) thread.join();
    engine_.end_ingest();

    if (!waited) return waited.error();
    const MutexLock lock(mutex_);
    if (fatal_) return *fatal_;
    ARCHAEO_ASSIGN(auto report, this->report());
    report.stopped = !*waited;
    return report;
}

void Ingest::walk() {
    WalkOptions options;
    options.all = request_.all;
    options.excluded_folder = engine_.config.data_dir;
    const Status walked = walk_files(
        request_.paths, options,
        [this](Found found) {
            progress_.files_found += 1;
            progress_.bytes_found += found.size;
            return push(std::move(found));
        },
        [this](const std::string& path, const Error& error) { add_problem(path, error); });
    const MutexLock lock(mutex_);
    if (!walked && !fatal_) fatal_ = walked.error();
    walking_ = false;
    found_changed_.notify_all();
}

Visit Ingest::push(Found found) {
    const MutexLock lock(mutex_);
    while (found_.size() >= found_queue_max && !stopping()) found_changed_.wait_for(mutex_, look_every);
    if (stopping() || fatal_) return Visit::stop;
    found_.push_back(std::move(found));
    found_changed_.notify_all();
    return Visit::go_on;
}

// Empty: there will be no more.
std::vector<Found> Ingest::pop() {
    const MutexLock lock(mutex_);
    while (found_.empty() && walking_ && !stopping() && !fatal_) found_changed_.wait_for(mutex_, look_every);
    std::vector<Found> batch;
    if (stopping() || fatal_) return batch;
    // A share for each thread: the last files of a tree are stored side by side too.
    const std::size_t size = std::min(batch_files_max, (found_.size() + storing_threads - 1) / storing_threads);
    for (std::size_t i = 0; i < size; ++i) {
        batch.push_back(std::move(found_.front()));
        found_.pop_front();
    }
    found_changed_.notify_all();
    return batch;
}

void Ingest::store_found() {
    for (;;) {
        const std::vector<Found> batch = pop();
        if (batch.empty()) break;
        if (const Status stored = store_batch(batch); !stored) {
            const MutexLock lock(mutex_);
            if (!fatal_) fatal_ = stored.error();
            break;
        }
    }
    const MutexLock lock(mutex_);
    ++storing_done_;
}

Status Ingest::store_batch(const std::vector<Found>& batch) {
    std::vector<catalog::NewVersion> versions;
    for (const Found& found : batch) {
        if (stopping()) break;
        auto version = store_file(found);
        if (!version && is_fatal(version.error())) return version.error();
        if (!version && version.error().code == Code::cancelled) break;
        if (!version) {
            add_problem(found.path, version.error());
        } else if (*version) {
            versions.push_back(std::move(**version));
        } else {
            progress_.files_unchanged += 1;
        }
    }
    if (versions.empty()) return {};
    const Status accepted = engine_.catalog->write([&](sqlite::Connection& tx) -> Status {
        for (const auto& version : versions) ARCHAEO_TRY(catalog::accept(tx, version, engine_.clock.now()));
        return {};
    });
    ARCHAEO_TRY(accepted);
    engine_.queue->wake_all();
    for (const auto& version : versions) {
        progress_.files_stored += 1;
        progress_.bytes_stored += version.size_bytes;
    }
    return {};
}

// Nothing when the content is that of the known version: it is hashed before anything is written.
Result<std::optional<catalog::NewVersion>> Ingest::store_file(const Found& found) {
    UploadRequest upload;
    upload.project_id = project_;
    upload.filename = found.name;
    upload.priority = request_.priority;
    upload.if_unchanged = request_.if_unchanged;
    ARCHAEO_TRY(validate_source_name(upload.filename, engine_.config.limits.name_bytes_max));
    ARCHAEO_ASSIGN(auto file, FileSource::open(found.path));
    ARCHAEO_ASSIGN(const auto known, engine_.catalog->read([&](sqlite::Connection& tx) {
        return catalog::known_source(tx, project_, upload.filename);
    }));
    const std::function<bool()> is_stopping = [this] { return stopping(); };
    StoppableSource content(file, is_stopping);
    if (known && known->size_bytes == file.size() && request_.if_unchanged == IfUnchanged::skip) {
        ARCHAEO_ASSIGN(const auto present, hash_of(content));
        if (present.hash == known->content_hash) return std::optional<catalog::NewVersion>();
        ARCHAEO_ASSIGN(file, FileSource::open(found.path));
    }
    ARCHAEO_ASSIGN(const auto blob, engine_.lake->put(content, engine_.config.limits.file_bytes_max));
    return std::optional(new_version(upload, blob));
}

void Ingest::add_problem(const std::string& path, const Error& error) {
    const MutexLock lock(mutex_);
    ++problem_count_;
    if (problems_.size() < problems_kept) problems_.push_back({path, error});
}

bool Ingest::stopping() const { return halt_.load() || (stop_ != nullptr && stop_->load()); }

void Ingest::wake_all() {
    const MutexLock lock(mutex_);
    found_changed_.notify_all();
}

Result<std::int64_t> Ingest::unfinished_jobs() {
    ARCHAEO_ASSIGN(const auto counts,
                   engine_.catalog->read([&](sqlite::Connection& tx) { return catalog::job_counts(tx, project_); }));
    return unfinished(counts);
}

// Until everything is stored and processed, or somebody stops it.
Result<bool> Ingest::wait_for_end(std::uint64_t bytes_before) {
    auto observed_at = engine_.clock.since_boot() - observe_every;
    for (;;) {
        bool stored = false;
        bool failed = false;
        {
            const MutexLock lock(mutex_);
            stored = storing_done_ == storing_threads;
            failed = fatal_.has_value();
            if (!stored && !failed && !stopping()) found_changed_.wait_for(mutex_, look_every);
        }
        ARCHAEO_ASSIGN(const std::int64_t left, unfinished_jobs());
        const bool done = stored && left == 0;
        const bool ended = stopping() || failed || done;
        const auto now = engine_.clock.since_boot();
        if (observer_ && (ended || now - observed_at >= observe_every)) {
            observer_(progress(left, engine_.workshop->bytes_processed() - bytes_before));
            observed_at = now;
        }
        if (ended) return done;
        if (stored) {
            const MutexLock lock(mutex_);
            found_changed_.wait_for(mutex_, look_every);
        }
    }
}

IngestProgress Ingest::progress(std::int64_t left, std::uint64_t bytes_finished) {
    IngestProgress now;
    now.files_found = progress_.files_found;
    now.files_stored = progress_.files_stored;
    now.files_unchanged = progress_.files_unchanged;
    now.bytes_found = progress_.bytes_found;
    now.bytes_stored = progress_.bytes_stored;
    const std::int64_t made = unfinished_before_ + static_cast<std::int64_t>(now.files_stored);
    now.jobs_finished = static_cast<std::uint64_t>(std::max<std::int64_t>(made - left, 0));
    now.bytes_finished = bytes_finished;
    const MutexLock lock(mutex_);
    now.walking = walking_;
    return now;
}

Result<IngestReport> Ingest::report() {
    IngestReport report;
    report.project_id = project_;
    report.files = progress_.files_found;
    report.bytes = progress_.bytes_found;
    report.unchanged = progress_.files_unchanged;
    ARCHAEO_ASSIGN(const std::int64_t left, unfinished_jobs());
    report.pending = static_cast<std::uint64_t>(left);
    ARCHAEO_ASSIGN(auto processed, engine_.catalog->read([&](sqlite::Connection& tx) {
        return catalog::processed_since(tx, project_, started_at_);
    }));
    report.searchable = static_cast<std::uint64_t>(processed[SourceStatus::searchable].sources);
    report.chunks = static_cast<std::uint64_t>(processed[SourceStatus::searchable].amount);
    report.skipped = static_cast<std::uint64_t>(processed[SourceStatus::unsupported].sources);
    report.failed = static_cast<std::uint64_t>(processed[SourceStatus::failed].sources);
    report.problems = problems_;
    report.problem_count = problem_count_;
    report.seconds = std::chrono::duration<double>(engine_.clock.now() - started_at_).count();
    return report;
}

Result<IngestReport> Engine::Impl::ingest(const IngestRequest& request, const IngestObserver& observer,
                                          const std::atomic<bool>* stop) {
    return Ingest(*this, request, observer, stop).run();
}

}  // namespace archaeologist
