#include "vector/embedded.hpp"

#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <map>

#include "base/errno_error.hpp"
#include "vector/int8_vector.hpp"
#include "vector/points.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t open_files_max = 64;

// Which file a path names at present.
struct FileIdentity {
    dev_t device = 0;
    ino_t inode = 0;  // 0 = none
    bool operator==(const FileIdentity&) const = default;
};

FileIdentity identity_of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return {};
    return {status.st_dev, status.st_ino};
}

enum class IfMissing { make, leave };

// Files that are open, and who uses them. Thread-safe.
class ProjectFiles {
    struct Entry {
        std::unique_ptr<ProjectFile> file;
        FileIdentity identity;
        int users = 0;
        bool is_closing = false;
        std::uint64_t last_use = 0;
    };

public:
    ProjectFiles(std::string folder, const EmbeddedOptions& options) : folder_(std::move(folder)), options_(options) {}

    class Lease {
    public:
        Lease(ProjectFiles& owner, Entry* entry) : owner_(&owner), entry_(entry) {}
        Lease(Lease&& other) noexcept : owner_(other.owner_), entry_(std::exchange(other.entry_, nullptr)) {}
        Lease& operator=(Lease&&) = delete;
        ~Lease() {
            if (entry_ != nullptr) owner_->give_back(*entry_);
        }
        explicit operator bool() const { return entry_ != nullptr; }
        [[nodiscard]] ProjectFile* operator->() const { return entry_->file.get(); }

    private:
        ProjectFiles* owner_;
        Entry* entry_;
    };

    // Empty when there is no file and none is to be made.
    Result<Lease> take(ProjectId project, IfMissing if_missing) {
        const MutexLock lock(mutex_);
        Entry& entry = entries_[project];
        while (entry.is_closing) given_back_.wait(mutex_);
        const std::string path = path_of(project);
        const FileIdentity now = identity_of(path);
        // Another process may have erased the project, and one may have made it anew.
        if (entry.file && now != entry.identity) close(entry);
        if (!entry.file) {
            if (now.inode == 0 && if_missing == IfMissing::leave) return Lease(*this, nullptr);
            close_idle();
            ARCHAEO_ASSIGN(entry.file, ProjectFile::open(path, project, options_, workspaces_));
            entry.identity = identity_of(path);
        }
        ++entry.users;
        entry.last_use = ++uses_;
        return Lease(*this, &entry);
    }

    // Those that have a file.
    Result<std::vector<ProjectId>> projects() const {
        std::vector<ProjectId> found;
        std::error_code failed;
        for (const auto& entry : std::filesystem::directory_iterator(folder_, failed)) {
            const std::string name = entry.path().stem().string();
            std::int64_t id = 0;
            const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), id);
            const bool is_file = entry.path().extension() == ".db" && error == std::errc{};
            if (is_file && end == name.data() + name.size()) found.push_back(ProjectId{id});
        }
        if (failed) return errno_error(failed.value(), "list " + folder_);
        std::sort(found.begin(), found.end());
        return found;
    }

    // Waits until nobody uses the file.
    Status erase(ProjectId project) {
        const MutexLock lock(mutex_);
        Entry& entry = entries_[project];
        while (entry.is_closing) given_back_.wait(mutex_);
        close(entry);
        const std::string path = path_of(project);
        for (const char* suffix : {"", "-wal", "-shm", ".lock"}) {
            if (::unlink((path + suffix).c_str()) != 0 && errno != ENOENT) return errno_error(errno, "remove " + path);
        }
        return {};
    }

private:
    [[nodiscard]] std::string path_of(ProjectId project) const {
        return folder_ + "/" + std::to_string(to_integer(project)) + ".db";
    }

    void give_back(Entry& entry) {
        const MutexLock lock(mutex_);
        --entry.users;
        given_back_.notify_all();
    }

    void close(Entry& entry) ARCHAEO_REQUIRES(mutex_) {
        entry.is_closing = true;
        while (entry.users > 0) given_back_.wait(mutex_);
        entry.file.reset();
        entry.is_closing = false;
        given_back_.notify_all();
    }

    void close_idle() ARCHAEO_REQUIRES(mutex_) {
        std::size_t open = 0;
        Entry* oldest = nullptr;
        for (auto& [project, entry] : entries_) {
            if (!entry.file) continue;
            ++open;
            const bool is_idle = entry.users == 0 && !entry.is_closing;
            if (is_idle && (oldest == nullptr || entry.last_use < oldest->last_use)) oldest = &entry;
        }
        if (open >= open_files_max && oldest != nullptr) oldest->file.reset();
    }

    const std::string folder_;
    const EmbeddedOptions options_;
    Workspaces workspaces_;
    Mutex mutex_;
    Condition given_back_;
    std::map<ProjectId, Entry> entries_ ARCHAEO_GUARDED_BY(mutex_);
    std::uint64_t uses_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

