#include "cli/remote_ingest.hpp"

#include <algorithm>
#include <thread>

#include "archaeologist/json.hpp"
#include "cli/local_file.hpp"

namespace archaeologist::cli {
namespace {

using std::chrono::milliseconds;

constexpr std::size_t sending_threads = 4;  // each waits mostly for the server's disk
constexpr std::size_t found_queue_max = 1'024;
constexpr std::size_t problems_kept = 1'000;
constexpr std::size_t unfinished_looks_max = 8;  // in a row of looks: what stands behind is hardly further
constexpr milliseconds look_every{50};           // for signals
constexpr milliseconds observe_every{100};
constexpr milliseconds ask_every_min{100};
constexpr milliseconds ask_every_max{1'000};
constexpr int tries_max = 6;
constexpr milliseconds first_pause{100};  // between tries, then twice as long each time

bool may_pass(const Error& error) { return error.code == Code::unavailable || error.code == Code::rate_limited; }

// Whether nothing that comes after could go better.
bool is_fatal(const Error& error) {
    switch (error.code) {
        case Code::storage_full:
        case Code::corrupt:
        case Code::internal:
        case Code::permission_denied:
        case Code::incompatible: return true;
        default: return may_pass(error);
    }
}

// Ends a file that is being sent when the ingest is stopped.
class UntilStopped final : public ByteSource {
public:
    UntilStopped(ByteSource& content, std::function<bool()> stopping)
        : content_(content), stopping_(std::move(stopping)) {}
    Result<std::size_t> read(std::span<char> buffer) override {
        if (stopping_()) return Error{Code::cancelled, "stopped"};
        return content_.read(buffer);
    }

private:
    ByteSource& content_;
    std::function<bool()> stopping_;
};

}  // namespace

RemoteIngest::RemoteIngest(const ServerAddress& server, const IngestRequest& request, const IngestObserver& observer,
                           const std::atomic<bool>* stop)
    : server_(server), request_(request), observer_(observer), stop_(stop), api_(server) {}

Result<IngestReport> RemoteIngest::run() {
    ARCHAEO_TRY(check_paths(request_.paths));
    ARCHAEO_ASSIGN(project_, project_named());
    std::thread walker([this] { walk(); });
    std::vector<std::thread> sending;
    for (std::size_t i = 0; i < sending_threads; ++i) sending.emplace_back([this] { send_found(); });
    const Status watched = watch();
    halt_.store(true);
    changed_.notify_all();
    walker.join();
    for (auto& thread : sending) thread.join();
    ARCHAEO_TRY(watched);
    if (fatal_) return *fatal_;
    return report();
}

Result<ProjectId> RemoteIngest::project_named() {
    auto known = api_.project(request_.project);
    if (!known && known.error().code == Code::not_found) {
        JsonWriter json;
        json.begin_object().field("name", request_.project).end_object();
        known = api_.call("POST", "/projects", &parse_project, json.text());
        // Another program may have made it meanwhile.
        if (!known && known.error().code == Code::already_exists) known = api_.project(request_.project);
    }
    if (!known) return std::move(known).error();
    return known->id;
}

void RemoteIngest::walk() {
    WalkOptions options;
    options.all = request_.all;
    const Status walked = walk_files(
        request_.paths, options, [this](Found found) { return push(std::move(found)); },
        [this](const std::string& path, const Error& error) { add_problem(path, error); });
    if (!walked) fail(walked.error());
    const std::lock_guard lock(mutex_);
    walking_ = false;
    changed_.notify_all();
}

Visit RemoteIngest::push(Found found) {
    std::unique_lock lock(mutex_);
    ++counts_.files_found;
    counts_.bytes_found += found.size;
    while (found_.size() >= found_queue_max && !stopping() && !fatal_) changed_.wait_for(lock, look_every);
    if (stopping() || fatal_) return Visit::stop;
    found_.push_back(std::move(found));
    changed_.notify_all();
    return Visit::go_on;
}

// Nothing: there will be no more.
std::optional<Found> RemoteIngest::pop() {
    std::unique_lock lock(mutex_);
    while (found_.empty() && walking_ && !stopping() && !fatal_) changed_.wait_for(lock, look_every);
    if (found_.empty() || stopping() || fatal_) return std::nullopt;
    Found found = std::move(found_.front());
    found_.pop_front();
    changed_.notify_all();
    return found;
}

void RemoteIngest::send_found() {
    RemoteApi api(server_);
    while (const auto found = pop()) {
        if (const Status sent = send_file(api, *found); !sent) fail(sent.error());
    }
    const std::lock_guard lock(mutex_);
    ++sending_done_;
    changed_.notify_all();
}

// Errors: only those that no other file could escape.
Status RemoteIngest::send_file(RemoteApi& api, const Found& found) {
    auto file = LocalFile::open(found.path);
    if (!file) {
        add_problem(found.path, file.error());
        return {};
    }
    UploadRequest request;
    request.project_id = project_;
    request.filename = found.name;
    request.priority = request_.priority;
    request.if_unchanged = request_.if_unchanged;
    const auto sent = patiently<RemoteUpload>([&]() -> Result<RemoteUpload> {
        ARCHAEO_TRY(file->rewind());
        UntilStopped content(*file, [this] { return stopping(); });
        return api.upload(request, content, file->size());
    });
    if (sent) {
        note_upload(found, *sent);
        return {};
    }
    if (stopping()) return {};
    // A server that refuses a file before it has come may just close the connection.
    const bool only_this =
        may_pass(sent.error()) && api.call("GET", "/projects/" + std::to_string(to_integer(project_)));
    if (is_fatal(sent.error()) && !only_this) return sent.error();
    add_problem(found.path, sent.error());
    return {};
}

void RemoteIngest::note_upload(const Found& found, const RemoteUpload& upload) {
    const std::lock_guard lock(mutex_);
    const Source& source = upload.sources.front();
    if (upload.jobs.empty()) {
        ++counts_.files_unchanged;
        if (source.status == SourceStatus::pending) made_.push_back({source.job_id, found.path, source.file_size});
        return;
    }
    ++counts_.files_stored;
    counts_.bytes_stored += source.file_size;
    made_.push_back({upload.jobs.front().id, found.path, source.file_size});
}

template <class Value>
Result<Value> RemoteIngest::patiently(const std::function<Result<Value>()>& call) {
    milliseconds wait = first_pause;
    for (int tries = 1;; ++tries) {
        auto result = call();
        if (result || !may_pass(result.error()) || tries == tries_max || stopping()) return result;
        pause(wait);
        wait *= 2;
    }
}

// Until everything is sent and its jobs are finished, or somebody stops it.
Status RemoteIngest::watch() {
    auto observed_at = SteadyClock::now() - observe_every;
    auto ask_at = SteadyClock::now();
    milliseconds ask_every = ask_every_min;
    for (;;) {
        if (!stopping() && SteadyClock::now() >= ask_at) {
            ARCHAEO_ASSIGN(const std::size_t finished, look_at_jobs());
            ask_every = finished > 0 ? ask_every_min : std::min(2 * ask_every, ask_every_max);
            ask_at = SteadyClock::now() + ask_every;
        }
        std::unique_lock lock(mutex_);
        const bool sent = sending_done_ == sending_threads;
        const bool ended = stopping() || fatal_ || (sent && made_.empty() && awaited_.empty());
        const IngestProgress now = progress();
        if (!ended) changed_.wait_for(lock, std::min(look_every, ask_every));
        lock.unlock();
        if (observer_ && (ended || SteadyClock::now() - observed_at >= observe_every)) {
            observer_(now);
            observed_at = SteadyClock::now();
        }
        if (ended) return {};
    }
}

// Asks about the oldest until several in a row are unfinished, for no longer than a moment. Returns how many are done.
Result<std::size_t> RemoteIngest::look_at_jobs() {
    {
        const std::lock_guard lock(mutex_);
        awaited_.insert(awaited_.end(), made_.begin(), made_.end());
        made_.clear();
    }
    const auto end_at = SteadyClock::now() + observe_every;
    std::size_t finished = 0;
    std::size_t unfinished = 0;
    while (unfinished < std::min(unfinished_looks_max, awaited_.size()) && SteadyClock::now() < end_at && !stopping()) {
        Awaited awaited = std::move(awaited_.front());
        awaited_.pop_front();
        const auto job = patiently<Job>([&] { return api_.job(awaited.id); });
        if (job && !job->is_finished()) {
            awaited_.push_back(std::move(awaited));
            ++unfinished;
            continue;
        }
        if (!job && job.error().code != Code::not_found) {
            awaited_.push_front(std::move(awaited));
            return job.error();
        }
        ++finished;
        unfinished = 0;
        job ? count_finished(*job, awaited) : add_problem(awaited.path, job.error());
    }
    return finished;
}

void RemoteIngest::count_finished(const Job& job, const Awaited& awaited) {
    const std::lock_guard lock(mutex_);
    ++counts_.jobs_finished;
    counts_.bytes_finished += awaited.bytes;
    if (job.status != JobStatus::completed) {
        ++report_.failed;
        return;
    }
    const auto chunks = parse_chunk_count(job.result_data).value_or(0);
    ++(chunks > 0 ? report_.searchable : report_.skipped);
    report_.chunks += chunks;
}

void RemoteIngest::add_problem(const std::string& path, const Error& error) {
    const std::lock_guard lock(mutex_);
    ++report_.problem_count;
    if (report_.problems.size() < problems_kept) report_.problems.push_back({path, error});
}

void RemoteIngest::fail(const Error& error) {
    const std::lock_guard lock(mutex_);
    if (!fatal_) fatal_ = error;
    changed_.notify_all();
}

bool RemoteIngest::stopping() const { return halt_.load() || (stop_ != nullptr && stop_->load()); }

void RemoteIngest::pause(milliseconds time) {
    const auto end_at = SteadyClock::now() + time;
    std::unique_lock lock(mutex_);
    while (!stopping() && SteadyClock::now() < end_at) changed_.wait_for(lock, std::min(look_every, time));
}

IngestProgress RemoteIngest::progress() const {
    IngestProgress now = counts_;
    now.walking = walking_;
    return now;
}

IngestReport RemoteIngest::report() {
    const std::lock_guard lock(mutex_);
    IngestReport report = report_;
    report.project_id = project_;
    report.files = counts_.files_found;
    report.bytes = counts_.bytes_found;
    report.unchanged = counts_.files_unchanged;
    report.pending = awaited_.size() + made_.size();
    report.seconds = std::chrono::duration<double>(SteadyClock::now() - started_).count();
    return report;
}

}  // namespace archaeologist::cli
