// Retrying, removing, reprioritising and sweeping jobs, within one transaction each.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "archaeologist/queue.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::sqlite_queue {

// Errors: not_found, conflict.
[[nodiscard]] Result<JobId> retry(sqlite::Connection& tx, JobId id, TimePoint now);
// With the children of a batch. Returns how many jobs it forgot. Errors: not_found, conflict.
[[nodiscard]] Result<std::int64_t> remove(sqlite::Connection& tx, JobId id);
// Errors: not_found, conflict.
[[nodiscard]] Status set_priority(sqlite::Connection& tx, JobId id, Priority priority);

// The jobs a bulk action means, by id; of a filter those that were there at the first page, so that the jobs it makes
// are not among them. `selection` must outlive it.
class Pages {
public:
    explicit Pages(const JobSelection& selection);
    // Empty at the end.
    [[nodiscard]] Result<std::vector<JobId>> next(sqlite::Connection& tx, std::size_t limit);

private:
    [[nodiscard]] Status find_last(sqlite::Connection& tx);

    const JobSelection& selection_;
    std::vector<JobId> ids_;  // given ones, what is left of them in descending order
    JobId after_;
    std::optional<JobId> last_;
};

// Those of `ids` that are still there and fit.
[[nodiscard]] Result<BulkReply> change(sqlite::Connection& tx, const std::vector<JobId>& ids,
                                       const JobSelection& selection, BulkAction action, Priority priority,
                                       TimePoint now);

// A look at the next jobs by id: which are past their retention. A batch is kept and goes with its children.
struct SweepPage {
    std::vector<JobId> over;
    JobId last;  // nil: the end was reached
};
[[nodiscard]] Result<SweepPage> sweep_page(sqlite::Connection& tx, JobId after, const Retention& retention,
                                           TimePoint now);

}  // namespace archaeologist::sqlite_queue
