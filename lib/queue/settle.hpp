// What the end of an attempt means for its job: the decisions every queue shares. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "archaeologist/queue.hpp"
#include "job/state_machine.hpp"

namespace archaeologist {

struct QueueLimits {
    static constexpr std::size_t enqueue_jobs_max = 10'000;
    static constexpr std::size_t children_max = 100'000;
    static constexpr std::size_t settlements_max = 256;
    static constexpr std::size_t beats_max = 4'096;
    static constexpr std::size_t worker_id_bytes_max = 200;
    static constexpr std::size_t job_types_max = 64;
    static constexpr int claim_max = 256;
    static constexpr std::size_t progress_bytes_max = 1 << 10;  // longer messages are cut
    static constexpr std::size_t attempts_kept_max = 100;       // the oldest are forgotten
    static constexpr std::chrono::milliseconds delay_max{3'600'000};
    static constexpr int crashes_max = 3;
};

// What a decision needs to know of a running job.
struct Running {
    int retry_count = 0;
    int max_retries = 0;
    int crash_count = 0;
};

struct Decision {
    State state = State::failed;
    std::optional<TimePoint> run_at;  // when queued again: not before; nothing = at once
    int retry_count = 0;
    int crash_count = 0;
    std::string error_message;  // the attempt's, and the job's from now on
    // "completed", "failed", "retried", "released", "delayed", "expanded", "lease_expired" or "timed_out"
    std::string_view attempt_outcome;
};

[[nodiscard]] Decision decide(const Running& job, const Outcome& outcome, TimePoint now, const QueueOptions& options,
                              Rng& rng);

// Why a lease ended without a settlement. A lease that was renewed up to its deadline timed out; any other belonged to
// a worker that died or hung.
enum class Expiry : std::uint8_t { lease, deadline };
[[nodiscard]] Expiry expiry_of(TimePoint lease_until, TimePoint deadline);

// An expired lease puts its job back at once and spends no retry, but the third crash fails it: a job that kills its
// workers must not go on doing so. A deadline spends a retry, with backoff.
[[nodiscard]] Decision on_lease_expired(const Running& job, Expiry expiry, std::string_view worker_id,
                                        std::chrono::seconds timeout, TimePoint now, const QueueOptions& options,
                                        Rng& rng);

// The end of a claim's lease, or of its renewal.
[[nodiscard]] TimePoint lease_end(TimePoint now, TimePoint deadline, const QueueOptions& options);

// How a batch's children ended; the batch's result.
struct ChildCounts {
    std::int64_t children = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;
};
[[nodiscard]] std::string to_json(const ChildCounts& counts);

// Errors: invalid_argument.
[[nodiscard]] Status validate_worker_id(std::string_view worker_id);
[[nodiscard]] Status validate(const ClaimRequest& request);
// For finish_claim, where limit 0 settles and claims nothing.
[[nodiscard]] Status validate_finish(std::span<const Settlement> settlements, const ClaimRequest& request);
// Errors: invalid_argument, too_large.
[[nodiscard]] Status validate(const Settlement& settlement);
[[nodiscard]] Status validate(std::span<const NewJob> jobs);
[[nodiscard]] Status validate_beats(std::string_view worker_id, std::span<const Beat> beats);

// The errors of a settlement or a cancel that comes too late, with the same words in every queue.
[[nodiscard]] Error lease_lost(const Settlement& settlement);
[[nodiscard]] Error no_such_job(JobId id);
[[nodiscard]] Error already_finished(JobId id, State state);

}  // namespace archaeologist
