// A queue that tells a test whenever something happened, and fails or holds calls when asked to.
#pragma once

#include <atomic>
#include <chrono>
#include <functional>

#include "archaeologist/queue.hpp"
#include "base/mutex.hpp"

namespace archaeologist {

// Thread-safe.
class ObservedQueue final : public Queue {
public:
    explicit ObservedQueue(Queue& queue) : queue_(queue) {}

    // How many of the coming calls answer `unavailable`.
    std::atomic<int> heartbeats_to_fail = 0;
    std::atomic<int> settlements_to_fail = 0;
    std::atomic<int> claims_to_fail = 0;

    // Claims that wait do not return until they are let go.
    void hold_claims() { set_held(Hold::yes); }
    void let_claims_go() { set_held(Hold::no); }
    [[nodiscard]] int claims_held() {
        const MutexLock lock(mutex_);
        return claims_held_;
    }

    [[nodiscard]] int claims_under_way() const { return claims_under_way_; }

    // Waits until the predicate holds, looking again after every call; false after 30 s.
    [[nodiscard]] bool eventually(const std::function<bool()>& holds) {
        const auto give_up_at = std::chrono::steady_clock::now() + std::chrono::seconds{30};
        while (std::chrono::steady_clock::now() < give_up_at) {
            if (holds()) return true;
            const MutexLock lock(mutex_);
            happened_.wait_for(mutex_, std::chrono::milliseconds{20});
        }
        return holds();
    }

    [[nodiscard]] Result<std::vector<JobId>> enqueue(std::span<const NewJob> jobs) override {
        return told(queue_.enqueue(jobs));
    }
    [[nodiscard]] Result<std::vector<JobId>> enqueue_once(const IdempotencyKey& key,
                                                          std::span<const NewJob> jobs) override {
        return told(queue_.enqueue_once(key, jobs));
    }
    [[nodiscard]] Result<std::vector<Lease>> claim(const ClaimRequest& request,
                                                   std::chrono::milliseconds wait) override {
        ++claims_under_way_;
        wait_while_held();
        auto leases = takes_one(claims_to_fail) ? unavailable() : queue_.claim(request, wait);
        --claims_under_way_;
        return told(std::move(leases));
    }
    [[nodiscard]] Result<FinishClaimReply> finish_claim(std::span<const Settlement> settlements,
                                                        const ClaimRequest& request) override {
        if (takes_one(settlements_to_fail)) return unavailable();
        return told(queue_.finish_claim(settlements, request));
    }
    [[nodiscard]] Status settle(const Settlement& settlement) override { return told(queue_.settle(settlement)); }
    [[nodiscard]] Result<HeartbeatReply> heartbeat(std::string_view worker_id, std::span<const Beat> beats) override {
        if (takes_one(heartbeats_to_fail)) return unavailable();
        return told(queue_.heartbeat(worker_id, beats));
    }
    [[nodiscard]] Status cancel(JobId id) override { return told(queue_.cancel(id)); }
    [[nodiscard]] Result<JobId> retry(JobId id) override { return told(queue_.retry(id)); }
    [[nodiscard]] Status remove(JobId id) override { return told(queue_.remove(id)); }
    [[nodiscard]] Status set_priority(JobId id, Priority priority) override {
        return told(queue_.set_priority(id, priority));
    }
    [[nodiscard]] Result<BulkReply> bulk(const JobSelection& selection, BulkAction action,
                                         Priority priority = Priority::normal) override {
        return told(queue_.bulk(selection, action, priority));
    }
    [[nodiscard]] Result<Job> get(JobId id) override { return queue_.get(id); }
    [[nodiscard]] Result<Job> wait_for(JobId id, std::chrono::milliseconds wait) override {
        return queue_.wait_for(id, wait);
    }
    [[nodiscard]] Result<QueueStats> stats() override { return queue_.stats(); }
    [[nodiscard]] Status pause() override { return told(queue_.pause()); }
    [[nodiscard]] Status resume() override { return told(queue_.resume()); }
    [[nodiscard]] Status set_order(const QueueOrder& order) override { return told(queue_.set_order(order)); }
    [[nodiscard]] Status set_limit(const ConcurrencyLimit& limit) override { return told(queue_.set_limit(limit)); }
    [[nodiscard]] Status remove_limit(const ConcurrencyLimit& limit) override {
        return told(queue_.remove_limit(limit));
    }
    [[nodiscard]] Result<QueueSettings> settings() override { return queue_.settings(); }
    [[nodiscard]] Status set_periodic(const PeriodicJob& periodic) override {
        return told(queue_.set_periodic(periodic));
    }
    [[nodiscard]] Status remove_periodic(std::string_view name) override { return told(queue_.remove_periodic(name)); }
    [[nodiscard]] Result<std::vector<PeriodicJob>> periodic() override { return queue_.periodic(); }
    [[nodiscard]] Status join(std::string_view worker_id) override { return told(queue_.join(worker_id)); }
    void leave(std::string_view worker_id) override { queue_.leave(worker_id); }
    [[nodiscard]] Result<std::vector<WorkerRecord>> workers() override { return queue_.workers(); }
    [[nodiscard]] Result<std::int64_t> sweep() override { return told(queue_.sweep()); }
    void interrupt() override { queue_.interrupt(); }

private:
    enum class Hold { no, yes };

    static Error unavailable() { return {Code::unavailable, "queue: not reachable, said the test"}; }
    static bool takes_one(std::atomic<int>& count) {
        int left = count;
        while (left > 0 && !count.compare_exchange_weak(left, left - 1)) continue;
        return left > 0;
    }
    template <class Reply>
    Reply told(Reply reply) {
        const MutexLock lock(mutex_);
        happened_.notify_all();
        return reply;
    }
    void set_held(Hold hold) {
        const MutexLock lock(mutex_);
        is_held_ = hold == Hold::yes;
        happened_.notify_all();
    }
    void wait_while_held() {
        const MutexLock lock(mutex_);
        ++claims_held_;
        while (is_held_) happened_.wait(mutex_);
        --claims_held_;
    }

    Queue& queue_;
    std::atomic<int> claims_under_way_ = 0;
    Mutex mutex_;
    Condition happened_;
    bool is_held_ ARCHAEO_GUARDED_BY(mutex_) = false;
    int claims_held_ ARCHAEO_GUARDED_BY(mutex_) = 0;
};

}  // namespace archaeologist
