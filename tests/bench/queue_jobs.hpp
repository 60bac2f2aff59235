// What the parts of the queue's benchmark share.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archaeologist/queue.hpp"
#include "bench/benchmarks.hpp"
#include "bench/figures.hpp"

namespace archaeologist::bench {

inline constexpr const char* noop_type = "noop";

// With payloads of 100 bytes.
[[nodiscard]] std::vector<NewJob> some_jobs(ProjectId project, std::uint64_t first, std::uint64_t count);

// A finished count in a worker runs ahead of the queue's: settling comes after the handler.
[[nodiscard]] Status wait_until_completed(Queue& queue, std::int64_t count);

// Enqueues, works them off and picks single ones up, as `options` say.
[[nodiscard]] Status measure_work(Queue& queue, ProjectId project, const QueueOptions& options, Figures& figures);

[[nodiscard]] Status measure_redis(const QueueOptions& options, Figures& figures);

// Two processes on one data folder: from the enqueue here to the handler's first instruction there, and from a kill -9 to the
// handler's first instruction in the process that is left.
[[nodiscard]] Status measure_processes(const std::string& data_dir, Figures& figures);

// The queue under a million waiting jobs of one project.
[[nodiscard]] Status measure_backlog(Queue& queue, ProjectId project, ProjectId other, std::uint64_t backlog,
                                     Figures& figures);

}  // namespace archaeologist::bench
