#include "lake/s3.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <atomic>
#include <random>
#include <thread>

#include "archaeologist/clock.hpp"
#include "support/fault_proxy.hpp"
#include "support/s3_server.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

constexpr std::uint64_t no_limit = ~std::uint64_t{0};

std::string random_text(std::size_t size, std::uint64_t seed) {
    Rng rng(seed);
    std::string text(size, '\0');
    for (char& c : text) c = static_cast<char>(rng());
    return text;
}

std::string key_of(const ContentHash& hash) { return hash.hex().substr(0, 2) + "/" + hash.hex(); }

// A lake on a part of the test bucket, sent in parts above `single_bytes_max`.
struct Shore {
    explicit Shore(int port = S3Server::shared().port(), const std::string& of = S3Server::shared().fresh_prefix())
        : prefix(of), config(S3Server::config(of, port)) {
        net::ClientOptions quick;
        quick.retry.attempts_max = 10;
        quick.retry.base = 1ms;
        quick.retry.cap = 20ms;
        quick.retry.budget = 10'000;
        bucket = std::make_shared<const s3::Bucket>(s3::parse_location(config.url).value(), config.credentials,
                                                    net::Client::open(quick).value());
        lake =
            make_s3_lake(bucket, {.tmp_dir = folder.path("tmp"), .single_bytes_max = 2 << 20, .part_bytes = 1 << 20});
    }
    [[nodiscard]] Result<StoredBlob> put(std::string_view content) const {
        MemorySource source(content);
        return lake->put(source, no_limit);
    }
    // Bytes under a key that are not those of its hash.
    void plant(std::string_view key, std::string_view content) const {
        s3::Spool spool(folder.path("tmp"), no_limit);
        REQUIRE(spool.write(content).has_value());
        spool.seal();
        REQUIRE(bucket->put(key, spool).has_value());
    }

    TemporaryFolder folder;
    std::string prefix;
    LakeConfig config;
    std::shared_ptr<const s3::Bucket> bucket;
    std::unique_ptr<Lake> lake;
};

std::size_t count(const std::vector<std::string>& lines, std::string_view method, std::string_view part) {
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](const std::string& line) {
        return line.starts_with(std::string(method) + " 200") && line.find(part) != std::string::npos;
    }));
}

}  // namespace

TEST_CASE("content above the limit of one request goes in parts and appears when they are complete") {
    const Shore shore;
    const std::string content = random_text((5 << 20) + 123, 1);
    const auto stored = shore.put(content);
    REQUIRE(stored.has_value());
    CHECK(stored->hash == ContentHash::of(content));
    CHECK(shore.lake->read(stored->hash, no_limit).value() == content);
    const auto requests = S3Server::shared().requests(shore.prefix);
    CHECK(count(requests, "POST", "?uploads=") == 1);
    CHECK(count(requests, "PUT", "?partNumber=6&uploadId=") == 1);
    CHECK(count(requests, "PUT", "?partNumber=7&uploadId=") == 0);
    CHECK(count(requests, "POST", "?uploadId=") == 1);

    SUBCASE("the same content again is not sent again") {
        REQUIRE(shore.put(content).has_value());
        CHECK(count(S3Server::shared().requests(shore.prefix), "POST", "?uploads=") == 1);
    }
}

TEST_CASE("an object is in the bucket under its hash, in one request") {
    const Shore shore;
    const auto stored = shore.put("small").value();
    const auto requests = S3Server::shared().requests(shore.prefix);
    REQUIRE(requests.size() == 1);
    CHECK(requests[0] == "PUT 200 /" + std::string(S3Server::bucket) + "/" + shore.prefix + "/" + key_of(stored.hash));
    CHECK(shore.folder.files().empty());
}

TEST_CASE("parts that fail leave nothing to be seen, and the upload is aborted") {
    FaultProxy proxy(S3Server::shared().port(), {}, 1);
    const Shore shore(proxy.port());
    const std::string content = random_text(4 << 20, 2);
    const ContentHash hash = ContentHash::of(content);
    const std::string upload = shore.bucket->create_upload(key_of(hash)).value();
    s3::Spool spool(shore.folder.path("tmp"), no_limit);
    REQUIRE(spool.write(content).has_value());
    spool.seal();
    s3::SpoolBody first(spool, 0, 1 << 20);
    REQUIRE(shore.bucket->put_part(key_of(hash), upload, 1, first, ContentHash::of(content.substr(0, 1 << 20)))
                .has_value());
    CHECK_FALSE(shore.lake->contains(hash).value());
    REQUIRE(shore.bucket->abort_upload(key_of(hash), upload).has_value());
    CHECK(shore.bucket->abort_upload(key_of(hash), upload).has_value());
    const std::vector<std::string> etags{"\"00\""};
    CHECK_FALSE(shore.bucket->complete_upload(key_of(hash), upload, etags).has_value());
    CHECK_FALSE(shore.lake->contains(hash).value());

    proxy.set(FaultProxy::State::down);
    const auto stored = shore.put(content);
    REQUIRE_FALSE(stored.has_value());
    CHECK(stored.error().code == Code::unavailable);
    proxy.set(FaultProxy::State::up);
    CHECK_FALSE(shore.lake->contains(hash).value());
    CHECK(shore.put(content).has_value());
    CHECK(shore.lake->read(hash, no_limit).value() == content);
}

