// The SQLite queue's management: cancelling, retries, removal, bulk actions, settings, periodic jobs, retention.
#include <algorithm>

#include "job/validate.hpp"
#include "queue/requests.hpp"
#include "queue/sqlite.hpp"
#include "queue/sqlite/ending.hpp"
#include "queue/sqlite/managing.hpp"
#include "queue/sqlite/settings.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;

// Bounds how long one transaction keeps the others waiting.
constexpr std::size_t page_jobs = 1'000;

}  // namespace

Status SqliteQueue::cancel(JobId id) {
    return write_and_wake([&](Connection& tx) -> Status {
        ARCHAEO_ASSIGN(const auto row, sqlite_queue::find_row(tx, id));
        if (!row) return no_such_job(id);
        if (is_finished(row->state)) return already_finished(id, row->state);
        return sqlite_queue::cancel(tx, *row, clock_.now());
    });
}

Result<JobId> SqliteQueue::retry(JobId id) {
    return write_and_wake([&](Connection& tx) { return sqlite_queue::retry(tx, id, clock_.now()); });
}

Status SqliteQueue::remove(JobId id) {
    return catalog_.write([&](Connection& tx) -> Status {
        ARCHAEO_TRY(sqlite_queue::remove(tx, id));
        return {};
    });
}

Status SqliteQueue::set_priority(JobId id, Priority priority) {
    return write_and_wake([&](Connection& tx) { return sqlite_queue::set_priority(tx, id, priority); });
}

Result<BulkReply> SqliteQueue::bulk(const JobSelection& selection, BulkAction action, Priority priority) {
    ARCHAEO_TRY(validate(selection));
    sqlite_queue::Pages pages(selection);
    BulkReply reply;
    for (;;) {
        ARCHAEO_ASSIGN(const auto ids, catalog_.read([&](Connection& tx) { return pages.next(tx, page_jobs); }));
        if (ids.empty()) break;
        ARCHAEO_ASSIGN(const BulkReply part, catalog_.write([&](Connection& tx) {
            return sqlite_queue::change(tx, ids, selection, action, priority, clock_.now());
        }));
        reply.changed += part.changed;
        reply.refused += part.refused;
        wake_all();
    }
    return reply;
}

Status SqliteQueue::pause() {
    return catalog_.write([](Connection& tx) { return sqlite_queue::set_paused(tx, true); });
}

Status SqliteQueue::resume() {
    return write_and_wake([](Connection& tx) { return sqlite_queue::set_paused(tx, false); });
}

Status SqliteQueue::set_order(const QueueOrder& order) {
    ARCHAEO_TRY(validate(order));
    return catalog_.write([&](Connection& tx) { return sqlite_queue::set_order(tx, order); });
}

Status SqliteQueue::set_limit(const ConcurrencyLimit& limit) {
    ARCHAEO_TRY(validate(limit));
    ARCHAEO_TRY(catalog_.write([&](Connection& tx) { return sqlite_queue::set_limit(tx, limit); }));
    std::optional<JobId> moved_to;
    if (limit.project_id) moved_to.emplace();
    while (moved_to) {
        ARCHAEO_ASSIGN(moved_to, catalog_.write([&](Connection& tx) {
            return sqlite_queue::move_to_lanes(tx, *limit.project_id, *moved_to);
        }));
    }
    wake_all();
    return {};
}

Status SqliteQueue::remove_limit(const ConcurrencyLimit& limit) {
    ARCHAEO_TRY(validate({.project_id = limit.project_id, .job_type = limit.job_type, .running_max = 0}));
    return write_and_wake([&](Connection& tx) { return sqlite_queue::remove_limit(tx, limit); });
}

Result<QueueSettings> SqliteQueue::settings() {
    return catalog_.read([](Connection& tx) { return sqlite_queue::settings(tx); });
}

Status SqliteQueue::set_periodic(const PeriodicJob& periodic) {
    ARCHAEO_TRY(validate(periodic));
    return write_and_wake([&](Connection& tx) { return sqlite_queue::set_periodic(tx, periodic, clock_.now()); });
}

Status SqliteQueue::remove_periodic(std::string_view name) {
    return catalog_.write([&](Connection& tx) { return sqlite_queue::remove_periodic(tx, name); });
}

Result<std::vector<PeriodicJob>> SqliteQueue::periodic() {
    return catalog_.read([](Connection& tx) { return sqlite_queue::periodic(tx); });
}

Result<std::int64_t> SqliteQueue::sweep() {
    const MutexLock lock(sweep_mutex_);
    const JobId after = swept_to_;
    const TimePoint now = clock_.now();
    ARCHAEO_ASSIGN(const auto page, catalog_.read([&](Connection& tx) {
        return sqlite_queue::sweep_page(tx, after, options_.retention, now);
    }));
    std::int64_t removed = 0;
    for (std::size_t begin = 0; begin < page.over.size(); begin += page_jobs) {
        const std::size_t end = std::min(page.over.size(), begin + page_jobs);
        ARCHAEO_ASSIGN(const std::int64_t part, catalog_.write([&](Connection& tx) -> Result<std::int64_t> {
            std::int64_t count = 0;
            for (std::size_t i = begin; i < end; ++i) {
                auto gone = sqlite_queue::remove(tx, page.over[i]);
                if (gone) {
                    count += *gone;
                    continue;
                }
                // Somebody else removed it, or something below it still runs.
                if (gone.error().code != Code::not_found && gone.error().code != Code::conflict) return gone;
            }
            return count;
        }));
        removed += part;
    }
    swept_to_ = page.last;
    return removed;
}

}  // namespace archaeologist
