// The commands that change jobs, and those on the queue as a whole.
#include <array>
#include <span>

#include "cli/job_text.hpp"
#include "cli/session.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

bool wants_json(const Session& session) { return session.global.format == Format::json; }

// What the action can apply to, when nobody says which. Twice queued: a running job may have been handed back meanwhile.
std::span<const JobStatus> statuses_of(BulkAction action) {
    static constexpr std::array unfinished{JobStatus::pending, JobStatus::queued, JobStatus::running,
                                           JobStatus::queued};
    static constexpr std::array finished{JobStatus::completed, JobStatus::failed, JobStatus::cancelled};
    static constexpr std::array failed{JobStatus::failed};
    if (action == BulkAction::cancel) return unfinished;
    if (action == BulkAction::retry) return failed;
    return finished;
}

// The new job of a retry.
Result<std::optional<Job>> change_one(Service& service, JobId id, BulkAction action) {
    if (action == BulkAction::retry) {
        ARCHAEO_ASSIGN(auto made, service.retry(id));
        return std::optional(std::move(made));
    }
    ARCHAEO_TRY(action == BulkAction::cancel ? service.cancel(id) : service.remove(id));
    return std::optional<Job>();
}

// Errors: only those that say nothing about the one job.
Result<ChangeReport> change_named(Service& service, const std::vector<JobId>& ids, BulkAction action) {
    ChangeReport report;
    for (const JobId id : ids) {
        auto changed = change_one(service, id, action);
        if (!changed) {
            const Code code = changed.error().code;
            if (code != Code::not_found && code != Code::conflict) return std::move(changed).error();
            report.problems.push_back({id, std::move(changed).error()});
            continue;
        }
        ++report.changed;
        if (*changed) report.made.push_back(std::move(**changed));
    }
    return report;
}

Result<BulkReply> change_fitting(Service& service, const JobsChange& command, const Session& session) {
    JobSelection selection;
    selection.job_type = command.choice.job_type;
    if (!command.choice.project.empty()) {
        ARCHAEO_ASSIGN(const auto project, session.project(service, command.choice.project));
        selection.project_id = project.id;
    }
    std::vector<JobStatus> statuses;
    if (command.choice.status) {
        statuses = {*command.choice.status};
    } else {
        const auto fitting = statuses_of(command.action);
        statuses.assign(fitting.begin(), fitting.end());
    }
    BulkReply total;
    for (const auto status : statuses) {
        selection.status = status;
        ARCHAEO_ASSIGN(const auto part, service.bulk(selection, command.action));
        total.changed += part.changed;
        total.refused += part.refused;
    }
    return total;
}

// The worst of them: what is not there before what cannot be done.
int print_named(const ChangeReport& report, BulkAction action, TimePoint now, const Session& session) {
    int code = done;
    for (const auto& problem : report.problems) {
        complain(problem.error.message);
        code = std::max<int>(code, exit_code_of(problem.error));
    }
    std::string text;
    if (wants_json(session)) {
        text = to_json(report, now) + '\n';
    } else if (action == BulkAction::retry) {
        for (const auto& job : report.made) text += job.id.text() + '\n';
    } else {
        text = summary_of(action, report.changed, static_cast<std::int64_t>(report.problems.size())) + '\n';
    }
    if (const auto written = host::write_output(text); !written) {
        complain(written.error().message);
        return work_failed;
    }
    return code;
}

Result<int> print_stats(Service& service, const std::string& remark, const Session& session) {
    ARCHAEO_ASSIGN(const auto stats, service.queue_stats());
    const std::string text = remark.empty() ? description_of(stats) : remark + '\n';
    ARCHAEO_TRY(host::write_output(wants_json(session) ? to_json(stats) + '\n' : text));
    return done;
}

}  // namespace

Result<int> run(const JobsChange& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    if (!command.choice.ids.empty()) {
        ARCHAEO_ASSIGN(const auto report, change_named(*service, command.choice.ids, command.action));
        return print_named(report, command.action, service->now(), session);
    }
    ARCHAEO_ASSIGN(const auto reply, change_fitting(*service, command, session));
    const std::string text = summary_of(command.action, reply.changed, reply.refused);
    ARCHAEO_TRY(host::write_output((wants_json(session) ? to_json(reply) : text) + '\n'));
    return done;
}

Result<int> run(const QueueStatsShow&, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    return print_stats(*service, {}, session);
}

Result<int> run(const QueuePause&, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_TRY(service->pause_queue());
    return print_stats(*service, "paused: no more jobs are started until " + session.command_to_type("queue resume"),
                       session);
}

Result<int> run(const QueueResume&, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_TRY(service->resume_queue());
    return print_stats(*service, "resumed", session);
}

}  // namespace archaeologist::cli
