// The queue under test, and short words for what every promise does with it.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <chrono>
#include <iterator>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "contract/queue_contract.hpp"

namespace archaeologist {

using namespace std::chrono_literals;

inline constexpr auto lease_time = 10s;  // QueueOptions' default
inline constexpr auto backoff_cap = 600s;

class Desk {
public:
    explicit Desk(std::unique_ptr<QueueFixture> fixture) : fixture_(std::move(fixture)) {}

    [[nodiscard]] Queue& queue() { return fixture_->queue(); }
    [[nodiscard]] ManualClock& clock() { return fixture_->clock(); }
    [[nodiscard]] ProjectId other_project() const { return fixture_->other_project(); }

    [[nodiscard]] NewJob job(Priority priority = Priority::normal) const {
        NewJob wanted;
        wanted.project_id = fixture_->project();
        wanted.priority = priority;
        return wanted;
    }
    JobId accept(const NewJob& wanted) {
        const auto ids = queue().enqueue({&wanted, 1});
        REQUIRE(ids.has_value());
        REQUIRE(ids->size() == 1);
        return ids->front();
    }
    JobId accept() { return accept(job()); }

    std::vector<Lease> claim(int limit = 1, const std::string& worker = "w1") {
        auto leases = queue().claim({.worker_id = worker, .limit = limit, .job_types = {}}, 0ms);
        REQUIRE(leases.has_value());
        return std::move(leases).value();
    }
    Lease claim_one(const std::string& worker = "w1") {
        auto leases = claim(1, worker);
        REQUIRE(leases.size() == 1);
        return leases.front();
    }
    // Moves time to where every retry and delay is due.
    Lease claim_later(const std::string& worker = "w1") {
        clock().advance(backoff_cap);
        return claim_one(worker);
    }

    HeartbeatReply beat(const Lease& lease, std::int64_t current = 0, std::int64_t total = 0,
                        const std::string& message = "") {
        const Beat one{lease.id, lease.epoch, current, total, message};
        auto reply = queue().heartbeat(lease.worker_id, {&one, 1});
        REQUIRE(reply.has_value());
        return std::move(reply).value();
    }
    Status settle(const Lease& lease, Outcome outcome) {
        return queue().settle(settlement_of(lease, std::move(outcome)));
    }

    Job get(JobId id) {
        auto found = queue().get(id);
        REQUIRE(found.has_value());
        return std::move(found).value();
    }
    JobStatus status(JobId id) { return get(id).status; }
    QueueStats stats() {
        auto counted = queue().stats();
        REQUIRE(counted.has_value());
        return std::move(counted).value();
    }

private:
    std::unique_ptr<QueueFixture> fixture_;
};

template <class T>
[[nodiscard]] Code code_of(const Result<T>& result) {
    REQUIRE_FALSE(result.has_value());
    CHECK_FALSE(result.error().message.empty());
    return result.error().code;
}

[[nodiscard]] inline std::vector<JobId> ids_of(const std::vector<Lease>& leases) {
    std::vector<JobId> ids;
    std::transform(leases.begin(), leases.end(), std::back_inserter(ids), [](const Lease& lease) { return lease.id; });
    return ids;
}

[[nodiscard]] inline Outcome failure(std::string message = "no luck") { return Failed{.message = std::move(message)}; }

// The parts of queue_contract.
void enqueue_promises(Desk& desk);
void order_promises(Desk& desk);
void lease_promises(Desk& desk);
void failure_promises(Desk& desk);
void final_promises(Desk& desk);
void batch_promises(Desk& desk);
void finish_claim_promises(Desk& desk);
void thread_promises(Desk& desk);
void retry_promises(Desk& desk);
void removal_promises(Desk& desk);
void priority_promises(Desk& desk);
void bulk_promises(Desk& desk);
void settings_promises(Desk& desk);
void limit_promises(Desk& desk);
void periodic_promises(Desk& desk);
void once_promises(Desk& desk);
void suspect_promises(Desk& desk);
void worker_promises(Desk& desk);
void wait_promises(Desk& desk);

}  // namespace archaeologist