TEST_CASE("reads at any offset and of any size give the stored bytes") {
    const Shore shore;
    const std::string content = random_text(11 << 20, 3);
    const auto stored = shore.put(content).value();
    const auto blob = shore.lake->open(stored.hash).value();
    CHECK(blob->size() == content.size());
    Rng rng(4);
    std::uniform_int_distribution<std::size_t> offsets(0, content.size() + 10);
    std::uniform_int_distribution<std::size_t> sizes(0, 2 << 20);
    for (int i = 0; i < 40; ++i) {
        const std::size_t offset = offsets(rng);
        std::string buffer(sizes(rng), '\0');
        const auto got = blob->read_at(offset, buffer);
        REQUIRE(got.has_value());
        const std::size_t left = content.size() - std::min(offset, content.size());
        REQUIRE(*got == std::min(buffer.size(), left));
        REQUIRE(std::string_view(buffer).substr(0, *got) ==
                std::string_view(content).substr(std::min(offset, content.size()), *got));
    }
    // From the begin to the end, with few requests.
    const std::size_t before = S3Server::shared().requests(shore.prefix).size();
    const auto again = shore.lake->open(stored.hash).value();
    BlobSource whole(*again);
    std::string piece(64 << 10, '\0');
    std::string all;
    for (;;) {
        const std::size_t size = whole.read(piece).value();
        if (size == 0) break;
        all.append(piece, 0, size);
    }
    CHECK(all == content);
    CHECK(S3Server::shared().requests(shore.prefix).size() - before <= 5);
}

TEST_CASE("bytes that are not those of the hash are corrupt, in a small blob and at the end of a large one") {
    const Shore shore;
    const std::string content = random_text(3 << 20, 5);
    std::string other = content;
    other.back() = static_cast<char>(other.back() + 1);
    const ContentHash large = ContentHash::of(content);
    const ContentHash small = ContentHash::of("small");
    shore.plant(key_of(large), other);
    shore.plant(key_of(small), "smell");
    const auto opened = shore.lake->open(small);
    REQUIRE_FALSE(opened.has_value());
    CHECK(opened.error().code == Code::corrupt);
    CHECK(opened.error().message.find(small.hex()) != std::string::npos);
    CHECK(shore.lake->read(large, no_limit).error().code == Code::corrupt);
    REQUIRE(shore.put("small").has_value());
    CHECK(shore.lake->read(small, no_limit).value() == "small");
}

TEST_CASE("of a large blob that is removed while it is open, reads are not_found") {
    const Shore shore;
    const auto stored = shore.put(random_text(3 << 20, 6)).value();
    const auto blob = shore.lake->open(stored.hash).value();
    REQUIRE(shore.lake->remove(stored.hash).has_value());
    std::string buffer(100, '\0');
    CHECK(blob->read_at(0, buffer).value() == 100);
    CHECK(blob->read_at(2 << 20, buffer).error().code == Code::not_found);
}

TEST_CASE("what else is in the bucket is not listed, also where it fills pages") {
    const Shore shore;
    const auto stored = shore.put("one").value();
    for (const char* const key : {"00/README", "zz/x", "a", "00/0000"}) shore.plant(key, "x");
    shore.plant(stored.hash.hex(), "not in its folder");
    for (const std::size_t limit : {1U, 2U, 100U}) {
        const auto listed = shore.lake->list({}, limit).value();
        REQUIRE(listed.size() == 1);
        CHECK(listed[0].hash == stored.hash);
        CHECK(listed[0].size_bytes == 3);
    }
}

