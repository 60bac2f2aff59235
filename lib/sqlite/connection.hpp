// One SQLite connection and the statements prepared on it. One thread at a time.
#pragma once

#include <sqlite3.h>

#include <concepts>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist::sqlite {

// What SQLite answered, as an Error that names the file. CORRUPT, NOTADB → corrupt · FULL and a full disk below an I/O
// error → storage_full · READONLY, PERM and a refused open → permission_denied · BUSY, LOCKED, NOMEM → unavailable ·
// TOOBIG → too_large · CONSTRAINT → conflict · other I/O errors → io_error · everything else → internal.
[[nodiscard]] Error error_of(sqlite3* db, int result, std::string_view path, std::string_view action);

enum class Access { read_only, read_write };

// Runs on every new connection before anything else: registers functions and tokenizers, sets pragmas of its own.
using OpenHook = std::function<Status(sqlite3*)>;

class Connection {
public:
    // Makes the file where it is missing and access is read_write. WAL, synchronous FULL, no checkpoint but ours.
    [[nodiscard]] static Result<std::unique_ptr<Connection>> open(std::string path, Access access,
                                                                  const OpenHook& hook);

    // Statements without parameters and rows.
    [[nodiscard]] Status execute(const char* statements);
    // Rows changed by the last statement.
    [[nodiscard]] std::int64_t changes() const { return sqlite3_changes64(db_.get()); }
    [[nodiscard]] std::int64_t last_insert_rowid() const { return sqlite3_last_insert_rowid(db_.get()); }
    [[nodiscard]] bool in_transaction() const { return sqlite3_get_autocommit(db_.get()) == 0; }
    // The first column of a one-row statement without parameters.
    [[nodiscard]] Result<std::int64_t> integer(const char* statement);
    [[nodiscard]] sqlite3* handle() { return db_.get(); }
    [[nodiscard]] const std::string& path() const { return path_; }

private:
    friend class Query;
    struct Close {
        void operator()(sqlite3* db) const { sqlite3_close_v2(db); }
    };
    struct Finalize {
        void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
    };
    using Statement = std::unique_ptr<sqlite3_stmt, Finalize>;

    Connection(std::string path, sqlite3* db) : path_(std::move(path)), db_(db) {}
    [[nodiscard]] Result<Statement> take(const char* sql);
    void give_back(const char* sql, Statement statement);

    std::string path_;
    std::unique_ptr<sqlite3, Close> db_;
    std::unordered_map<const char*, Statement> idle_;  // by the address of the SQL, which is a constant of the program
};

struct Bytes {
    std::string_view view;
};

// An object for a function of ours to work on; the function asks for it by the same type, a constant of the program.
struct Pointer {
    void* object;
    const char* type;
};

// A statement in use: bind, then step or run. Goes back to its connection when it ends. `sql` must be a constant of the
// program (lib/**.sql): prepared statements are kept by its address. A mistake in binding shows in the next step.
class Query {
public:
    Query(Connection& connection, const char* sql);
    ~Query();
    Query(const Query&) = delete;
    Query& operator=(const Query&) = delete;

    Query& bind(const char* name, std::nullopt_t);
    Query& bind(const char* name, double value);
    Query& bind(const char* name, std::string_view text);
    Query& bind(const char* name, const char* text) { return bind(name, std::string_view(text)); }
    Query& bind(const char* name, Bytes bytes);
    Query& bind(const char* name, Pointer pointer);
    Query& bind(const char* name, const Uuid& id) { return bind(name, Bytes{id.view()}); }
    Query& bind(const char* name, const ContentHash& hash);
    Query& bind(const char* name, TimePoint at) { return bind(name, to_ms(at)); }
    template <class Number>
    requires std::integral<Number> || std::is_enum_v<Number> Query& bind(const char* name, Number value) {
        return bind_integer(name, static_cast<std::int64_t>(value));
    }
    template <class Value>
    Query& bind(const char* name, const std::optional<Value>& value) {
        return value ? bind(name, *value) : bind(name, std::nullopt);
    }

    // True: a row is there. False: the end; the next step starts again with the values bound so far.
    [[nodiscard]] Result<bool> step();
    // To the end, whatever rows come.
    [[nodiscard]] Status run();
    // To be bound and stepped anew.
    void reset();

    // Columns of the present row, from 0. Text and bytes live until the next step.
    [[nodiscard]] bool is_null(int column) const;
    [[nodiscard]] std::int64_t integer(int column) const;
    [[nodiscard]] double real(int column) const;
    [[nodiscard]] std::string_view text(int column) const;
    [[nodiscard]] std::string_view bytes(int column) const;
    [[nodiscard]] Uuid uuid(int column) const { return Uuid::from_bytes(bytes(column)); }
    [[nodiscard]] TimePoint time(int column) const { return from_ms(integer(column)); }
    template <class Id>
    [[nodiscard]] Id id(int column) const {
        return static_cast<Id>(integer(column));
    }
    // Nothing for NULL.
    template <class Read>
    [[nodiscard]] auto optional(int column, Read read) const
        -> std::optional<std::invoke_result_t<Read, const Query&, int>> {
        if (is_null(column)) return std::nullopt;
        return read(*this, column);
    }
    [[nodiscard]] std::optional<TimePoint> optional_time(int column) const {
        if (is_null(column)) return std::nullopt;
        return time(column);
    }
    [[nodiscard]] std::optional<Uuid> optional_uuid(int column) const {
        if (is_null(column)) return std::nullopt;
        return uuid(column);
    }

private:
    Query& bind_integer(const char* name, std::int64_t value);
    [[nodiscard]] int parameter(const char* name);
    void check(int result);

    Connection& connection_;
    const char* sql_;
    Connection::Statement statement_;
    Status failed_;
};

}  // namespace archaeologist::sqlite
