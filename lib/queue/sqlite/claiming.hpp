// What a claim does to the catalog's tables, within one transaction.
#pragma once

#include <vector>

#include "archaeologist/queue.hpp"
#include "sqlite/connection.hpp"

namespace archaeologist::sqlite_queue {

// Leases the best ready jobs that limits and suspects allow; nothing while the queue is paused. Epochs ascend in the order of
// the leases.
[[nodiscard]] Result<std::vector<Lease>> claim_ready(sqlite::Connection& tx, const ClaimRequest& request,
                                                     const QueueOptions& options, TimePoint now);

}  // namespace archaeologist::sqlite_queue