TEST_CASE("wrong credentials and a missing bucket are an outage that says what is wrong, without secrets") {
    const TemporaryFolder folder;
    LakeConfig config = S3Server::shared().config("x");
    const auto failures_of = [&folder](const LakeConfig& of) {
        const auto lake = open_lake(of, folder.path()).value();
        MemorySource source("x");
        std::vector<Error> failures{lake->put(source, 10).error(), lake->open(ContentHash::of("x")).error(),
                                    lake->list({}, 1).error(), lake->remove(ContentHash::of("x")).error()};
        for (const Error& error : failures) {
            CHECK(error.code == Code::unavailable);
            CHECK(error.message.find("sEc") == std::string::npos);
            CHECK(error.message.find("t0ken") == std::string::npos);
        }
        return failures;
    };
    const auto not_signed = failures_of([&] {
        LakeConfig wrong = config;
        wrong.credentials.secret_key = "sEcond";
        return wrong;
    }());
    for (const Error& error : not_signed) CHECK(error.message.find("403 SignatureDoesNotMatch") != std::string::npos);
    config.url.replace(config.url.find("test-bucket"), 11, "other-one");
    const auto not_there = failures_of(config);
    for (const Error& error : not_there) CHECK(error.message.find("404 NoSuchBucket") != std::string::npos);
}

TEST_CASE("settings that cannot be right are refused before anything is asked") {
    LakeConfig config = S3Server::shared().config("x");
    config.credentials.secret_key.clear();
    CHECK(validate(config).error().code == Code::invalid_argument);
    config.credentials = {};
    CHECK(validate(config).has_value());
    config.proxy = "socks4://x";
    CHECK(validate(config).error().code == Code::invalid_argument);
    config.proxy.clear();
    config.url = "s3:/bucket";
    CHECK(validate(config).error().code == Code::invalid_argument);
    CHECK(validate(LakeConfig{}).has_value());
}

TEST_CASE("a server that cannot be reached is unavailable, whatever is asked") {
    const Shore shore(1);
    CHECK(shore.put("x").error().code == Code::unavailable);
    CHECK(shore.lake->open(ContentHash::of("x")).error().code == Code::unavailable);
    CHECK(shore.lake->contains(ContentHash::of("x")).error().code == Code::unavailable);
    CHECK(shore.lake->remove(ContentHash::of("x")).error().code == Code::unavailable);
    CHECK(shore.lake->list({}, 1).error().code == Code::unavailable);
}

TEST_CASE("through a bad network every content ends up whole and once, and nobody ever reads half of one") {
    FaultProxy proxy(S3Server::shared().port(), {.reset = 8, .lost = 8, .cut = 8, .refused = 8}, 11);
    const Shore shore(proxy.port());
    const Shore clear(S3Server::shared().port(), shore.prefix);
    constexpr int writers = 3;
    constexpr int blobs_each = 20;
    const auto content_of = [](int number) {
        return random_text(
            number % 10 == 0 ? (3 << 20) + static_cast<std::size_t>(number) : static_cast<std::size_t>(2'000 * number),
            static_cast<std::uint64_t>(number));
    };
    std::atomic<int> writing = writers;
    std::atomic<int> seen = 0;
    std::atomic<int> wrong = 0;
    std::thread reader([&] {
        do {
            for (int number = 0; number < writers * blobs_each; number += 10) {
                const std::string content = content_of(number);
                const auto read = clear.lake->read(ContentHash::of(content), no_limit);
                if (read) ++seen;
                if (read ? *read != content : read.error().code != Code::not_found) ++wrong;
            }
        } while (writing > 0);
    });
    std::atomic<int> failed = 0;
    std::vector<std::thread> threads;
    for (int writer = 0; writer < writers; ++writer) {
        threads.emplace_back([&, writer] {
            for (int i = 0; i < blobs_each; ++i) {
                const auto stored = shore.put(content_of(writer * blobs_each + i));
                if (stored) continue;
                ++failed;
                MESSAGE(stored.error().message);
            }
            --writing;
        });
    }
    for (std::thread& thread : threads) thread.join();
    reader.join();
    CHECK(failed.load() == 0);
    CHECK(wrong == 0);
    CHECK(seen > 0);
    CHECK(proxy.faults() > 10);
    CHECK(clear.lake->list({}, 1'000).value().size() == writers * blobs_each);
    for (int number = 0; number < writers * blobs_each; ++number) {
        const std::string content = content_of(number);
        CHECK(clear.lake->read(ContentHash::of(content), no_limit).value() == content);
    }
    // And read through it.
    const std::string large = content_of(10);
    CHECK(shore.lake->read(ContentHash::of(large), no_limit).value() == large);
}

TEST_CASE("content without end is refused at its limit, and leaves no file") {
    const Shore shore;
    MemorySource source("123456");
    CHECK(shore.lake->put(source, 5).error().code == Code::too_large);
    const std::string content = random_text(2 << 20, 8);
    MemorySource larger(content);
    CHECK(shore.lake->put(larger, content.size() - 1).error().code == Code::too_large);
    CHECK(shore.folder.files().empty());
}
