#include "vector/fts5.hpp"

#include <cstring>
#include <string>

#include "sql/vector_fts5_api.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {
namespace {

int create_tokenizer(void*, const char**, int, Fts5Tokenizer** tokenizer) {
    static char none = 0;  // it has no state
    *tokenizer = reinterpret_cast<Fts5Tokenizer*>(&none);
    return SQLITE_OK;
}

void delete_tokenizer(Fts5Tokenizer*) {}

using TokenSink = int (*)(void*, int, const char*, int, int, int);

int tokenize(Fts5Tokenizer*, void* context, int, const char* text, int size, TokenSink sink) {
    for (int at = 0; at < size;) {
        if (text[at] == packed_new_position) ++at;
        const auto* end =
            static_cast<const char*>(std::memchr(text + at, packed_new_position, static_cast<std::size_t>(size - at)));
        const int next = end == nullptr ? size : static_cast<int>(end - text);
        const int result = sink(context, 0, text + at, next - at, at, next);
        if (result != SQLITE_OK) return result;
        at = next;
    }
    return SQLITE_OK;
}

int add_row(const Fts5ExtensionApi* api, Fts5Context* context, void* target) {
    static_cast<IndexRows*>(target)->push_back(api->xRowid(context));
    return SQLITE_OK;
}

void collect_rows(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* answer, int count,
                  sqlite3_value** values) {
    auto* rows =
        count == 1 ? static_cast<IndexRows*>(sqlite3_value_pointer(values[0], index_rows_pointer_type)) : nullptr;
    if (rows == nullptr) return sqlite3_result_error_code(answer, SQLITE_MISUSE);
    rows->clear();
    const int result = api->xQueryPhrase(context, 0, rows, add_row);
    if (result != SQLITE_OK) return sqlite3_result_error_code(answer, result);
    sqlite3_result_int64(answer, static_cast<sqlite3_int64>(rows->size()));
}

fts5_api* find_api(sqlite3* db) {
    fts5_api* api = nullptr;
    sqlite3_stmt* statement = nullptr;
    if (sqlite3_prepare_v2(db, sql::vector_fts5_api, -1, &statement, nullptr) == SQLITE_OK) {
        sqlite3_bind_pointer(statement, 1, static_cast<void*>(&api), "fts5_api_ptr", nullptr);
        sqlite3_step(statement);
    }
    sqlite3_finalize(statement);
    return api;
}

}  // namespace

Status register_fts5(sqlite3* db) {
    fts5_api* api = find_api(db);
    if (api == nullptr || api->iVersion < 2) {
        return Error{Code::unsupported, "this SQLite was built without FTS5; the vector store needs it"};
    }
    fts5_tokenizer tokenizer{create_tokenizer, delete_tokenizer, tokenize};
    int result = api->xCreateTokenizer(api, "packed", nullptr, &tokenizer, nullptr);
    if (result == SQLITE_OK) result = api->xCreateFunction(api, "collect_rows", nullptr, collect_rows, nullptr);
    if (result == SQLITE_OK) return {};
    return Error{Code::internal, std::string("FTS5 refused the tokenizer: ") + sqlite3_errstr(result)};
}

}  // namespace archaeologist