class EmbeddedStore final : public VectorStore {
public:
    EmbeddedStore(std::string folder, const EmbeddedOptions& options)
        : dimension_(options.dimension), files_(std::move(folder), options) {}

    [[nodiscard]] Status upsert(const Document& document, std::span<const Point> points) override {
        ARCHAEO_TRY(validate_points(document, points, dimension_));
        if (points.empty()) return {};
        ARCHAEO_ASSIGN(const auto file, files_.take(document.project_id, IfMissing::make));
        return file->upsert(document, points);
    }

    [[nodiscard]] Status erase(ProjectId project, SourceId source, const GenerationId& generation) override {
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->erase(source, generation) : Status();
    }

    [[nodiscard]] Status erase_project(ProjectId project) override { return files_.erase(project); }

    [[nodiscard]] Result<std::uint64_t> count(ProjectId project, SourceId source,
                                              const GenerationId& generation) override {
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->count(source, generation) : std::uint64_t{0};
    }

    [[nodiscard]] Result<std::vector<StoredChunk>> chunks(ProjectId project, SourceId source,
                                                          const GenerationId& generation, std::uint64_t first_ordinal,
                                                          std::size_t limit) override {
        ARCHAEO_TRY(validate_chunks_limit(limit));
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->chunks(source, generation, first_ordinal, limit) : std::vector<StoredChunk>();
    }

    [[nodiscard]] Result<StoredPoints> points(ProjectId project, SourceId source, const GenerationId& generation,
                                              std::uint64_t first_ordinal, std::size_t limit) override {
        ARCHAEO_TRY(validate_chunks_limit(limit));
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->points(source, generation, first_ordinal, limit) : StoredPoints();
    }

    [[nodiscard]] Result<std::vector<ProjectId>> projects() override { return files_.projects(); }

    [[nodiscard]] Result<std::vector<StoredGeneration>> generations(ProjectId project,
                                                                    std::optional<StoredGeneration> after,
                                                                    std::size_t limit) override {
        ARCHAEO_TRY(validate_generations_limit(limit));
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->generations(after, limit) : std::vector<StoredGeneration>();
    }

    [[nodiscard]] Result<std::vector<VectorHit>> query(const VectorQuery& query) override {
        ARCHAEO_TRY(validate_query(query, dimension_));
        ARCHAEO_ASSIGN(const auto file, files_.take(query.project_id, IfMissing::leave));
        return file ? file->query(query) : std::vector<VectorHit>();
    }

    [[nodiscard]] Result<TermCounts> count_terms(ProjectId project, std::span<const std::string> terms) override {
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->count_terms(terms) : TermCounts();
    }

    [[nodiscard]] Result<std::vector<std::string>> languages(ProjectId project) override {
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->languages() : std::vector<std::string>();
    }

    [[nodiscard]] Status add_texts(ProjectId project, std::span<VectorHit* const> hits) override {
        ARCHAEO_ASSIGN(const auto file, files_.take(project, IfMissing::leave));
        return file ? file->add_texts(hits) : Status();
    }

    [[nodiscard]] Result<LiteralReply> find(const LiteralQuery& query) override {
        ARCHAEO_TRY(validate_literal(query));
        ARCHAEO_ASSIGN(const auto file, files_.take(query.project_id, IfMissing::leave));
        return file ? file->find(query) : LiteralReply();
    }

private:
    const std::size_t dimension_;
    ProjectFiles files_;
};

}  // namespace

Result<std::unique_ptr<VectorStore>> open_embedded_store(std::string folder, const EmbeddedOptions& options) {
    if (options.dimension < 1 || options.dimension > dimension_max) {
        return Error{Code::invalid_argument, "vector store: dimension is " + std::to_string(options.dimension) +
                                                 ", must be 1 to " + std::to_string(dimension_max)};
    }
    std::error_code failed;
    std::filesystem::create_directories(folder, failed);
    if (failed) return errno_error(failed.value(), "make folder " + folder);
    return std::unique_ptr<VectorStore>(std::make_unique<EmbeddedStore>(std::move(folder), options));
}

Result<std::unique_ptr<VectorStore>> open_vector_store(const std::string& folder, std::size_t dimension) {
    return open_embedded_store(folder, {.dimension = dimension});
}

}  // namespace archaeologist
