// Refuses requests that break a queue's rules, with the same words in every queue. Pure.
#pragma once

#include <chrono>
#include <cstddef>
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
    static constexpr std::size_t limits_max = 1'000;
    static constexpr std::int64_t running_max = 1'000'000;
    static constexpr std::size_t periodic_max = 1'000;
    static constexpr std::size_t name_bytes_max = 200;
    static constexpr std::size_t key_bytes_max = 255;
    static constexpr std::chrono::hours key_kept{24};
    static constexpr std::size_t selection_ids_max = 10'000;
    static constexpr std::chrono::milliseconds share_max{60'000};
    static constexpr std::int64_t due_counted_max = 10'000;  // by stats
    static constexpr std::int64_t sweep_jobs_max = 10'000;   // looked at in a call
};

// Errors: invalid_argument.
[[nodiscard]] Status validate_worker_id(std::string_view worker_id);
[[nodiscard]] Status validate(const ClaimRequest& request);
// For finish_claim, where limit 0 settles and claims nothing.
[[nodiscard]] Status validate_finish(std::span<const Settlement> settlements, const ClaimRequest& request);
// Errors: invalid_argument, too_large.
[[nodiscard]] Status validate(const Settlement& settlement);
[[nodiscard]] Status validate(std::span<const NewJob> jobs);
[[nodiscard]] Status validate_beats(std::string_view worker_id, std::span<const Beat> beats);
[[nodiscard]] Status validate(const QueueOrder& order);
[[nodiscard]] Status validate(const ConcurrencyLimit& limit);
[[nodiscard]] Status validate(const PeriodicJob& periodic);
[[nodiscard]] Status validate(const JobSelection& selection);
[[nodiscard]] Status validate(const IdempotencyKey& key);

// What two enqueues with the same key must agree in. 64 hexadecimal digits.
[[nodiscard]] std::string fingerprint(std::span<const NewJob> jobs);

// The errors of a request that comes too late or asks for what is not there.
[[nodiscard]] Error lease_lost(const Settlement& settlement);
[[nodiscard]] Error no_such_job(JobId id);
[[nodiscard]] Error already_finished(JobId id, State state);
[[nodiscard]] Error not_finished(JobId id, State state);
[[nodiscard]] Error has_unfinished_children(JobId id);
[[nodiscard]] Error already_started(JobId id, State state);
[[nodiscard]] Error key_of_other_jobs(const IdempotencyKey& key);
[[nodiscard]] Error key_of_other_files(const IdempotencyKey& key);
[[nodiscard]] Error has_unfinished_jobs();
[[nodiscard]] Error no_such_limit(const ConcurrencyLimit& limit);
[[nodiscard]] Error no_such_periodic(std::string_view name);
[[nodiscard]] Error too_many(std::string_view things, std::size_t count_max);
[[nodiscard]] Error worker_id_in_use(std::string_view worker_id);

}  // namespace archaeologist
