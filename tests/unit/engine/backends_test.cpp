#include "engine/backends.hpp"

#include <doctest/doctest.h>

#include "archaeologist/engine.hpp"
#include "lake/memory.hpp"
#include "support/temporary_folder.hpp"
#include "vector/memory.hpp"

using namespace archaeologist;

namespace {

const std::shared_ptr<Embedder> builtin = make_builtin_embedder();

// Answers as it is told to.
class ProbedLake final : public Lake {
public:
    [[nodiscard]] Result<std::unique_ptr<BlobWriter>> begin(std::uint64_t size_max) override {
        if (failure) return *failure;
        return lake_.begin(size_max);
    }
    [[nodiscard]] Result<std::unique_ptr<Blob>> open(const ContentHash& hash) override { return lake_.open(hash); }
    [[nodiscard]] Result<bool> contains(const ContentHash& hash) override { return lake_.contains(hash); }
    [[nodiscard]] Status remove(const ContentHash& hash) override { return lake_.remove(hash); }
    [[nodiscard]] Result<std::vector<StoredBlob>> list(const std::optional<ContentHash>& after,
                                                       std::size_t limit) override {
        return lake_.list(after, limit);
    }
    [[nodiscard]] Status probe() override {
        ++probes;
        if (failure) return *failure;
        return {};
    }

    std::optional<Error> failure;
    int probes = 0;

private:
    MemoryLake lake_;
};

const std::unique_ptr<VectorStore> vectors = make_memory_store(4);

std::string advice_for(std::string said) {
    ProbedLake lake;
    lake.failure = Error{Code::unavailable, std::move(said)};
    Config config;
    config.lake.url = "s3://bucket";
    return Backends(config).reach(lake, *vectors, *builtin).at(0).advice;
}

}  // namespace

TEST_CASE("a lake in the data folder is no backend") {
    ProbedLake lake;
    const Config config;
    CHECK(Backends(config).reach(lake, *vectors, *builtin).empty());
    CHECK(lake.probes == 0);
}

TEST_CASE("who asks again within a second gets the same answer, and an outage is logged once") {
    std::vector<std::string> said;
    Config config;
    config.lake.url = "s3://bucket";
    config.log = [&said](const LogRecord& record) { said.emplace_back(record.message); };
    Backends backends(config);
    ProbedLake lake;
    lake.failure = Error{Code::unavailable, "GET http://host/bucket: nobody there"};
    for (int i = 0; i < 3; ++i) {
        const auto checks = backends.reach(lake, *vectors, *builtin);
        REQUIRE(checks.size() == 1);
        CHECK(checks[0].name == "lake");
        CHECK(checks[0].verdict == Check::Verdict::bad);
        CHECK(checks[0].found == "GET http://host/bucket: nobody there");
    }
    CHECK(lake.probes == 1);
    CHECK(said == std::vector<std::string>{"lake: GET http://host/bucket: nobody there"});
}

TEST_CASE("what the lake's server says becomes an advice") {
    CHECK(advice_for("GET http://h/b: 404 NoSuchBucket: …") == "make the bucket, or name another");
    CHECK(advice_for("GET http://h/b: 403 RequestTimeTooSkewed: …").find("clock") != std::string::npos);
    CHECK(advice_for("GET http://h/b: 403 AccessDenied").find("$AWS_ACCESS_KEY_ID") != std::string::npos);
    CHECK(advice_for("GET http://h/b: 301 PermanentRedirect: …").find("region") != std::string::npos);
    CHECK(advice_for("GET https://h/b: SSL certificate problem").find("certificate") != std::string::npos);
    CHECK(advice_for("GET http://h/b: Couldn't connect").find("see that it runs") != std::string::npos);
}

TEST_CASE("doctor stores and removes a blob of its own, and warns of contents in clear") {
    ProbedLake lake;
    Config config;
    config.lake.url = "s3://bucket?endpoint=https://h";
    CHECK(probe_lake_elsewhere(config, lake, system_clock()).verdict == Check::Verdict::good);
    CHECK(lake.list({}, 10).value().empty());
    config.lake.url = "s3://bucket?endpoint=http://10.0.0.1";
    CHECK(probe_lake_elsewhere(config, lake, system_clock()).verdict == Check::Verdict::warning);
    config.lake.url = "s3://bucket?endpoint=http://127.0.0.1:9000";
    CHECK(probe_lake_elsewhere(config, lake, system_clock()).verdict == Check::Verdict::good);
    lake.failure = Error{Code::unavailable, "away"};
    CHECK(probe_lake_elsewhere(config, lake, system_clock()).verdict == Check::Verdict::bad);
}
