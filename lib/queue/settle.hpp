// What the end of an attempt means for its job: the decisions every queue shares. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "archaeologist/queue.hpp"
#include "job/state_machine.hpp"
#include "queue/requests.hpp"

namespace archaeologist {

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

// Whether an outcome makes jobs ready at once, for others to claim.
[[nodiscard]] constexpr bool makes_ready(const Outcome& outcome) {
    return std::holds_alternative<Released>(outcome) || std::holds_alternative<Expanded>(outcome);
}

// Why a lease ended without a settlement. A lease that was renewed up to its deadline timed out; any other belonged to
// a worker that died or hung; `death` is known to be one.
enum class Expiry : std::uint8_t { lease, deadline, death };
[[nodiscard]] Expiry expiry_of(TimePoint lease_until, TimePoint deadline);

// An expired lease puts its job back at once and spends no retry. After two crashes the job is a suspect, which runs alone
// on its worker (pick.hpp), and the third crash fails it: a job that kills its workers must not go on doing so. A deadline
// spends a retry, with backoff.
[[nodiscard]] constexpr bool is_suspect(int crash_count) { return crash_count >= QueueLimits::crashes_max - 1; }
[[nodiscard]] Decision on_lease_expired(const Running& job, Expiry expiry, std::string_view worker_id,
                                        std::chrono::seconds timeout, TimePoint now, const QueueOptions& options,
                                        Rng& rng);

// The end of a claim's lease, or of its renewal.
[[nodiscard]] TimePoint lease_end(TimePoint now, TimePoint deadline, const QueueOptions& options);

// How long a finished job is kept; nothing = for ever, or not finished.
[[nodiscard]] std::optional<std::chrono::milliseconds> kept_for(const Retention& retention, State state);

// How a batch's children ended; the batch's result.
struct ChildCounts {
    std::int64_t children = 0;
    std::int64_t completed = 0;
    std::int64_t failed = 0;
    std::int64_t cancelled = 0;
};
[[nodiscard]] std::string to_json(const ChildCounts& counts);

}  // namespace archaeologist
