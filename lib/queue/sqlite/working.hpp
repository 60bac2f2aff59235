// Who works on the queue, within one transaction.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/job.hpp"
#include "archaeologist/result.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::sqlite_queue {

// The process whose worker has the id.
[[nodiscard]] Result<std::optional<std::string>> process_of(sqlite::Connection& tx, std::string_view worker_id);
[[nodiscard]] Status add_worker(sqlite::Connection& tx, std::string_view worker_id, std::string_view process,
                                TimePoint now);
[[nodiscard]] Status forget_worker(sqlite::Connection& tx, std::string_view worker_id, std::string_view process);
// All of a process.
[[nodiscard]] Status forget_workers(sqlite::Connection& tx, std::string_view process);
[[nodiscard]] Result<std::vector<std::string>> working_processes(sqlite::Connection& tx);
// The jobs that a process's workers hold.
[[nodiscard]] Result<std::vector<JobId>> leased_by(sqlite::Connection& tx, std::string_view process);

}  // namespace archaeologist::sqlite_queue
