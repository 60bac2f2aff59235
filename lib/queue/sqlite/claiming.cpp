#include "queue/sqlite/claiming.hpp"

#include <algorithm>
#include <string>

#include "archaeologist/json.hpp"
#include "catalog/catalog.hpp"
#include "queue/pick.hpp"
#include "queue/settle.hpp"
#include "sql/queue_sqlite_claim_lanes.hpp"
#include "sql/queue_sqlite_count_leases.hpp"
#include "sql/queue_sqlite_lane_head.hpp"
#include "sql/queue_sqlite_reserve.hpp"
#include "sql/queue_sqlite_start.hpp"
#include "sql/queue_sqlite_suspects.hpp"
#include "sql/queue_sqlite_unreserve.hpp"
#include "sql/queue_sqlite_use_epochs.hpp"

namespace archaeologist::sqlite_queue {
namespace {

using sqlite::Connection;
using sqlite::Query;

struct Lane {
    std::int64_t id = 0;
    std::string job_type;
    ProjectId project_id{};
    std::optional<std::int64_t> project_room;
    std::optional<std::int64_t> type_room;
};

struct Candidate {
    JobId id;
    std::int64_t score = 0;
    ProjectId project_id{};
    std::string job_type;
    bool is_suspect = false;
    Reservation reservation = Reservation::none;
};

struct Suspects {
    std::vector<Candidate> ready;
    Picker::Held held;
};

std::optional<std::string> type_filter(const std::vector<std::string>& job_types) {
    if (job_types.empty()) return std::nullopt;
    JsonWriter json;
    json.begin_array();
    for (const auto& type : job_types) json.value(type);
    json.end_array();
    return std::move(json).text();
}

Result<std::vector<Lane>> lanes_of(Connection& tx, const ClaimRequest& request) {
    std::vector<Lane> lanes;
    Query query(tx, sql::queue_sqlite_claim_lanes);
    query.bind(":job_types", type_filter(request.job_types));
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return lanes;
        Lane lane{query.integer(0), std::string(query.text(1)), query.id<ProjectId>(2), {}, {}};
        if (!query.is_null(3)) lane.project_room = query.integer(3);
        if (!query.is_null(4)) lane.type_room = query.integer(4);
        lanes.push_back(std::move(lane));
    }
}

Status add_head(Connection& tx, const Lane& lane, std::int64_t limit, std::vector<Candidate>& candidates) {
    const std::int64_t room = std::min({limit, lane.project_room.value_or(limit), lane.type_room.value_or(limit)});
    if (room <= 0) return {};
    Query query(tx, sql::queue_sqlite_lane_head);
    query.bind(":lane", lane.id).bind(":limit", room);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return {};
        candidates.push_back({.id = JobId(query.uuid(0)),
                              .score = query.integer(1),
                              .project_id = query.id<ProjectId>(2),
                              .job_type = lane.job_type});
    }
}

// There are none, nearly always; then nothing else is asked.
Result<Suspects> suspects(Connection& tx, const ClaimRequest& request, TimePoint now) {
    Suspects found;
    Query query(tx, sql::queue_sqlite_suspects);
    query.bind(":now_ms", now);
    bool any = false;
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) break;
        any = true;
        if (query.text(2) == to_string(State::running)) {
            found.held.suspects += query.text(5) == request.worker_id ? 1 : 0;
            continue;
        }
        Candidate candidate{.id = JobId(query.uuid(0)),
                            .score = query.integer(1),
                            .project_id = query.id<ProjectId>(4),
                            .job_type = std::string(query.text(3)),
                            .is_suspect = true};
        const auto& types = request.job_types;
        if (!types.empty() && std::find(types.begin(), types.end(), candidate.job_type) == types.end()) continue;
        if (!query.is_null(6)) {
            candidate.reservation = query.text(6) == request.worker_id ? Reservation::mine : Reservation::others;
        }
        found.ready.push_back(std::move(candidate));
    }
    if (!any) return found;
    Query leases(tx, sql::queue_sqlite_count_leases);
    leases.bind(":worker_id", request.worker_id);
    ARCHAEO_TRY(leases.step());
    found.held.leases = leases.integer(0);
    return found;
}

struct Picked {
    std::vector<JobId> taken;
    std::optional<JobId> reserved;
};

