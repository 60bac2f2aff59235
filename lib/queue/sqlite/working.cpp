#include "queue/sqlite/working.hpp"

#include "sql/queue_sqlite_forget_workers.hpp"
#include "sql/queue_sqlite_join_worker.hpp"
#include "sql/queue_sqlite_leased_by.hpp"
#include "sql/queue_sqlite_leave_worker.hpp"
#include "sql/queue_sqlite_worker_process.hpp"
#include "sql/queue_sqlite_working_processes.hpp"

namespace archaeologist::sqlite_queue {

using sqlite::Connection;
using sqlite::Query;

Result<std::optional<std::string>> process_of(Connection& tx, std::string_view worker_id) {
    Query query(tx, sql::queue_sqlite_worker_process);
    query.bind(":worker_id", worker_id);
    ARCHAEO_ASSIGN(const bool row, query.step());
    return row ? std::optional(std::string(query.text(0))) : std::nullopt;
}

Status add_worker(Connection& tx, std::string_view worker_id, std::string_view process, TimePoint now) {
    return Query(tx, sql::queue_sqlite_join_worker)
        .bind(":worker_id", worker_id)
        .bind(":process", process)
        .bind(":now_ms", now)
        .run();
}

Status forget_worker(Connection& tx, std::string_view worker_id, std::string_view process) {
    return Query(tx, sql::queue_sqlite_leave_worker).bind(":worker_id", worker_id).bind(":process", process).run();
}

Status forget_workers(Connection& tx, std::string_view process) {
    return Query(tx, sql::queue_sqlite_forget_workers).bind(":process", process).run();
}

Result<std::vector<std::string>> working_processes(Connection& tx) {
    std::vector<std::string> all;
    Query query(tx, sql::queue_sqlite_working_processes);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return all;
        all.emplace_back(query.text(0));
    }
}

Result<std::vector<JobId>> leased_by(Connection& tx, std::string_view process) {
    std::vector<JobId> jobs;
    Query query(tx, sql::queue_sqlite_leased_by);
    query.bind(":process", process);
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, query.step());
        if (!row) return jobs;
        jobs.emplace_back(query.uuid(0));
    }
}

}  // namespace archaeologist::sqlite_queue
