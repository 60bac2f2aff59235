// What an engine stands on, looked at for a person.
#include <fcntl.h>
#include <pwd.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstdio>

#include "archaeologist/json.hpp"
#include "base/errno_error.hpp"
#include "base/fd.hpp"
#include "catalog/catalog.hpp"
#include "catalog/models.hpp"
#include "engine/check_redis.hpp"
#include "engine/impl.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;
using Verdict = Check::Verdict;

constexpr std::uint64_t mebibyte = 1 << 20;
constexpr std::uint64_t free_warning = 1'024 * mebibyte;
constexpr std::uint64_t free_bad = 64 * mebibyte;
constexpr std::uint64_t catalog_bytes_max = 1'024 * mebibyte;  // a larger one is not read through
constexpr std::chrono::milliseconds catalog_time_max = 5s;
constexpr std::chrono::milliseconds sync_warning = 50ms;
constexpr std::size_t probe_bytes = 64 << 10;
constexpr std::size_t projects_max = 100;  // whose vectors are opened
constexpr rlim_t files_warning = 1'024;
constexpr TimePoint year_2024 = from_ms(1'704'067'200'000);

Check good(std::string name, std::string found) { return {std::move(name), Verdict::good, std::move(found), ""}; }
Check warning(std::string name, std::string found, std::string advice) {
    return {std::move(name), Verdict::warning, std::move(found), std::move(advice)};
}
Check bad(std::string name, std::string found, std::string advice) {
    return {std::move(name), Verdict::bad, std::move(found), std::move(advice)};
}

std::string mebibytes(std::uint64_t bytes) { return std::to_string(bytes / mebibyte) + " MiB"; }

// "1000 (anna)"
std::string user_text(uid_t id) {
    passwd entry{};
    passwd* found = nullptr;
    std::array<char, 4'096> buffer{};
    const bool known = ::getpwuid_r(id, &entry, buffer.data(), buffer.size(), &found) == 0 && found != nullptr;
    return std::to_string(id) + (known ? " (" + std::string(entry.pw_name) + ")" : "");
}

Check check_folder(const std::string& path) {
    const std::string name = "data folder";
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) {
        return bad(name, errno_error(errno, "look at " + path).message, "bring the folder back, or name another");
    }
    std::array<char, 8> mode{};
    std::snprintf(mode.data(), mode.size(), "%o", static_cast<unsigned>(status.st_mode & 07777U));
    const std::string found = path + ", mode " + mode.data() + ", belongs to user " + user_text(status.st_uid) +
                              "; this process is user " + user_text(::geteuid());
    // Below it, what an installation makes once and every process writes to.
    for (const char* part : {"", "/lake", "/tmp", "/run", "/vectors"}) {
        const std::string folder = path + part;
        if (::access(folder.c_str(), W_OK | X_OK) == 0 || errno == ENOENT) continue;
        return bad(name, found + "; " + errno_error(errno, "write to " + folder).message,
                   "let user " + user_text(::geteuid()) + " write to " + folder + ", or run as its owner");
    }
    return good(name, found + " and may write to it");
}

Check check_space(const std::string& path) {
    const std::string name = "free space";
    struct statvfs room {};
    if (::statvfs(path.c_str(), &room) != 0) {
        return bad(name, errno_error(errno, "ask how much room is at " + path).message, "see what is mounted there");
    }
    const std::uint64_t bytes = std::uint64_t{room.f_bavail} * room.f_frsize;
    const std::string found = mebibytes(bytes) + " for this user";
    if (bytes < free_bad) return bad(name, found, "make room: jobs fail when nothing can be written any more");
    if (bytes < free_warning) return warning(name, found, "make room before it runs out");
    return good(name, found);
}

Check check_sqlite() {
    constexpr int race_begins = 3'007'000;
    constexpr int race_ends = 3'051'002;
    const int version = sqlite3_libversion_number();
    std::string found = sqlite3_libversion();
    if (version >= race_begins && version <= race_ends) {
        found +=
            "; it has the WAL-reset race of 3.7.0 to 3.51.2, which does not arise here: every commit and every "
            "checkpoint holds one lock";
    }
    return good("sqlite", found);
}

