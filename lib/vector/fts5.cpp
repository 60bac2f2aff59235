#include "vector/fts5.hpp"

#include <string_view>

#include "sql/vector_fts5_api.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {
namespace {

constexpr bool is_marker(char c) { return c == packed_new_position || c == packed_same_position; }

int create_tokenizer(void*, const char**, int, Fts5Tokenizer** tokenizer) {
    static char none = 0;  // it has no state
    *tokenizer = reinterpret_cast<Fts5Tokenizer*>(&none);
    return SQLITE_OK;
}

void delete_tokenizer(Fts5Tokenizer*) {}

using TokenSink = int (*)(void*, int, const char*, int, int, int);

int tokenize(Fts5Tokenizer*, void* context, int, const char* text, int size, TokenSink sink) {
    int flags = 0;
    for (int at = 0; at < size;) {
        if (is_marker(text[at])) {
            flags = text[at] == packed_same_position ? FTS5_TOKEN_COLOCATED : 0;
            ++at;
        }
        const int begin = at;
        while (at < size && !is_marker(text[at])) ++at;
        const int result = sink(context, flags, text + begin, at - begin, begin, at);
        if (result != SQLITE_OK) return result;
    }
    return SQLITE_OK;
}

int add_posting(const Fts5ExtensionApi* api, Fts5Context* context, void* target) {
    std::uint32_t frequency = 0;
    Fts5PhraseIter at{};
    int column = 0;
    int offset = 0;
    int result = api->xPhraseFirst(context, 0, &at, &column, &offset);
    if (result != SQLITE_OK) return result;
    for (; column >= 0; api->xPhraseNext(context, &at, &column, &offset)) ++frequency;
    static_cast<Postings*>(target)->entries.push_back({api->xRowid(context), frequency});
    return SQLITE_OK;
}

void collect_postings(const Fts5ExtensionApi* api, Fts5Context* context, sqlite3_context* answer, int count,
                      sqlite3_value** values) {
    auto* postings =
        count == 1 ? static_cast<Postings*>(sqlite3_value_pointer(values[0], postings_pointer_type)) : nullptr;
    if (postings == nullptr) return sqlite3_result_error_code(answer, SQLITE_MISUSE);
    postings->entries.clear();
    sqlite3_int64 rows = 0;
    sqlite3_int64 terms = 0;
    int result = api->xRowCount(context, &rows);
    if (result == SQLITE_OK) result = api->xColumnTotalSize(context, -1, &terms);
    if (result == SQLITE_OK) result = api->xQueryPhrase(context, 0, postings, add_posting);
    if (result != SQLITE_OK) return sqlite3_result_error_code(answer, result);
    postings->rows = rows;
    postings->terms = terms;
    sqlite3_result_int64(answer, static_cast<sqlite3_int64>(postings->entries.size()));
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
    if (result == SQLITE_OK) result = api->xCreateFunction(api, "postings", nullptr, collect_postings, nullptr);
    if (result == SQLITE_OK) return {};
    return Error{Code::internal, std::string("FTS5 refused the tokenizer: ") + sqlite3_errstr(result)};
}

}  // namespace archaeologist
