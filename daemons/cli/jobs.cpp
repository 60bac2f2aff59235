// The commands that wait for jobs and change them.
#include <algorithm>

#include "cli/session.hpp"
#include "host/figure.hpp"
#include "host/printable.hpp"
#include "host/signals.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

constexpr std::chrono::milliseconds look_every{250};

bool wants_json(const Session& session) { return session.global.format == Format::json; }

void complain(const Error& error) {
    host::StatusLine::standard_error().message("archaeologist: " + host::printable(error.message) + "\n");
}

Result<JobFilter> filter_of(const JobsChosen& jobs, Engine& engine, const Session& session) {
    JobFilter filter;
    filter.job_type = jobs.job_type;
    filter.per_page = 1;
    if (jobs.project.empty()) return filter;
    ARCHAEO_ASSIGN(const auto project, session.project(engine, jobs.project));
    filter.project_id = project.id;
    return filter;
}

Result<std::int64_t> count(Engine& engine, JobFilter filter, JobStatus status) {
    filter.status = status;
    ARCHAEO_ASSIGN(const auto page, engine.jobs(filter));
    return page.total;
}

// Looks until all is finished, the time is over or a signal came.
class Wait {
public:
    Wait(Engine& engine, const JobsWait& command, const std::atomic<bool>& stop)
        : engine_(engine), command_(command), stop_(stop) {}

    [[nodiscard]] bool is_over() const { return stop_ || (command_.timeout && watch() >= *command_.timeout); }

    // Of a named job: as it is when it is finished, or when the waiting is over.
    Result<Job> for_job(JobId id) const {
        for (;;) {
            ARCHAEO_ASSIGN(Job job, engine_.queue().wait_for(id, slice()));
            if (job.is_finished() || is_over()) return engine_.job(id);
        }
    }

    // How many that fit are left.
    Result<std::int64_t> for_all(const JobFilter& filter) const {
        for (;;) {
            std::int64_t left = 0;
            std::optional<Job> one;
            for (const JobStatus status : {JobStatus::running, JobStatus::queued, JobStatus::pending}) {
                if (command_.jobs.status && *command_.jobs.status != status) continue;
                JobFilter these = filter;
                these.status = status;
                ARCHAEO_ASSIGN(auto page, engine_.jobs(these));
                left += page.total;
                if (!one && !page.jobs.empty()) one = page.jobs.front();
            }
            if (left == 0 || is_over()) return left;
            // Any of them: when it is finished it is time to count again.
            if (one) ARCHAEO_TRY(engine_.queue().wait_for(one->id, slice()));
        }
    }

private:
    [[nodiscard]] std::chrono::steady_clock::duration watch() const {
        return std::chrono::steady_clock::now() - begun_at_;
    }
    [[nodiscard]] std::chrono::milliseconds slice() const {
        if (!command_.timeout) return look_every;
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(*command_.timeout - watch());
        return std::clamp(left, std::chrono::milliseconds{0}, look_every);
    }

    Engine& engine_;
    const JobsWait& command_;
    const std::atomic<bool>& stop_;
    const std::chrono::steady_clock::time_point begun_at_ = std::chrono::steady_clock::now();
};

int exit_code_for(std::int64_t left, std::int64_t unhappy, const JobsWait& command) {
    if (const int stopped = host::stop_exit_code(); stopped != 0) return stopped;
    if (left > 0) {
        host::StatusLine::standard_error().message(
            host::grouped(static_cast<std::uint64_t>(left)) + " jobs are not finished after " +
            std::to_string(command.timeout.value_or(std::chrono::seconds{0}).count()) + " s\n");
    }
    return left > 0 || unhappy > 0 ? work_failed : done;
}

Result<int> wait_for_named(const Wait& wait, Engine& engine, const JobsWait& command, const Session& session) {
    std::vector<Job> jobs;
    for (const JobId id : command.jobs.ids) {
        ARCHAEO_ASSIGN(auto job, wait.for_job(id));
        jobs.push_back(std::move(job));
    }
    const TimePoint now = engine.clock().now();
    std::string json;
    std::string text;
    for (const Job& job : jobs) {
        json += (json.empty() ? "" : ",") + to_json(job, now);
        text += job.id.text() + "  " + std::string(to_string(job.status)) +
                (job.error_message.empty() ? "" : "  " + host::printable(job.error_message)) + '\n';
    }
    ARCHAEO_TRY(host::write_output(wants_json(session) ? "{\"jobs\":[" + json + "]}\n" : text));
    const auto left = std::count_if(jobs.begin(), jobs.end(), [](const Job& job) { return !job.is_finished(); });
    const auto unhappy = std::count_if(jobs.begin(), jobs.end(), [](const Job& job) {
        return job.status == JobStatus::failed || job.status == JobStatus::cancelled;
    });
    return exit_code_for(left, unhappy, command);
}

