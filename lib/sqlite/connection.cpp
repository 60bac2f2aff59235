#include "sqlite/connection.hpp"

#include <cerrno>

#include "base/errno_error.hpp"

namespace archaeologist::sqlite {
namespace {

constexpr int busy_timeout_ms = 10'000;
constexpr const char* settings =
    "PRAGMA journal_mode = WAL;"
    "PRAGMA synchronous = FULL;"
    "PRAGMA wal_autocheckpoint = 0;"
    "PRAGMA mmap_size = 0;"
    "PRAGMA foreign_keys = ON;"
    "PRAGMA temp_store = MEMORY;"
    "PRAGMA cell_size_check = ON;";

Code code_of(int result) {
    switch (result & 0xFF) {
        case SQLITE_CORRUPT:
        case SQLITE_NOTADB: return Code::corrupt;
        case SQLITE_FULL: return Code::storage_full;
        case SQLITE_READONLY:
        case SQLITE_PERM:
        case SQLITE_AUTH: return Code::permission_denied;
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_NOMEM: return Code::unavailable;
        case SQLITE_TOOBIG: return Code::too_large;
        case SQLITE_CONSTRAINT: return Code::conflict;
        case SQLITE_IOERR:
        case SQLITE_CANTOPEN: return Code::io_error;
        default: return Code::internal;
    }
}

std::string_view rule_of(Code code) {
    switch (code) {
        case Code::corrupt:
            return "; the file is damaged and was left as it is: restore it from a backup, or move it away to begin "
                   "anew";
        case Code::storage_full: return "; free space and try again";
        case Code::permission_denied: return "; the file and its folder must be writable";
        default: return {};
    }
}

}  // namespace

Error error_of(sqlite3* db, int result, std::string_view path, std::string_view action) {
    std::string what(path);
    what.append(": ").append(action);
    // SQLite forgets the cause of a failed commit; errno still knows it.
    const int kept_errno = errno;
    const int known_errno = db != nullptr ? sqlite3_system_errno(db) : 0;
    const int system_errno = known_errno != 0 ? known_errno : kept_errno;
    const int primary = result & 0xFF;
    if (system_errno != 0 && (primary == SQLITE_IOERR || primary == SQLITE_CANTOPEN)) {
        return errno_error(system_errno, what);
    }
    const Code code = code_of(result);
    // sqlite3_errmsg speaks of the connection's last call; of another result the plain words are right.
    const bool latest = db != nullptr && (sqlite3_extended_errcode(db) & 0xFF) == primary;
    what.append(": ").append(latest ? sqlite3_errmsg(db) : sqlite3_errstr(result)).append(rule_of(code));
    return {code, std::move(what)};
}

Result<std::unique_ptr<Connection>> Connection::open(std::string path, Access access, const OpenHook& hook) {
    sqlite3* db = nullptr;
    const int create = access == Access::read_write ? SQLITE_OPEN_CREATE : 0;
    const int opened = sqlite3_open_v2(
        path.c_str(), &db, SQLITE_OPEN_READWRITE | create | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    std::unique_ptr<Connection> connection(new Connection(std::move(path), db));
    if (opened != SQLITE_OK) return error_of(db, opened, connection->path_, "open");
    sqlite3_busy_timeout(db, busy_timeout_ms);
    sqlite3_db_config(db, SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, 1, nullptr);
    sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 0, nullptr);
    if (hook) ARCHAEO_TRY(hook(db));
    ARCHAEO_TRY(connection->execute(settings));
    if (access == Access::read_only) {
        ARCHAEO_TRY(connection->execute("PRAGMA query_only = ON"));
    } else if (sqlite3_db_readonly(db, "main") == 1) {
        // SQLite falls back to reading where it may not write; the user must learn of it before the first upload.
        return errno_error(EACCES, connection->path_ + ": open for writing");
    }
    return connection;
}

Status Connection::execute(const char* statements) {
    const int result = sqlite3_exec(db_.get(), statements, nullptr, nullptr, nullptr);
    if (result != SQLITE_OK) return error_of(db_.get(), result, path_, statements);
    return {};
}

Result<std::int64_t> Connection::integer(const char* statement) {
    Query query(*this, statement);
    ARCHAEO_ASSIGN(const bool row, query.step());
    return row ? query.integer(0) : 0;
}

Result<Connection::Statement> Connection::take(const char* sql) {
    if (const auto found = idle_.find(sql); found != idle_.end() && found->second) return std::move(found->second);
    sqlite3_stmt* statement = nullptr;
    const int result = sqlite3_prepare_v3(db_.get(), sql, -1, SQLITE_PREPARE_PERSISTENT, &statement, nullptr);
    if (result != SQLITE_OK) return error_of(db_.get(), result, path_, "prepare");
    return Statement(statement);
}

void Connection::give_back(const char* sql, Statement statement) { idle_[sql] = std::move(statement); }

Query::Query(Connection& connection, const char* sql) : connection_(connection), sql_(sql) {
    auto statement = connection.take(sql);
    if (statement) {
        statement_ = std::move(statement).value();
    } else {
        failed_ = std::move(statement).error();
    }
}

Query::~Query() {
    if (!statement_) return;
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
    connection_.give_back(sql_, std::move(statement_));
}

void Query::reset() {
    if (!statement_) return;
    sqlite3_reset(statement_.get());
    sqlite3_clear_bindings(statement_.get());
}

int Query::parameter(const char* name) {
    if (!statement_) return 0;
    const int index = sqlite3_bind_parameter_index(statement_.get(), name);
    if (index == 0) failed_ = Error{Code::internal, std::string("statement has no parameter ") + name + ": " + sql_};
    return index;
}

void Query::check(int result) {
    if (result != SQLITE_OK && failed_) {
        failed_ = error_of(connection_.handle(), result, connection_.path(), "bind");
    }
}

Query& Query::bind(const char* name, std::nullopt_t) {
    if (const int index = parameter(name)) check(sqlite3_bind_null(statement_.get(), index));
    return *this;
}

Query& Query::bind(const char* name, double value) {
    if (const int index = parameter(name)) check(sqlite3_bind_double(statement_.get(), index, value));
    return *this;
}

Query& Query::bind(const char* name, std::string_view text) {
    if (const int index = parameter(name)) {
        const char* data = text.data() == nullptr ? "" : text.data();
        check(sqlite3_bind_text64(statement_.get(), index, data, text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
    }
    return *this;
}

Query& Query::bind(const char* name, Bytes bytes) {
    if (const int index = parameter(name)) {
        const char* data = bytes.view.data() == nullptr ? "" : bytes.view.data();
        check(sqlite3_bind_blob64(statement_.get(), index, data, bytes.view.size(), SQLITE_TRANSIENT));
    }
    return *this;
}

Query& Query::bind(const char* name, Pointer pointer) {
    if (const int index = parameter(name)) {
        check(sqlite3_bind_pointer(statement_.get(), index, pointer.object, pointer.type, nullptr));
    }
    return *this;
}

Query& Query::bind(const char* name, const ContentHash& hash) {
    return bind(name, Bytes{{reinterpret_cast<const char*>(hash.bytes.data()), hash.bytes.size()}});
}

Query& Query::bind_integer(const char* name, std::int64_t value) {
    if (const int index = parameter(name)) check(sqlite3_bind_int64(statement_.get(), index, value));
    return *this;
}

Result<bool> Query::step() {
    if (!failed_) return failed_.error();
    errno = 0;
    const int result = sqlite3_step(statement_.get());
    if (result == SQLITE_ROW) return true;
    Error error;
    if (result != SQLITE_DONE) error = error_of(connection_.handle(), result, connection_.path(), "statement");
    sqlite3_reset(statement_.get());
    if (result != SQLITE_DONE) return error;
    return false;
}

Status Query::run() {
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, step());
        if (!row) return {};
    }
}

bool Query::is_null(int column) const { return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL; }

std::int64_t Query::integer(int column) const { return sqlite3_column_int64(statement_.get(), column); }

double Query::real(int column) const { return sqlite3_column_double(statement_.get(), column); }

std::string_view Query::text(int column) const {
    const auto* data = reinterpret_cast<const char*>(sqlite3_column_text(statement_.get(), column));
    return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

std::string_view Query::bytes(int column) const {
    const auto* data = static_cast<const char*>(sqlite3_column_blob(statement_.get(), column));
    return {data == nullptr ? "" : data, static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column))};
}

}  // namespace archaeologist::sqlite
