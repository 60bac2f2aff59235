#include "sqlite/database.hpp"

#include "sql/sqlite_fix_snapshot.hpp"

namespace archaeologist::sqlite {
namespace {

constexpr std::chrono::milliseconds migration_wait{60'000};  // another process may just be at it
constexpr std::size_t group_commands_max = 512;
constexpr std::size_t idle_readers_max = 16;
constexpr int checkpoint_every_pages = 4'000;  // 16 MB of 4 KB pages
constexpr char begin_sql[] = "BEGIN IMMEDIATE";
constexpr char commit_sql[] = "COMMIT";
constexpr char rollback_sql[] = "ROLLBACK";
constexpr char savepoint_sql[] = "SAVEPOINT command";
constexpr char undo_sql[] = "ROLLBACK TO command";
constexpr char release_sql[] = "RELEASE command";
constexpr char begin_read_sql[] = "BEGIN";
constexpr char data_version_sql[] = "PRAGMA data_version";

Status run(Connection& connection, const char* sql) { return Query(connection, sql).run(); }

}  // namespace

Snapshot::~Snapshot() {
    if (!connection_) return;
    if (run(*connection_, commit_sql)) database_.give_back(std::move(connection_));
}

Result<std::unique_ptr<Database>> Database::open(DatabaseOptions options) {
    if (options.lock_path.empty()) options.lock_path = options.path + ".lock";
    std::unique_ptr<Database> database(new Database(std::move(options)));
    ARCHAEO_TRY(database->start());
    return database;
}

Status Database::start() {
    ARCHAEO_ASSIGN(auto lock, FileLock::open(options_.lock_path));
    lock_.emplace(std::move(lock));
    {
        // Two processes that make the file at the same moment would both find it empty.
        ARCHAEO_ASSIGN(const auto held, lock_->take(migration_wait));
        ARCHAEO_ASSIGN(writer_, Connection::open(options_.path, Access::read_write, options_.on_open));
        ARCHAEO_TRY(migrate());
    }
    sqlite3_wal_hook(
        writer_->handle(),
        [](void* pages, sqlite3*, const char*, int now) {
            *static_cast<int*>(pages) = now;
            return SQLITE_OK;
        },
        &wal_pages_);
    thread_ = std::thread([this] { write_loop(); });
    return {};
}

Status Database::migrate() {
    const int newest = options_.migrations.empty() ? 0 : options_.migrations.back().number;
    ARCHAEO_ASSIGN(const std::int64_t schema, writer_->integer("PRAGMA user_version"));
    if (schema > newest) {
        return Error{Code::incompatible, options_.path + " was written by a newer version (schema " +
                                             std::to_string(schema) + "), this program knows schema " +
                                             std::to_string(newest) +
                                             ": upgrade the program, or use another data folder"};
    }
    if (schema == newest) return {};
    ARCHAEO_TRY(writer_->execute("BEGIN IMMEDIATE"));
    Status done;
    for (const auto& migration : options_.migrations) {
        if (done && migration.number > schema) done = writer_->execute(migration.sql);
    }
    if (done) done = writer_->execute(("PRAGMA user_version = " + std::to_string(newest)).c_str());
    if (done) done = writer_->execute("COMMIT");
    if (!done && writer_->in_transaction()) static_cast<void>(writer_->execute("ROLLBACK"));
    return done;
}

Database::~Database() {
    if (thread_.joinable()) {
        {
            const MutexLock lock(mutex_);
            stopping_ = true;
        }
        arrived_.notify_all();
        thread_.join();
    }
    {
        const MutexLock lock(readers_mutex_);
        readers_.clear();
    }
    {
        const MutexLock lock(version_mutex_);
        version_reader_.reset();
    }
    if (!writer_ || !lock_) return;
    // Not waited for: another process that is reading will do it in its turn.
    sqlite3_busy_timeout(writer_->handle(), 0);
    checkpoint(SQLITE_CHECKPOINT_TRUNCATE);
}

Status Database::submit(Command& command) {
    const MutexLock lock(mutex_);
    waiting_.push_back(&command);
    arrived_.notify_one();
    while (!command.answered) answered_.wait(mutex_);
    return std::move(command.committed);
}

void Database::write_loop() {
    std::vector<Command*> group;
    for (;;) {
        {
            const MutexLock lock(mutex_);
            while (waiting_.empty() && !stopping_) arrived_.wait(mutex_);
            if (waiting_.empty()) return;
            const auto size = std::min(waiting_.size(), group_commands_max);
            group.assign(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size));
            waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(size));
        }
        run_group(group);
        {
            const MutexLock lock(mutex_);
            for (Command* command : group) command->answered = true;
        }
        answered_.notify_all();
        checkpoint_when_due();
    }
}

