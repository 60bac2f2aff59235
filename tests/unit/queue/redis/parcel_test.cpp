#include "queue/redis/parcel.hpp"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "catalog/catalog.hpp"
#include "lake/memory.hpp"
#include "queue/redis.hpp"
#include "queue/redis_worker.hpp"
#include "support/manual_clock.hpp"
#include "support/redis_server.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

std::unique_ptr<redis::Client> client_of(const RedisServer& server) {
    redis::ClientOptions options;
    options.retry_max = 300ms;
    return redis::Client::open(redis::parse_url(server.url()).value(), options);
}

// What the lake holds, and what reaches for it.
class WatchedLake final : public Lake {
public:
    [[nodiscard]] Result<std::unique_ptr<BlobWriter>> begin(std::uint64_t size_max) override {
        if (is_full) return Error{Code::storage_full, "no space left"};
        ARCHAEO_ASSIGN(auto writer, lake_.begin(size_max));
        return std::unique_ptr<BlobWriter>(std::make_unique<Writer>(std::move(writer), put_));
    }
    [[nodiscard]] Result<std::unique_ptr<Blob>> open(const ContentHash& hash) override {
        if (is_away) return Error{Code::io_error, "the lake is away"};
        return lake_.open(hash);
    }
    [[nodiscard]] Result<bool> contains(const ContentHash& hash) override { return lake_.contains(hash); }
    [[nodiscard]] Status remove(const ContentHash& hash) override { return lake_.remove(hash); }
    [[nodiscard]] Result<std::vector<StoredBlob>> list(const std::optional<ContentHash>& after,
                                                       std::size_t limit) override {
        return lake_.list(after, limit);
    }

    [[nodiscard]] const std::vector<ContentHash>& ever_put() const { return put_; }
    [[nodiscard]] std::size_t held() {
        std::size_t count = 0;
        for (const ContentHash& hash : put_) count += lake_.contains(hash).value_or(false) ? 1 : 0;
        return count;
    }

    std::atomic<bool> is_away = false;
    std::atomic<bool> is_full = false;

private:
    class Writer final : public BlobWriter {
    public:
        Writer(std::unique_ptr<BlobWriter> writer, std::vector<ContentHash>& put)
            : writer_(std::move(writer)), put_(put) {}
        [[nodiscard]] Status write(std::string_view bytes) override { return writer_->write(bytes); }
        [[nodiscard]] Result<StoredBlob> finish() override {
            ARCHAEO_ASSIGN(const auto stored, writer_->finish());
            put_.push_back(stored.hash);
            return stored;
        }

    private:
        std::unique_ptr<BlobWriter> writer_;
        std::vector<ContentHash>& put_;
    };

    MemoryLake lake_;
    std::vector<ContentHash> put_;
};

// A process with the catalog, and a worker without it; both reach the lake.
struct Hosts {
    Hosts() {
        start_catalog();
        worker = RedisWorkerQueue::open(*far_client, {.lake = &lake}, {}).value();
    }
    void start_catalog() {
        RedisQueueOptions options;
        options.broker.lake = &lake;
        queue = RedisQueue::open(*catalog, *client, options, clock, 7).value();
    }
    Lease accept_and_claim(JobId& id) {
        NewJob wanted;
        wanted.project_id = ProjectId{1};
        id = queue->enqueue({&wanted, 1}).value().front();
        auto leases = worker->claim({.worker_id = "far", .limit = 1, .job_types = {}}, 10s).value();
        REQUIRE(leases.size() == 1);
        return leases.front();
    }

    RedisServer server;
    TemporaryFolder folder;
    WatchedLake lake;
    ManualClock clock{system_clock().now()};
    std::unique_ptr<sqlite::Database> catalog = catalog::open(folder.path()).value();
    std::unique_ptr<redis::Client> client = client_of(server);
    std::unique_ptr<redis::Client> far_client = client_of(server);
    std::unique_ptr<RedisQueue> queue;
    std::unique_ptr<RedisWorkerQueue> worker;
};

std::string result_of(std::size_t bytes) { return R"({"text":")" + std::string(bytes - 11, 'x') + R"("})"; }

}  // namespace