Picked pick(const std::vector<Candidate>& candidates, Picker& picker) {
    Picked picked;
    for (const Candidate& one : candidates) {
        const Verdict verdict = one.is_suspect ? picker.judge_suspect(one.project_id, one.job_type, one.reservation)
                                               : picker.judge(one.project_id, one.job_type);
        if (verdict == Verdict::take) picked.taken.push_back(one.id);
        if (verdict == Verdict::reserve) picked.reserved = one.id;
        if (verdict == Verdict::reserve || verdict == Verdict::stop) break;
    }
    return picked;
}

Result<Lease> start(Connection& tx, JobId id, std::uint64_t epoch, const ClaimRequest& request,
                    const QueueOptions& options, TimePoint now) {
    Query query(tx, sql::queue_sqlite_start);
    query.bind(":id", id)
        .bind(":now_ms", now)
        .bind(":lease_ms", options.lease.count())
        .bind(":worker_id", request.worker_id)
        .bind(":epoch", epoch);
    ARCHAEO_ASSIGN(const bool row, query.step());
    if (!row) return Error{Code::internal, "job " + id.text() + " was ready and is not queued"};
    Lease lease;
    lease.id = id;
    lease.epoch = epoch;
    lease.worker_id = request.worker_id;
    lease.job_type = query.text(0);
    lease.project_id = query.id<ProjectId>(1);
    lease.user_id = query.id<UserId>(2);
    if (!query.is_null(3)) lease.source_id = query.id<SourceId>(3);
    lease.priority = parse_priority(query.text(4)).value_or(Priority::normal);
    lease.job_data = query.text(5);
    lease.retry_count = static_cast<int>(query.integer(6));
    lease.attempt = static_cast<int>(query.integer(7));
    lease.lease_until = query.time(8);
    lease.deadline = query.time(9);
    ARCHAEO_TRY(query.run());
    ARCHAEO_TRY(catalog::add_event(tx, {"job.running", lease.id, lease.project_id, lease.source_id}, now));
    return lease;
}

Result<std::uint64_t> last_epoch_of(Connection& tx, std::size_t count) {
    Query query(tx, sql::queue_sqlite_use_epochs);
    query.bind(":count", count);
    ARCHAEO_TRY(query.step());
    const auto last = static_cast<std::uint64_t>(query.integer(0));
    ARCHAEO_TRY(query.run());
    return last;
}

}  // namespace

Result<std::vector<Lease>> claim_ready(Connection& tx, const ClaimRequest& request, const QueueOptions& options,
                                       TimePoint now) {
    std::vector<Lease> leases;
    ARCHAEO_ASSIGN(const auto lanes, lanes_of(tx, request));
    if (lanes.empty()) return leases;
    ARCHAEO_ASSIGN(auto found, suspects(tx, request, now));
    Picker picker(request.limit, found.held);
    std::vector<Candidate>& candidates = found.ready;
    for (const Lane& lane : lanes) {
        if (lane.project_room) picker.set_room(lane.project_id, *lane.project_room);
        if (lane.type_room) picker.set_room(lane.job_type, *lane.type_room);
        ARCHAEO_TRY(add_head(tx, lane, request.limit, candidates));
    }
    std::sort(candidates.begin(), candidates.end(), [](const Candidate& a, const Candidate& b) {
        return std::pair(a.score, a.id) < std::pair(b.score, b.id);
    });
    const Picked picked = pick(candidates, picker);
    if (picked.reserved) {
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_reserve)
                        .bind(":job_id", *picked.reserved)
                        .bind(":worker_id", request.worker_id)
                        .bind(":until_ms", now + options.lease)
                        .run());
    }
    if (picked.taken.empty()) return leases;
    ARCHAEO_ASSIGN(std::uint64_t epoch, last_epoch_of(tx, picked.taken.size()));
    epoch -= picked.taken.size();
    for (const JobId id : picked.taken) {
        ARCHAEO_ASSIGN(auto lease, start(tx, id, ++epoch, request, options, now));
        leases.push_back(std::move(lease));
    }
    if (!found.ready.empty() && found.held.leases == 0 && picked.taken.size() == 1) {
        ARCHAEO_TRY(Query(tx, sql::queue_sqlite_unreserve).bind(":job_id", picked.taken.front()).run());
    }
    return leases;
}

}  // namespace archaeologist::sqlite_queue