Check check_catalog(sqlite::Database& catalog) {
    const std::string name = "catalog";
    struct stat status {};
    if (::stat(catalog.path().c_str(), &status) != 0) {
        return bad(name, errno_error(errno, "look at " + catalog.path()).message, "restore it from a backup");
    }
    const auto bytes = static_cast<std::uint64_t>(status.st_size);
    if (bytes > catalog_bytes_max) {
        return good(name,
                    mebibytes(bytes) + ", not read through because it is larger than " + mebibytes(catalog_bytes_max));
    }
    const auto answer = catalog.read([](sqlite::Connection& tx) { return catalog::quick_check(tx, catalog_time_max); });
    if (!answer) return bad(name, answer.error().message, "restore it from a backup");
    if (!*answer) return good(name, mebibytes(bytes) + ", sound as far as it was read within 5 s");
    if (**answer != "ok") return bad(name, "damaged: " + **answer, "restore it from a backup");
    return good(name, mebibytes(bytes) + ", sound");
}

Check check_schema(sqlite::Database& catalog) {
    const auto version = catalog.read([](sqlite::Connection& tx) { return tx.integer("PRAGMA user_version"); });
    if (!version) return bad("schema", version.error().message, "see what is said of the catalog");
    return good("schema", "version " + std::to_string(*version));
}

// Gone with the object.
class Probe {
public:
    explicit Probe(std::string path)
        : path_(std::move(path)), fd_(::open(path_.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600)) {}
    ~Probe() {
        if (fd_) ::unlink(path_.c_str());
    }
    Probe(const Probe&) = delete;
    Probe& operator=(const Probe&) = delete;
    [[nodiscard]] int fd() const { return fd_.get(); }

private:
    std::string path_;
    Fd fd_;
};

// Writes, syncs and reads back. How long the sync took. The lake itself only takes what it keeps.
Result<std::chrono::milliseconds> probe_folder(const std::string& folder) {
    const std::string path = folder + "/check-" + Uuid::v7(system_clock().now()).text();
    const Probe probe(path);
    if (probe.fd() < 0) return errno_error(errno, "make " + path);
    const std::string written(probe_bytes, 'p');
    errno = ENOSPC;  // a short write sets none
    if (::pwrite(probe.fd(), written.data(), written.size(), 0) != static_cast<ssize_t>(written.size())) {
        return errno_error(errno, "write " + path);
    }
    const auto begin = std::chrono::steady_clock::now();
    if (::fsync(probe.fd()) != 0) return errno_error(errno, "sync " + path);
    const auto took = std::chrono::steady_clock::now() - begin;
    std::string read(probe_bytes, '\0');
    if (::pread(probe.fd(), read.data(), read.size(), 0) != static_cast<ssize_t>(read.size()) || read != written) {
        return Error{Code::corrupt, "read " + path + ": it is not what was written"};
    }
    return std::chrono::ceil<std::chrono::milliseconds>(took);
}

Check check_lake(const std::string& data_dir) {
    const std::string name = "lake";
    const auto took = probe_folder(data_dir + "/tmp");
    if (!took) return bad(name, took.error().message, "files cannot be stored until this works");
    const std::string found = "a file was written, synced in " + std::to_string(took->count()) + " ms and read back";
    if (*took <= sync_warning) return good(name, found);
    return warning(name, found,
                   "every upload and every commit waits for such a sync, which should take at most " +
                       std::to_string(sync_warning.count()) + " ms: put the data folder on a faster disk");
}

template <class StoreOf>
Check check_vectors(StoreOf&& store_of, const std::vector<Project>& projects) {
    const std::string name = "vector store";
    std::size_t opened = 0;
    for (const Project& project : projects) {
        if (opened == projects_max) break;
        const Result<std::shared_ptr<VectorStore>> store = store_of(project.id);
        const auto count = store ? (*store)->count(project.id, SourceId{0}, GenerationId{}) : store.error();
        if (!count) {
            return bad(
                name, "project \"" + project.name + "\": " + count.error().message,
                "what is in that project is not found; restore its file, or remove it and process its files again");
        }
        ++opened;
    }
    return good(name, std::to_string(opened) + " of " + std::to_string(projects.size()) + " projects opened");
}

// One for each project that is about to change its model.
std::vector<Check> check_model_changes(sqlite::Database& catalog, const std::vector<Project>& projects) {
    std::vector<Check> checks;
    for (const Project& project : projects) {
        const auto models =
            catalog.read([&](sqlite::Connection& tx) { return catalog::project_models(tx, project.id); });
        if (!models || !models->next) continue;
        const auto done =
            catalog.read([&](sqlite::Connection& tx) { return catalog::change_progress(tx, project.id); });
        if (!done) continue;
        const std::string found = "project \"" + project.name + "\" changes from " + models->search + " to " +
                                  *models->next + ": " + std::to_string(done->made) + " of " +
                                  std::to_string(project.sources) + " sources have it";
        if (done->failed == 0) {
            checks.push_back(good("change of model", found));
            continue;
        }
        checks.push_back(warning("change of model",
                                 found + ", " + std::to_string(done->failed) + " failed (" + done->failure + ")",
                                 "search stays with the model it has until they are processed again (sources "
                                 "reprocess) or deleted"));
    }
    return checks;
}

