#include "catalog/minutes.hpp"

#include "catalog/catalog.hpp"
#include "sql/catalog_add_minute.hpp"
#include "sql/catalog_count_events.hpp"
#include "sql/catalog_list_minutes.hpp"
#include "sql/catalog_trim_minutes.hpp"

namespace archaeologist::catalog {
namespace {

using sqlite::Connection;
using sqlite::Query;
using Minutes = std::map<TimePoint, MinuteCounts>;

TimePoint minute_of(TimePoint at) { return std::chrono::floor<std::chrono::minutes>(at); }

// Where an event of that kind counts; null: nowhere.
std::int64_t MinuteCounts::*member_of(std::string_view kind) {
    if (kind == "job.queued") return &MinuteCounts::queued;
    if (kind == "job.completed") return &MinuteCounts::completed;
    if (kind == "job.failed") return &MinuteCounts::failed;
    if (kind == "job.cancelled") return &MinuteCounts::cancelled;
    return nullptr;
}

// Most events of a thousand are of one minute.
Status count(Connection& tx, std::int64_t after, std::int64_t up_to, Minutes& minutes) {
    Query query(tx, sql::catalog_count_events);
    query.bind(":after", after).bind(":up_to", up_to);
    auto last = minutes.end();
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return {};
        const auto member = member_of(query.text(1));
        if (member == nullptr) continue;
        const TimePoint minute = minute_of(query.time(0));
        if (last == minutes.end() || last->first != minute) last = minutes.try_emplace(minute).first;
        ++(last->second.*member);
    }
}

}  // namespace

Status count_minutes(Connection& tx, std::int64_t event_id, TimePoint now) {
    if (event_id % events_a_count != 0) return {};
    Minutes counted;
    ARCHAEO_TRY(count(tx, event_id - events_a_count, event_id, counted));
    for (const auto& [at, counts] : counted) {
        ARCHAEO_TRY(Query(tx, sql::catalog_add_minute)
                        .bind(":at_ms", at)
                        .bind(":queued", counts.queued)
                        .bind(":completed", counts.completed)
                        .bind(":failed", counts.failed)
                        .bind(":cancelled", counts.cancelled)
                        .run());
    }
    return Query(tx, sql::catalog_trim_minutes).bind(":before_ms", now - minutes_kept).run();
}

Result<Minutes> minutes(Connection& tx, TimePoint from) {
    Minutes all;
    {
        Query query(tx, sql::catalog_list_minutes);
        query.bind(":from_ms", from);
        for (;;) {
            ARCHAEO_ASSIGN(const bool row, query.step());
            if (!row) break;
            all[query.time(0)] = {query.integer(1), query.integer(2), query.integer(3), query.integer(4)};
        }
    }
    ARCHAEO_ASSIGN(const EventBounds bounds, event_bounds(tx));
    const std::int64_t counted = bounds.newest_id / events_a_count * events_a_count;
    ARCHAEO_TRY(count(tx, counted, bounds.newest_id, all));
    std::erase_if(all, [&](const auto& minute) { return minute.first < from; });
    return all;
}

}  // namespace archaeologist::catalog
