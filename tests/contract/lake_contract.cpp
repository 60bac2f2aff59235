#include "contract/lake_contract.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <limits>
#include <string>
#include <thread>
#include <vector>

namespace archaeologist {
namespace {

constexpr std::uint64_t no_limit = std::numeric_limits<std::uint64_t>::max();

// Gives `size` bytes in uneven pieces, then fails if told to.
class PatternSource final : public ByteSource {
public:
    explicit PatternSource(std::uint64_t size) : size_(size) {}

    void fail_at_end(Error error) { error_ = std::move(error); }

    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
        const std::uint64_t piece = 1 + (at_ * 31) % 5'000;
        const auto size = static_cast<std::size_t>(std::min<std::uint64_t>({piece, buffer.size(), size_ - at_}));
        if (size == 0 && error_.has_value()) return *error_;
        for (char& byte : buffer.first(size)) byte = at(at_++);
        return size;
    }

    static char at(std::uint64_t offset) { return static_cast<char>((offset * 7 + (offset >> 8)) & 0xFF); }

private:
    std::uint64_t size_;
    std::uint64_t at_ = 0;
    std::optional<Error> error_;
};

std::string pattern(std::uint64_t size) {
    std::string content;
    for (std::uint64_t i = 0; i < size; ++i) content.push_back(PatternSource::at(i));
    return content;
}

StoredBlob put(Lake& lake, std::string_view content) {
    MemorySource source(content);
    const auto stored = lake.put(source, no_limit);
    REQUIRE(stored.has_value());
    return *stored;
}

void check_offsets(Lake& lake) {
    const std::string content = pattern(10'000);
    const auto blob = lake.open(put(lake, content).hash);
    REQUIRE(blob.has_value());
    CHECK((*blob)->size() == content.size());
    std::array<char, 300> buffer{};
    for (const std::uint64_t offset : {0U, 1U, 9'699U, 9'700U, 9'701U, 9'999U, 10'000U, 10'001U}) {
        const auto size = (*blob)->read_at(offset, buffer);
        REQUIRE(size.has_value());
        const std::string expected = offset < content.size() ? content.substr(offset, buffer.size()) : "";
        CHECK(std::string_view(buffer.data(), *size) == expected);
    }
    CHECK((*blob)->read_at(no_limit, buffer).value() == 0);
    CHECK((*blob)->read_at(0, {}).value() == 0);
}

void check_limit(Lake& lake) {
    const std::string content = pattern(600'000);
    PatternSource exact(content.size());
    CHECK(lake.put(exact, content.size()).has_value());

    const std::string longer = pattern(600'001);
    PatternSource source(longer.size());
    const auto refused = lake.put(source, content.size());
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::too_large);
    CHECK(refused.error().message.find("600000") != std::string::npos);
    CHECK_FALSE(lake.contains(ContentHash::of(longer)).value());

    PatternSource one(1);
    CHECK(lake.put(one, 0).error().code == Code::too_large);
    MemorySource nothing("");
    CHECK(lake.put(nothing, 0).has_value());
}

void check_threads(Lake& lake) {
    const std::string shared = pattern(100'000);
    std::atomic<int> right{0};
    std::vector<std::thread> threads;
    threads.reserve(4);
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&lake, &shared, &right, i] {
            for (int round = 0; round < 10; ++round) {
                const std::string own = std::to_string(i) + "/" + std::to_string(round);
                MemorySource own_source(own);
                MemorySource shared_source(shared);
                const auto own_blob = lake.put(own_source, no_limit);
                const auto shared_blob = lake.put(shared_source, no_limit);
                if (own_blob && shared_blob && lake.read(own_blob->hash, no_limit).value_or("") == own &&
                    lake.read(shared_blob->hash, no_limit).value_or("") == shared) {
                    ++right;
                }
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    CHECK(right == 40);
}

void check_list(Lake& lake) {
    CHECK(lake.list({}, 10).value().empty());
    std::vector<StoredBlob> all;
    for (int i = 0; i < 25; ++i) all.push_back(put(lake, std::string(static_cast<std::size_t>(i), 'x')));
    const auto by_hash = [](const StoredBlob& a, const StoredBlob& b) { return a.hash < b.hash; };
    std::sort(all.begin(), all.end(), by_hash);
    for (const std::size_t limit : {1U, 7U, 25U, 1'500U}) {
        std::vector<StoredBlob> listed;
        std::optional<ContentHash> after;
        for (;;) {
            const auto page = lake.list(after, limit);
            REQUIRE(page.has_value());
            REQUIRE(page->size() <= limit);
            listed.insert(listed.end(), page->begin(), page->end());
            if (page->size() < limit) break;
            after = page->back().hash;
        }
        REQUIRE(listed.size() == all.size());
        for (std::size_t i = 0; i < all.size(); ++i) {
            CHECK(listed[i].hash == all[i].hash);
            CHECK(listed[i].size_bytes == all[i].size_bytes);
        }
    }
    REQUIRE(lake.remove(all[3].hash).has_value());
    const auto rest = lake.list(all[1].hash, 2).value();
    REQUIRE(rest.size() == 2);
    CHECK(rest[0].hash == all[2].hash);
    CHECK(rest[1].hash == all[4].hash);
    // Behind a hash that is not there.
    CHECK(lake.list(all[3].hash, 1).value().at(0).hash == all[4].hash);
}

}  // namespace

void lake_contract(const LakeFactory& make) {
    const auto lake = make();
    REQUIRE(lake != nullptr);

    SUBCASE("what is put is named by its SHA-256 and comes back byte for byte") {
        const std::string content = pattern(1'000'000);
        PatternSource source(content.size());
        const auto stored = lake->put(source, no_limit);
        REQUIRE(stored.has_value());
        CHECK(stored->hash == ContentHash::of(content));
        CHECK(stored->size_bytes == content.size());
        CHECK(lake->contains(stored->hash).value());
        CHECK(lake->read(stored->hash, content.size()).value() == content);
    }
    SUBCASE("no bytes are a blob too") {
        const StoredBlob stored = put(*lake, "");
        CHECK(stored.size_bytes == 0);
        CHECK(lake->contains(stored.hash).value());
        CHECK(lake->read(stored.hash, 0).value().empty());
    }
    SUBCASE("the same content again is the same blob") {
        const StoredBlob first = put(*lake, "twice");
        const StoredBlob second = put(*lake, "twice");
        CHECK(first.hash == second.hash);
        CHECK(lake->read(first.hash, 5).value() == "twice");
    }
    SUBCASE("an unknown hash is not_found and the message names it") {
        const ContentHash hash = ContentHash::of("never put");
        CHECK_FALSE(lake->contains(hash).value());
        const auto blob = lake->open(hash);
        REQUIRE_FALSE(blob.has_value());
        CHECK(blob.error().code == Code::not_found);
        CHECK(blob.error().message.find(hash.hex()) != std::string::npos);
        CHECK(lake->read(hash, no_limit).error().code == Code::not_found);
    }
    SUBCASE("a read gives the bytes at its offset, fewer only at the end") { check_offsets(*lake); }
    SUBCASE("content above the limit is too_large and not stored") { check_limit(*lake); }
    SUBCASE("reading a whole blob above the limit is too_large") {
        const StoredBlob stored = put(*lake, "12345");
        CHECK(lake->read(stored.hash, 4).error().code == Code::too_large);
    }
    SUBCASE("a source that fails stores nothing and its error is handed on") {
        PatternSource source(400'000);
        source.fail_at_end({Code::unavailable, "the other side hung up"});
        const auto stored = lake->put(source, no_limit);
        REQUIRE_FALSE(stored.has_value());
        CHECK(stored.error().code == Code::unavailable);
        CHECK(stored.error().message == "the other side hung up");
        CHECK_FALSE(lake->contains(ContentHash::of(pattern(400'000))).value());
    }
    SUBCASE("an open blob outlives another put of its content") {
        const StoredBlob stored = put(*lake, "steady");
        const auto blob = lake->open(stored.hash);
        REQUIRE(blob.has_value());
        put(*lake, "steady");
        std::array<char, 16> buffer{};
        CHECK((*blob)->read_at(0, buffer).value() == 6);
        CHECK(std::string_view(buffer.data(), 6) == "steady");
    }
    SUBCASE("what is removed is gone, may be removed again and be put again; what is open can be read on") {
        const StoredBlob stored = put(*lake, "fleeting");
        const StoredBlob other = put(*lake, "steady");
        const auto blob = lake->open(stored.hash);
        REQUIRE(blob.has_value());
        REQUIRE(lake->remove(stored.hash).has_value());
        CHECK_FALSE(lake->contains(stored.hash).value());
        CHECK(lake->contains(other.hash).value());
        std::array<char, 16> buffer{};
        CHECK((*blob)->read_at(0, buffer).value() == 8);
        CHECK(lake->remove(stored.hash).has_value());
        put(*lake, "fleeting");
        CHECK(lake->contains(stored.hash).value());
    }
    SUBCASE("content that comes bit by bit is the same blob, and not there before it is finished") {
        auto writer = lake->begin(10);
        REQUIRE(writer.has_value());
        CHECK((*writer)->write("bit by").has_value());
        CHECK((*writer)->write("").has_value());
        CHECK((*writer)->write(" bit").has_value());
        CHECK_FALSE(lake->contains(ContentHash::of("bit by bit")).value());
        const auto stored = (*writer)->finish();
        REQUIRE(stored.has_value());
        CHECK(stored->hash == ContentHash::of("bit by bit"));
        CHECK(lake->read(stored->hash, 10).value() == "bit by bit");
    }
    SUBCASE("content that comes bit by bit may not go past the limit, and leaves nothing when it is given up") {
        auto writer = lake->begin(5);
        REQUIRE(writer.has_value());
        CHECK((*writer)->write("12345").has_value());
        CHECK((*writer)->write("6").error().code == Code::too_large);
        writer->reset();
        CHECK_FALSE(lake->contains(ContentHash::of("12345")).value());
    }
    SUBCASE("blobs are listed in the order of their hashes, in pages") { check_list(*lake); }
    SUBCASE("threads put and read side by side") { check_threads(*lake); }
}

}  // namespace archaeologist
