// A database file that several threads and processes share: one writer thread a process, many readers.
//
// Writes are grouped: the writer thread takes what has gathered while the last commit was under way, runs it in one
// transaction, commits once (one fsync), then answers all. When one of a group fails, the group is undone and run again
// with a savepoint for each. Every commit and every checkpoint holds an
// exclusive flock on the file's lock, which keeps processes from SQLITE_BUSY storms and from SQLite's WAL-reset race
// (3.7.0 to 3.51.2).
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/mutex.hpp"
#include "sqlite/connection.hpp"
#include "sqlite/file_lock.hpp"

namespace archaeologist::sqlite {

// Brings a file from schema `number - 1` to `number`.
struct Migration {
    int number = 0;
    const char* sql = nullptr;
};

struct DatabaseOptions {
    std::string path;
    std::string lock_path;                  // empty = path + ".lock"
    std::span<const Migration> migrations;  // numbers 1, 2, 3, …
    OpenHook on_open;
    std::chrono::milliseconds lock_wait{5'000};  // then a write answers `unavailable`
};

class Database;

// A read transaction: everything read through it is of one moment, until it ends. One thread at a time.
class Snapshot {
public:
    Snapshot(Snapshot&&) noexcept = default;
    Snapshot& operator=(Snapshot&&) = delete;
    ~Snapshot();
    [[nodiscard]] Connection& connection() { return *connection_; }

private:
    friend class Database;
    Snapshot(Database& database, std::unique_ptr<Connection> connection)
        : database_(database), connection_(std::move(connection)) {}

    Database& database_;
    std::unique_ptr<Connection> connection_;
};

// Thread-safe.
class Database {
public:
    // Makes the file where it is missing and brings it to the newest schema.
    // Errors: incompatible (a newer schema), corrupt, permission_denied, storage_full, io_error.
    [[nodiscard]] static Result<std::unique_ptr<Database>> open(DatabaseOptions options);
    ~Database();  // after the last write; copies the log into the file when nobody else needs it
    Database(const Database&) = delete;
    Database& operator=(const Database&) = delete;

    // Runs `work(Connection&)`, which returns Result or Status, on the writer thread and returns what it returned, once
    // that is durable; or `unavailable` when another process kept the lock for too long. An error undoes this work and no other's. Work may be run a second time, after all of the first was
    // undone, when another of its group failed: it must not depend on what it changed outside the database.
    template <class Work>
    [[nodiscard]] auto write(Work&& work) -> std::invoke_result_t<Work&, Connection&> {
        using Reply = std::invoke_result_t<Work&, Connection&>;
        struct Call {
            Work& work;
            std::optional<Reply> reply;
        } call{work, std::nullopt};
        Command command;
        command.target = &call;
        command.run = [](void* target, Connection& connection) {
            auto& self = *static_cast<Call*>(target);
            self.reply.emplace(self.work(connection));
            return self.reply->has_value();
        };
        if (auto committed = submit(command); !committed) return std::move(committed).error();
        return std::move(*call.reply);
    }

    // Runs `work(Connection&)` in a read transaction, on the caller's thread.
    template <class Work>
    [[nodiscard]] auto read(Work&& work) -> std::invoke_result_t<Work&, Connection&> {
        auto snapshot = this->snapshot();
        if (!snapshot) return std::move(snapshot).error();
        return work(snapshot->connection());
    }

    [[nodiscard]] Result<Snapshot> snapshot();

    // Changes whenever anyone, also another process, committed. Compare for equality only.
    [[nodiscard]] Result<std::int64_t> data_version();

    [[nodiscard]] const std::string& path() const { return options_.path; }

private:
    friend class Snapshot;
    // Lives on its caller's stack until it is answered.
    struct Command {
        void* target = nullptr;
        bool (*run)(void*, Connection&) = nullptr;  // false: undo it
        Status committed;
        bool answered = false;
    };

    explicit Database(DatabaseOptions options) : options_(std::move(options)) {}
    [[nodiscard]] Status start();
    [[nodiscard]] Status migrate();
    [[nodiscard]] Status submit(Command& command);
    void write_loop();
    void run_group(std::span<Command*> group);
    [[nodiscard]] Status commit_group(std::span<Command*> group);
    [[nodiscard]] bool run_all(std::span<Command*> group);
    [[nodiscard]] Status run_apart(Command& command);
    void checkpoint_when_due();
    void checkpoint(int mode);
    void give_back(std::unique_ptr<Connection> connection);

    DatabaseOptions options_;
    std::optional<FileLock> lock_;
    std::unique_ptr<Connection> writer_;  // the writer thread's, once it runs; so are the next two
    int wal_pages_ = 0;
    int next_checkpoint_pages_ = 0;
    std::thread thread_;

    Mutex mutex_;
    Condition arrived_;
    Condition answered_;
    std::vector<Command*> waiting_ ARCHAEO_GUARDED_BY(mutex_);
    bool stopping_ ARCHAEO_GUARDED_BY(mutex_) = false;

    Mutex readers_mutex_;
    std::vector<std::unique_ptr<Connection>> readers_ ARCHAEO_GUARDED_BY(readers_mutex_);

    Mutex version_mutex_;
    std::unique_ptr<Connection> version_reader_ ARCHAEO_GUARDED_BY(version_mutex_);
};

}  // namespace archaeologist::sqlite
