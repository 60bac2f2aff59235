#include <doctest/doctest.h>

#include <thread>

#include "archaeologist/lake.hpp"
#include "lake/local.hpp"
#include "lake/memory.hpp"
#include "support/s3_server.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

constexpr std::uint64_t no_limit = ~std::uint64_t{0};

ContentHash put(Lake& lake, const std::string& content) {
    MemorySource source(content);
    return lake.put(source, no_limit).value().hash;
}

std::string content_of(int number) {
    return std::string(static_cast<std::size_t>(number % 100), 'x') + std::to_string(number);
}

void fill(Lake& lake, int begin, int end) {
    for (int number = begin; number < end; ++number) put(lake, content_of(number));
}

// Fails, or gives other bytes than it was given, when told to.
class BrokenLake final : public Lake {
public:
    [[nodiscard]] Result<std::unique_ptr<BlobWriter>> begin(std::uint64_t size_max) override {
        if (puts_left == 0) return Error{Code::unavailable, "the lake is away"};
        if (puts_left > 0) --puts_left;
        return lake.begin(size_max);
    }
    [[nodiscard]] Result<std::unique_ptr<Blob>> open(const ContentHash& hash) override {
        if (hash == damaged) return lake.open(instead);
        return lake.open(hash);
    }
    [[nodiscard]] Result<bool> contains(const ContentHash& hash) override { return lake.contains(hash); }
    [[nodiscard]] Status remove(const ContentHash& hash) override { return lake.remove(hash); }
    [[nodiscard]] Result<std::vector<StoredBlob>> list(const std::optional<ContentHash>& after,
                                                       std::size_t limit) override {
        return lake.list(after, limit);
    }

    MemoryLake lake;
    std::atomic<int> puts_left = -1;
    ContentHash damaged;
    ContentHash instead;
};

}  // namespace

TEST_CASE("a copy brings what is missing, counts it and reads samples back") {
    MemoryLake from;
    MemoryLake to;
    fill(from, 0, 2'500);
    fill(to, 1'000, 1'200);
    put(to, "of its own");
    LakeCopyProgress last;
    const auto report =
        copy_lake(from, to, {.threads = 4, .samples = 30}, [&last](const LakeCopyProgress& now) { last = now; });
    REQUIRE(report.has_value());
    CHECK(report->is_whole());
    CHECK(report->done.blobs_found == 2'500);
    CHECK(report->done.blobs_present == 200);
    CHECK(report->done.blobs_copied == 2'300);
    CHECK(report->done.blobs_counted == 2'500);
    CHECK(report->done.blobs_sampled == 30);
    CHECK(last.blobs_counted == 2'500);
    CHECK(to.list({}, 10'000).value().size() == 2'501);
    for (int number = 0; number < 2'500; number += 100) {
        CHECK(to.read(ContentHash::of(content_of(number)), no_limit).value() == content_of(number));
    }
}

TEST_CASE("a copy of nothing is whole") {
    MemoryLake from;
    MemoryLake to;
    CHECK(copy_lake(from, to).value().is_whole());
}

TEST_CASE("a copy that an outage ended goes on where it was") {
    MemoryLake from;
    BrokenLake to;
    fill(from, 0, 300);
    to.puts_left = 120;
    const auto ended = copy_lake(from, to);
    REQUIRE_FALSE(ended.has_value());
    CHECK(ended.error().code == Code::unavailable);
    to.puts_left = -1;
    const auto report = copy_lake(from, to).value();
    CHECK(report.is_whole());
    CHECK(report.done.blobs_present == 120);
    CHECK(report.done.blobs_copied == 180);
}

TEST_CASE("a copy that is stopped says so") {
    MemoryLake from;
    MemoryLake to;
    fill(from, 0, 10);
    const std::atomic<bool> stop = true;
    CHECK(copy_lake(from, to, {.stop = &stop}).error().code == Code::cancelled);
    CHECK(copy_lake(from, to, {.threads = 0}).error().code == Code::invalid_argument);
    CHECK(copy_lake(from, to, {.threads = 65}).error().code == Code::invalid_argument);
}

TEST_CASE("a blob that is damaged is named, and the others are copied") {
    BrokenLake from;
    MemoryLake to;
    fill(from.lake, 0, 50);
    from.damaged = ContentHash::of(content_of(7));
    from.instead = ContentHash::of(content_of(8));
    const auto report = copy_lake(from, to).value();
    CHECK_FALSE(report.is_whole());
    CHECK(report.blobs_missing == 1);
    REQUIRE(report.problems.size() == 1);
    CHECK(report.problems[0].hash == from.damaged);
    CHECK(report.problems[0].error.code == Code::corrupt);
    CHECK(to.list({}, 100).value().size() == 49);
}

TEST_CASE("a copy whose bytes are not those of the original is noticed when it is read back") {
    MemoryLake from;
    BrokenLake to;
    fill(from, 0, 20);
    to.damaged = ContentHash::of(content_of(3));
    to.instead = ContentHash::of(content_of(4));
    const auto report = copy_lake(from, to).value();
    CHECK(report.blobs_missing == 0);
    CHECK(report.problem_count == 1);
    CHECK(report.done.blobs_sampled == 19);
}

TEST_CASE("a blob of another size is copied again") {
    const TemporaryFolder folder;
    MemoryLake from;
    const auto to = open_local_lake(folder.path()).value();
    const std::string hex = put(from, "whole").hex();
    folder.write("lake/" + hex.substr(0, 2) + "/" + hex, "who");
    const auto report = copy_lake(from, *to).value();
    CHECK(report.is_whole());
    CHECK(report.done.blobs_copied == 1);
    CHECK(to->read(ContentHash::of("whole"), 10).value() == "whole");
}

TEST_CASE("a local lake moves to S3 and back") {
    const TemporaryFolder folder;
    const auto local = open_local_lake(folder.path("a")).value();
    const auto back = open_local_lake(folder.path("b")).value();
    S3Server& server = S3Server::shared();
    const auto bucket = open_lake(server.config(server.fresh_prefix()), folder.path("a")).value();
    fill(*local, 0, 60);
    CHECK(copy_lake(*local, *bucket).value().done.blobs_copied == 60);
    CHECK(copy_lake(*local, *bucket).value().done.blobs_present == 60);
    CHECK(copy_lake(*bucket, *back).value().is_whole());
    CHECK(folder.files("a/lake").size() == 60);
    CHECK(folder.files("b/lake").size() == 60);
}
