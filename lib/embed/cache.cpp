#include "embed/cache.hpp"

#include <xxhash.h>

#include <array>
#include <cstring>

#include "sql/embed_001_cache.hpp"
#include "sql/embed_cache_bytes.hpp"
#include "sql/embed_cache_forget.hpp"
#include "sql/embed_cache_get.hpp"
#include "sql/embed_cache_put.hpp"

namespace archaeologist::embed {
namespace {

using sqlite::Bytes;
using sqlite::Connection;
using sqlite::Query;

constexpr std::array migrations = {sqlite::Migration{1, sql::embed_001_cache}};
constexpr std::int64_t forgotten_max = 1'000;  // in one transaction

using Key = std::array<char, sizeof(XXH128_canonical_t)>;

Key key_of(std::string_view model, std::string_view text) {
    const XXH64_hash_t seed = XXH3_64bits(model.data(), model.size());
    XXH128_canonical_t canonical;
    XXH128_canonicalFromHash(&canonical, XXH3_128bits_withSeed(text.data(), text.size(), seed));
    Key key{};
    std::memcpy(key.data(), canonical.digest, key.size());
    return key;
}

Bytes bytes_of(const Key& key) { return {{key.data(), key.size()}}; }

Status trim(Connection& tx, std::uint64_t bytes_max) {
    Query query(tx, sql::embed_cache_bytes);
    ARCHAEO_TRY(query.step());
    if (static_cast<std::uint64_t>(query.integer(0)) <= bytes_max) return {};
    ARCHAEO_TRY(query.run());
    return Query(tx, sql::embed_cache_forget).bind(":limit", forgotten_max).run();
}

}  // namespace

Result<std::shared_ptr<VectorCache>> VectorCache::open(const std::string& path, std::uint64_t bytes_max) {
    sqlite::DatabaseOptions options;
    options.path = path;
    options.migrations = migrations;
    ARCHAEO_ASSIGN(auto database, sqlite::Database::open(std::move(options)));
    return std::shared_ptr<VectorCache>(new VectorCache(std::move(database), bytes_max));
}

Result<std::vector<std::vector<float>>> VectorCache::get(std::string_view model,
                                                         std::span<const std::string_view> texts) {
    return database_->read([&](Connection& tx) -> Result<std::vector<std::vector<float>>> {
        std::vector<std::vector<float>> found(texts.size());
        for (std::size_t i = 0; i < texts.size(); ++i) {
            const Key key = key_of(model, texts[i]);
            Query query(tx, sql::embed_cache_get);
            ARCHAEO_ASSIGN(const bool row, query.bind(":key", bytes_of(key)).step());
            if (!row) continue;
            const std::string_view value = query.bytes(0);
            found[i].resize(value.size() / sizeof(float));
            std::memcpy(found[i].data(), value.data(), found[i].size() * sizeof(float));
        }
        return found;
    });
}

Status VectorCache::put(std::string_view model, std::span<const Kept> vectors) {
    return database_->write([&](Connection& tx) -> Status {
        for (const Kept& kept : vectors) {
            const Key key = key_of(model, kept.text);
            const std::string_view value(reinterpret_cast<const char*>(kept.vector.data()), kept.vector.size_bytes());
            ARCHAEO_TRY(Query(tx, sql::embed_cache_put).bind(":key", bytes_of(key)).bind(":value", Bytes{value}).run());
        }
        return trim(tx, bytes_max_);
    });
}

}  // namespace archaeologist::embed
