// The queue's durable settings in the catalog's tables: order, limits, periodic jobs, idempotency keys.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "archaeologist/queue.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::sqlite_queue {

[[nodiscard]] Result<QueueSettings> settings(sqlite::Connection& tx);
[[nodiscard]] Status set_paused(sqlite::Connection& tx, bool paused);
// Errors: conflict.
[[nodiscard]] Status set_order(sqlite::Connection& tx, const QueueOrder& order);
// Errors: invalid_argument (too many).
[[nodiscard]] Status set_limit(sqlite::Connection& tx, const ConcurrencyLimit& limit);
// Moves a page of a project's jobs to the lanes that its limit made. A limit holds for those that were not moved yet, too;
// until then they may stand before others that could run. Returns where to go on; nothing at the end.
[[nodiscard]] Result<std::optional<JobId>> move_to_lanes(sqlite::Connection& tx, ProjectId project, JobId after);
// Errors: not_found.
[[nodiscard]] Status remove_limit(sqlite::Connection& tx, const ConcurrencyLimit& limit);

[[nodiscard]] Result<std::vector<PeriodicJob>> periodic(sqlite::Connection& tx);
// Errors: invalid_argument (too many).
[[nodiscard]] Status set_periodic(sqlite::Connection& tx, const PeriodicJob& periodic, TimePoint now);
// Errors: not_found.
[[nodiscard]] Status remove_periodic(sqlite::Connection& tx, std::string_view name);
// Makes the jobs of those that are due, one each.
[[nodiscard]] Status make_periodic(sqlite::Connection& tx, TimePoint now);

// What a call with the key was answered before; nothing for a new key. `other` is the error of a key that came with another
// fingerprint.
[[nodiscard]] Result<std::optional<std::string>> known_reply(sqlite::Connection& tx, const IdempotencyKey& key,
                                                             std::string_view fingerprint, const Error& other,
                                                             TimePoint now);
[[nodiscard]] Status keep_reply(sqlite::Connection& tx, const IdempotencyKey& key, std::string_view fingerprint,
                                std::string_view reply, TimePoint now);
// The same for jobs. The ids that the key gave before; nothing for a new key. Errors: invalid_argument (other jobs).
[[nodiscard]] Result<std::optional<std::vector<JobId>>> known_key(sqlite::Connection& tx, const IdempotencyKey& key,
                                                                  std::string_view fingerprint, TimePoint now);
[[nodiscard]] Status keep_key(sqlite::Connection& tx, const IdempotencyKey& key, std::string_view fingerprint,
                              const std::vector<JobId>& ids, TimePoint now);

}  // namespace archaeologist::sqlite_queue