Check check_queue(const Result<QueueStats>& stats, const std::string& data_dir) {
    const std::string name = "queue";
    if (!stats) return bad(name, stats.error().message, "see what is said of the catalog");
    const std::string found = std::to_string(stats->queued) + " jobs queued, " + std::to_string(stats->running) +
                              " running, " + std::to_string(stats->scheduled) + " waiting for their time";
    if (stats->degraded) {
        return warning(name, "Redis is away, " + std::to_string(stats->outbox_depth) + " jobs wait for it; " + found,
                       "see what is said of Redis; jobs are accepted meanwhile");
    }
    if (stats->paused) {
        return warning(name, "paused; " + found, "archaeologist queue resume --data " + data_dir + " starts it again");
    }
    if (stats->workers > 0 || stats->queued == 0) return good(name, found);
    return warning(name,
                   found + ", the oldest for " +
                       std::to_string(static_cast<std::int64_t>(stats->oldest_queued_seconds)) + " s, and no worker",
                   "start a worker");
}

Check check_workers(const Result<std::vector<WorkerRecord>>& workers) {
    const std::string name = "workers";
    if (!workers) return bad(name, workers.error().message, "see what is said of the catalog");
    std::int64_t running = 0;
    for (const WorkerRecord& worker : *workers) running += worker.running;
    return good(name, std::to_string(workers->size()) + " live, running " + std::to_string(running) + " jobs");
}

Check check_clock(const Clock& clock) {
    const TimePoint now = clock.now();
    if (now >= year_2024) return good("clock", to_rfc3339(now));
    return bad("clock", to_rfc3339(now), "set the machine's clock: leases, times and orders follow it");
}

Check check_open_files() {
    const std::string name = "open files";
    rlimit limit{};
    if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) {
        return warning(name, errno_error(errno, "ask for the limit").message, "see ulimit -n");
    }
    const std::string found =
        limit.rlim_cur == RLIM_INFINITY ? "no limit" : "at most " + std::to_string(limit.rlim_cur);
    if (limit.rlim_cur >= files_warning) return good(name, found);
    return warning(name, found,
                   "raise it to " + std::to_string(files_warning) + " or more: ulimit -n, or LimitNOFILE=");
}

}  // namespace

std::vector<Check> Engine::check() {
    const std::string& data_dir = impl_->config.data_dir;
    std::vector<Check> checks{check_folder(data_dir),
                              check_space(data_dir),
                              check_sqlite(),
                              check_catalog(*impl_->catalog),
                              check_schema(*impl_->catalog),
                              impl_->config.lake.url.empty()
                                  ? check_lake(data_dir)
                                  : probe_lake_elsewhere(impl_->config, *impl_->lake, impl_->clock)};
    const bool is_elsewhere = !impl_->config.vectors.url.empty();
    if (is_elsewhere) checks.push_back(probe_vectors_elsewhere(impl_->config, impl_->shelf.own_store()));
    // Without a catalog that can be read there is nothing to say of what it names.
    if (const auto all = projects(); all) {
        if (!is_elsewhere) checks.push_back(check_vectors([this](ProjectId id) { return impl_->store_of(id); }, *all));
        checks.push_back(probe_embedder(impl_->shelf.own_embedder()));
        for (auto& check : check_model_changes(*impl_->catalog, *all)) checks.push_back(std::move(check));
    }
    if (impl_->placed.redis) {
        for (auto& check : check_redis(*impl_->placed.redis, broker_options(impl_->config), impl_->clock)) {
            checks.push_back(std::move(check));
        }
    }
    checks.push_back(check_queue(impl_->queue->stats(), data_dir));
    checks.push_back(check_workers(workers()));
    checks.push_back(check_clock(impl_->clock));
    checks.push_back(check_open_files());
    return checks;
}

std::string_view to_string(Check::Verdict verdict) {
    switch (verdict) {
        case Verdict::good: return "good";
        case Verdict::warning: return "warning";
        case Verdict::bad: return "bad";
    }
    return "bad";
}

std::string to_json(const Check& check) {
    JsonWriter json;
    json.begin_object()
        .field("name", check.name)
        .field("verdict", to_string(check.verdict))
        .field("found", check.found)
        .field("advice", check.advice)
        .end_object();
    return std::move(json).text();
}

}  // namespace archaeologist