TEST_CASE("a large result reaches the catalog through the lake, Redis holds its key alone, and then the blob goes") {
    Hosts hosts;
    JobId id;
    const Lease lease = hosts.accept_and_claim(id);
    hosts.queue.reset();
    const std::string result = result_of(1'000'000);
    REQUIRE(hosts.worker->complete(lease, result).has_value());
    CHECK(hosts.lake.held() == 1);
    CHECK(hosts.server.run({"HSTRLEN", "{archaeologist:0}:states", std::string(id.view())}).number() < 1'000);
    hosts.start_catalog();
    CHECK(hosts.queue->wait_for(id, 10s).value().result_data == result);
    CHECK(eventually([&] { return hosts.lake.held() == 0; }));
}

TEST_CASE("a result of 16 KB goes the short way, one byte more goes through the lake") {
    Hosts hosts;
    JobId id;
    const Lease lease = hosts.accept_and_claim(id);
    REQUIRE(hosts.worker->complete(lease, result_of(redis_queue::inline_result_bytes_max)).has_value());
    CHECK(hosts.queue->wait_for(id, 10s).value().result_data.size() == redis_queue::inline_result_bytes_max);
    CHECK(hosts.lake.ever_put().empty());
    const Lease another = hosts.accept_and_claim(id);
    REQUIRE(hosts.worker->complete(another, result_of(redis_queue::inline_result_bytes_max + 1)).has_value());
    CHECK(hosts.queue->wait_for(id, 10s).value().result_data.size() == redis_queue::inline_result_bytes_max + 1);
    CHECK(hosts.lake.ever_put().size() == 1);
}

TEST_CASE("a batch's long list of children goes through the lake") {
    Hosts hosts;
    JobId id;
    const Lease lease = hosts.accept_and_claim(id);
    NewJob child;
    child.job_data = result_of(1'000);
    REQUIRE(hosts.worker->settle(settlement_of(lease, Expanded{std::vector<NewJob>(100, child)})).has_value());
    CHECK(hosts.lake.ever_put().size() == 1);
    CHECK(eventually([&] { return hosts.queue->stats().value().queued == 100; }));
    CHECK(eventually([&] { return hosts.lake.held() == 0; }));
}

TEST_CASE("many large results at once are recorded page by page, and other jobs' ends with them") {
    Hosts hosts;
    std::vector<JobId> ids(12);
    std::vector<Settlement> settlements;
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Lease lease = hosts.accept_and_claim(ids[i]);
        settlements.push_back(settlement_of(lease, Completed{i % 3 == 2 ? "{}" : result_of(1'500'000 + i)}));
    }
    hosts.queue.reset();
    const auto reply = hosts.worker->finish_claim(settlements, {.worker_id = "far", .limit = 0, .job_types = {}});
    REQUIRE(reply.has_value());
    hosts.start_catalog();
    for (std::size_t i = 0; i < ids.size(); ++i) {
        const Job job = hosts.queue->wait_for(ids[i], 10s).value();
        CHECK(job.status == JobStatus::completed);
        CHECK(job.result_data == std::get<Completed>(settlements[i].outcome).result_data);
    }
    CHECK(eventually([&] { return hosts.lake.held() == 0; }));
}

TEST_CASE("while the lake cannot be read a large result waits for it, and small ones do not") {
    Hosts hosts;
    JobId large;
    JobId small;
    const Lease first = hosts.accept_and_claim(large);
    const Lease second = hosts.accept_and_claim(small);
    hosts.lake.is_away = true;
    REQUIRE(hosts.worker->complete(first, result_of(20'000)).has_value());
    REQUIRE(hosts.worker->complete(second, R"({"n":1})").has_value());
    hosts.clock.advance(1h);
    CHECK(hosts.queue->wait_for(small, 10s).value().status == JobStatus::completed);
    CHECK_FALSE(hosts.queue->get(large).value().is_finished());
    hosts.lake.is_away = false;
    CHECK(hosts.queue->wait_for(large, 10s).value().result_data == result_of(20'000));
}

TEST_CASE("a result that the lake has lost fails its job with that said, once it had time to show itself") {
    Hosts hosts;
    JobId id;
    const Lease lease = hosts.accept_and_claim(id);
    hosts.lake.is_away = true;
    REQUIRE(hosts.worker->complete(lease, result_of(20'000)).has_value());
    REQUIRE(hosts.lake.remove(hosts.lake.ever_put().front()).has_value());
    hosts.lake.is_away = false;
    CHECK_FALSE(hosts.queue->get(id).value().is_finished());
    hosts.clock.advance(1h);
    const Job job = hosts.queue->wait_for(id, 10s).value();
    CHECK(job.status == JobStatus::failed);
    CHECK(job.error_message.find("its result is lost: blob") != std::string::npos);
}

TEST_CASE("a result that the lake does not take is to be settled again") {
    Hosts hosts;
    JobId id;
    const Lease lease = hosts.accept_and_claim(id);
    hosts.lake.is_full = true;
    const Status refused = hosts.worker->complete(lease, result_of(20'000));
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == Code::unavailable);
    CHECK(refused.error().message.find("no space left") != std::string::npos);
    hosts.lake.is_full = false;
    REQUIRE(hosts.worker->complete(lease, result_of(20'000)).has_value());
    CHECK(hosts.queue->wait_for(id, 10s).value().status == JobStatus::completed);
}

TEST_CASE("a parcel is taken for no result, and no result for a parcel") {
    MemoryLake lake;
    const JobId id(Uuid::v7(system_clock().now()));
    const std::string words = redis_queue::post(lake, id, 5, "the words").value();
    const auto parcel = redis_queue::parcel_of(words);
    REQUIRE(parcel.has_value());
    CHECK(redis_queue::unpack(lake, *parcel, id, 5).value() == "the words");
    CHECK(redis_queue::unpack(lake, *parcel, id, 6).error().code == Code::corrupt);
    CHECK_FALSE(redis_queue::parcel_of(words + "x").has_value());
    CHECK_FALSE(redis_queue::parcel_of("{}").has_value());
    CHECK_FALSE(redis_queue::parcel_of("").has_value());
}