Result<int> wait_for_all(const Wait& wait, Engine& engine, const JobsWait& command, const Session& session) {
    ARCHAEO_ASSIGN(const JobFilter filter, filter_of(command.jobs, engine, session));
    ARCHAEO_ASSIGN(const std::int64_t failed_before, count(engine, filter, JobStatus::failed));
    ARCHAEO_ASSIGN(const std::int64_t left, wait.for_all(filter));
    ARCHAEO_ASSIGN(const std::int64_t failed_after, count(engine, filter, JobStatus::failed));
    const std::int64_t failed = std::max<std::int64_t>(failed_after - failed_before, 0);
    const std::string json =
        "{\"unfinished\":" + std::to_string(left) + ",\"failed\":" + std::to_string(failed) + "}\n";
    const std::string text = std::to_string(left) + " unfinished · " + std::to_string(failed) + " failed meanwhile\n";
    ARCHAEO_TRY(host::write_output(wants_json(session) ? json : text));
    return exit_code_for(left, failed, command);
}

// What became of the jobs of a JobsChange.
struct Changes {
    std::int64_t changed = 0;
    std::int64_t refused = 0;
    std::vector<JobId> made;  // by retries of named jobs
    int exit_code = done;

    void note(const Result<JobId>& outcome) {
        if (outcome) {
            ++changed;
            made.push_back(*outcome);
            return;
        }
        ++refused;
        complain(outcome.error());
        exit_code = std::max<int>(exit_code, outcome.error().code == Code::not_found ? wrong_request : work_failed);
    }
};

Result<JobId> change_one(Engine& engine, JobId id, BulkAction action) {
    if (action == BulkAction::retry) return engine.queue().retry(id);
    ARCHAEO_TRY(action == BulkAction::cancel ? engine.queue().cancel(id) : engine.queue().remove(id));
    return id;
}

Status change_many(Engine& engine, const JobsChange& command, const Session& session, Changes& changes) {
    JobSelection selection;
    selection.status = command.jobs.status;
    selection.job_type = command.jobs.job_type;
    if (!command.jobs.project.empty()) {
        ARCHAEO_ASSIGN(const auto project, session.project(engine, command.jobs.project));
        selection.project_id = project.id;
    }
    ARCHAEO_ASSIGN(const BulkReply reply, engine.queue().bulk(selection, command.action));
    changes.changed = reply.changed;
    changes.refused = reply.refused;
    return {};
}

std::string text_of(const Changes& changes, BulkAction action) {
    std::string text;
    if (action == BulkAction::retry) {
        for (const JobId id : changes.made) text += id.text() + '\n';
    }
    const char* const done_to =
        action == BulkAction::cancel ? "cancelled" : (action == BulkAction::retry ? "made again" : "deleted");
    text += host::grouped(static_cast<std::uint64_t>(changes.changed)) + " jobs " + done_to;
    if (changes.refused > 0) text += " · " + host::grouped(static_cast<std::uint64_t>(changes.refused)) + " refused";
    return text + '\n';
}

// The new jobs of a retry are listed when the old ones were named, and may be millions otherwise.
std::string json_of(const Changes& changes, const JobsChange& command) {
    std::string json =
        "{\"changed\":" + std::to_string(changes.changed) + ",\"refused\":" + std::to_string(changes.refused);
    if (command.action == BulkAction::retry && !command.jobs.ids.empty()) {
        std::string ids;
        for (const JobId id : changes.made) ids += (ids.empty() ? "\"" : ",\"") + id.text() + '"';
        json += ",\"new_jobs\":[" + ids + ']';
    }
    return json + "}\n";
}

}  // namespace

Result<int> run(const JobsWait& command, const Session& session) {
    const auto& stop = host::stop_on_signals();
    ARCHAEO_ASSIGN(auto engine, session.open(IfMissing::refuse));
    for (const JobId id : command.jobs.ids) ARCHAEO_TRY(engine->job(id));
    ARCHAEO_TRY(session.warn_if_paused(*engine));
    if (command.meanwhile == WhileWaiting::work) ARCHAEO_TRY(engine->start_workers());
    const Wait wait(*engine, command, stop);
    return command.jobs.ids.empty() ? wait_for_all(wait, *engine, command, session)
                                    : wait_for_named(wait, *engine, command, session);
}

Result<int> run(const JobsChange& command, const Session& session) {
    ARCHAEO_ASSIGN(auto engine, session.open(IfMissing::refuse));
    Changes changes;
    for (const JobId id : command.jobs.ids) changes.note(change_one(*engine, id, command.action));
    if (command.jobs.ids.empty()) ARCHAEO_TRY(change_many(*engine, command, session, changes));
    ARCHAEO_TRY(host::write_output(wants_json(session) ? json_of(changes, command) : text_of(changes, command.action)));
    return changes.exit_code;
}

}  // namespace archaeologist::cli