void Database::run_group(std::span<Command*> group) {
    Status done = commit_group(group);
    if (done) return;
    if (writer_->in_transaction()) static_cast<void>(run(*writer_, rollback_sql));
    for (Command* command : group) command->committed = done.error();
}

Status Database::commit_group(std::span<Command*> group) {
    ARCHAEO_ASSIGN(const auto held, lock_->take(options_.lock_wait));
    ARCHAEO_TRY(run(*writer_, begin_sql));
    if (run_all(group)) return run(*writer_, commit_sql);
    const bool is_open = writer_->in_transaction();
    if (is_open) ARCHAEO_TRY(run(*writer_, rollback_sql));
    if (is_open && group.size() == 1) return {};
    ARCHAEO_TRY(run(*writer_, begin_sql));
    for (Command* command : group) ARCHAEO_TRY(run_apart(*command));
    return run(*writer_, commit_sql);
}

// Without savepoints, which are dear: at each one FTS5 writes what it gathered as an index segment of its own.
bool Database::run_all(std::span<Command*> group) {
    for (Command* command : group) {
        if (!command->run(command->target, *writer_) || !writer_->in_transaction()) return false;
    }
    return true;
}

// An error of the command itself is its caller's; one that ended the whole transaction is everyone's.
Status Database::run_apart(Command& command) {
    ARCHAEO_TRY(run(*writer_, savepoint_sql));
    const bool keep = command.run(command.target, *writer_);
    if (!writer_->in_transaction()) {
        return Error{Code::storage_full,
                     options_.path + ": SQLite rolled the transaction back; free space and try again"};
    }
    if (!keep) ARCHAEO_TRY(run(*writer_, undo_sql));
    return run(*writer_, release_sql);
}

void Database::checkpoint_when_due() {
    // A log that a reader kept from being reused goes on growing: it is copied each time it grew by as much again.
    if (wal_pages_ < checkpoint_every_pages) next_checkpoint_pages_ = checkpoint_every_pages;
    if (wal_pages_ < next_checkpoint_pages_) return;
    next_checkpoint_pages_ = wal_pages_ + checkpoint_every_pages;
    checkpoint(SQLITE_CHECKPOINT_PASSIVE);
}

// What fails here shows in the next commit; the log keeps everything until then.
void Database::checkpoint(int mode) {
    const auto held = lock_->take(options_.lock_wait);
    if (held) sqlite3_wal_checkpoint_v2(writer_->handle(), nullptr, mode, nullptr, nullptr);
}

Result<Snapshot> Database::snapshot() {
    std::unique_ptr<Connection> connection;
    {
        const MutexLock lock(readers_mutex_);
        if (!readers_.empty()) {
            connection = std::move(readers_.back());
            readers_.pop_back();
        }
    }
    if (!connection) {
        ARCHAEO_ASSIGN(connection, Connection::open(options_.path, Access::read_only, options_.on_open));
    }
    ARCHAEO_TRY(run(*connection, begin_read_sql));
    ARCHAEO_TRY(run(*connection, sql::sqlite_fix_snapshot));
    return Snapshot(*this, std::move(connection));
}

void Database::give_back(std::unique_ptr<Connection> connection) {
    const MutexLock lock(readers_mutex_);
    if (readers_.size() < idle_readers_max) readers_.push_back(std::move(connection));
}

Result<std::int64_t> Database::data_version() {
    const MutexLock lock(version_mutex_);
    if (!version_reader_) {
        ARCHAEO_ASSIGN(version_reader_, Connection::open(options_.path, Access::read_only, options_.on_open));
    }
    return version_reader_->integer(data_version_sql);
}

}  // namespace archaeologist::sqlite
