#include <doctest/doctest.h>

#include "archaeologist/config.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

Result<Config> read(std::string_view content) {
    const TemporaryFolder folder;
    return read_config(folder.write("settings.conf", content));
}

std::string refusal(std::string_view content) {
    const auto config = read(content);
    return config ? "taken" : config.error().message;
}

}  // namespace

TEST_CASE("a file of settings says what an engine is opened with, and leaves the rest at its default") {
    const auto config = read(
        "# comment\n"
        "data = \"/srv/a folder # with all\"  # and a comment\n"
        "queue = redis\n"
        "redis-url = redis://host:1\r\n"
        "queue-shards = 4\n"
        "lake = \"s3://bucket/of?region=eu\"\n"
        "s3-access-key = who\n"
        "s3-secret-key = hush\n"
        "lake-ca-file = /ca.pem\n"
        "concurrency = 3\n"
        "lease = 20\n"
        "file-max = 16M\n"
        "chunk-overlap = 0.25\n"
        "languages = de,fr\n"
        "log-level = warning");
    REQUIRE(config.has_value());
    CHECK(config->data_dir == "/srv/a folder # with all");
    CHECK(config->queue_place == QueuePlace::redis);
    CHECK(config->redis.url == "redis://host:1");
    CHECK(config->redis.shards == 4);
    CHECK(config->lake.url == "s3://bucket/of?region=eu");
    CHECK(config->lake.credentials.access_key == "who");
    CHECK(config->lake.credentials.secret_key == "hush");
    CHECK(config->lake.ca_file == "/ca.pem");
    CHECK(config->workers == 3);
    CHECK(config->queue.lease == 20s);
    CHECK(config->limits.file_bytes_max == 16 << 20);
    CHECK(config->chunks.overlap == doctest::Approx(0.25));
    CHECK(config->languages == "de,fr");
    CHECK(config->log_level == LogLevel::warning);
    CHECK(config->heartbeat == Config{}.heartbeat);
}

TEST_CASE("what a file of settings says wrongly is named with its line") {
    CHECK(refusal("\nworkers = 3").find("line 2: \"workers\" is no setting") != std::string::npos);
    CHECK(refusal("lease = 5\nlease = 6").find("line 2: lease is said twice") != std::string::npos);
    CHECK(refusal("lease = 0").find("lease is \"0\", must be a number from 1 to") != std::string::npos);
    CHECK(refusal("lease = 5s").find("lease is \"5s\"") != std::string::npos);
    CHECK(refusal("file-max = 99999999999G").find("must be bytes") != std::string::npos);
    CHECK(refusal("queue = sql").find("must be kept, sqlite or redis") != std::string::npos);
    CHECK(refusal("data = \"open").find("must end with a quote") != std::string::npos);
    CHECK(refusal("data").find("must be a line NAME = VALUE") != std::string::npos);
    CHECK(refusal("languages = german").find("languages is \"german\", must be auto or codes") != std::string::npos);
    CHECK(refusal("chunk-overlap = nan").find("must be a number from 0 to 0.5") != std::string::npos);
}

TEST_CASE("a file of settings that is not there is not_found, and one that is too long too_large") {
    CHECK(read_config("/nowhere/settings.conf").error().code == Code::not_found);
    CHECK(read(std::string((1 << 20) + 1, '#')).error().code == Code::too_large);
}
