// What a queue must do, written down a second time: from the design's sentences, not from lib/. The simulation tells it
// every call with the queue's reply; it says which reply was wrong.
//
// Where the queue may choose (the jitter of a backoff), the model knows the bounds: such a job is ready from `ready_from`
// on at the earliest and from `ready_by` on for certain.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archaeologist/queue.hpp"

namespace archaeologist::sim {

enum class Phase { queued, running, waiting, completed, failed, cancelled };

[[nodiscard]] constexpr bool is_over(Phase phase) { return phase >= Phase::completed; }

struct ModelJob {
    JobId id;
    std::string job_type;
    ProjectId project_id{};
    Priority priority = Priority::normal;
    int max_retries = 0;
    std::chrono::milliseconds timeout{0};
    std::optional<JobId> parent_id;
    std::optional<JobId> retry_of;
    TimePoint arrived_at{};  // or scheduled, where that is later
    std::int64_t score = 0;

    Phase phase = Phase::queued;
    TimePoint ready_from{};
    TimePoint ready_by{};
    std::uint64_t epoch = 0;
    std::string worker_id;
    TimePoint lease_until{};
    TimePoint deadline{};
    int retries = 0;
    int crashes = 0;
    std::size_t claims = 0;
    std::string last_end;  // of its newest attempt that ended
    std::vector<JobId> children;

    [[nodiscard]] bool is_suspect() const { return crashes >= 2; }
    [[nodiscard]] std::pair<std::int64_t, JobId> place() const { return {score, id}; }
};

class Model {
public:
    explicit Model(const QueueOptions& options) : options_(options) {}

    // The first thing that was wrong; empty while all is well.
    [[nodiscard]] const std::string& complaint() const { return complaint_; }

    // Each takes a call, the reply, and when it was.
    void enqueued(std::span<const NewJob> jobs, const Result<std::vector<JobId>>& reply, TimePoint now);
    void claimed(const ClaimRequest& request, const std::vector<Lease>& leases, TimePoint now);
    void settled(const Settlement& settlement, const Status& reply, TimePoint now);
    void beaten(std::string_view worker_id, std::span<const Beat> beats, const HeartbeatReply& reply, TimePoint now);
    void cancelled(JobId id, const Status& reply, TimePoint now);
    void retried(JobId id, const Result<JobId>& reply, TimePoint now);
    void removed(JobId id, const Status& reply);
    void reprioritised(JobId id, Priority priority, const Status& reply);
    void bulk_cancelled(ProjectId project, std::string_view job_type, const BulkReply& reply, TimePoint now);
    void paused(bool is_paused) { is_paused_ = is_paused; }
    void limited(const ConcurrencyLimit& limit, std::optional<std::int64_t> running_max);

    void never_finished(JobId id) { expect(false, jobs_.at(id), "was accepted and never finishes"); }

    // What the queue shows of a job, or of all, is what the model expects.
    void compare(Queue& queue, JobId id);
    void compare_all(Queue& queue, TimePoint now);

    [[nodiscard]] const std::map<JobId, ModelJob*>& unfinished() const { return unfinished_; }
    [[nodiscard]] const std::vector<JobId>& finished() const { return finished_; }  // some removed meanwhile
    [[nodiscard]] const ModelJob* find(JobId id) const;
    [[nodiscard]] std::size_t count_scheduled() const;
    [[nodiscard]] std::size_t count_running() const;
    [[nodiscard]] const std::set<JobId>& touched() const { return touched_; }
    void forget_touched() { touched_.clear(); }

private:
    void complain(const std::string& what);
    void expect(bool holds, const ModelJob& job, std::string_view what);
    [[nodiscard]] static std::string described(const ModelJob& job);
    ModelJob& insert(const NewJob& wanted, TimePoint now);
    void finish(ModelJob& job, Phase phase, std::string_view how);
    void finish_if_done(std::optional<JobId> batch);
    void put_back(ModelJob& job, TimePoint from, TimePoint by, std::string_view how);
    void fail_or_retry(ModelJob& job, TimePoint now, std::string_view how_retried, std::string_view how_failed);
    void start_running(ModelJob& job);
    bool stop_running(ModelJob& job);  // whether it ran
    void apply(ModelJob& job, const Outcome& outcome, TimePoint now);
    void expand(ModelJob& job, const Expanded& expanded, TimePoint now);
    void expire(TimePoint now);
    void promote(TimePoint now);
    void cancel_tree(ModelJob& top);
    [[nodiscard]] bool is_all_over(const ModelJob& job) const;
    void forget_tree(JobId id);

    // Of claimed().
    struct Claim;
    void take(Claim& claim, const Lease& lease, TimePoint now);
    void check_lease(const Claim& claim, const ModelJob& job, const Lease& lease, TimePoint now);
    void check_left(const Claim& claim, TimePoint now);
    [[nodiscard]] bool has_room(const ModelJob& job) const;
    [[nodiscard]] bool is_wanted(const ModelJob& job, const ClaimRequest& request) const;
    [[nodiscard]] bool is_left_rightly(const Claim& claim, const ModelJob& job) const;

    const QueueOptions options_;
    std::string complaint_;
    std::map<JobId, ModelJob> jobs_;
    std::map<JobId, ModelJob*> unfinished_;
    std::map<JobId, ModelJob*> running_;
    std::map<ProjectId, std::int64_t> running_by_project_;
    std::map<std::string, std::int64_t, std::less<>> running_by_type_;
    std::vector<JobId> finished_;
    std::set<JobId> touched_;
    std::map<ProjectId, std::int64_t> fair_ms_;
    std::uint64_t last_epoch_ = 0;
    bool is_paused_ = false;
    std::map<ProjectId, std::int64_t> project_limits_;
    std::map<std::string, std::int64_t, std::less<>> type_limits_;
};

}  // namespace archaeologist::sim
