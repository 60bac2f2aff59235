#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <set>

#include "cli/job_text.hpp"
#include "cli/session.hpp"
#include "host/figure.hpp"
#include "host/printable.hpp"
#include "host/signals.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

using SteadyClock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr milliseconds look_every{100};  // for signals
constexpr std::size_t jobs_kept = 1'000;
constexpr std::int64_t page_jobs = 1'000;

// Adds the ids of the jobs that fit and are no newer than `made_before`.
Status add_fitting(Service& service, JobFilter filter, TimePoint made_before, std::set<JobId>& ids) {
    filter.per_page = page_jobs;
    for (filter.page = 1;; ++filter.page) {
        ARCHAEO_ASSIGN(const auto page, service.jobs(filter));
        for (const auto& job : page.jobs) {
            if (job.created_at <= made_before) ids.insert(job.id);
        }
        if (!page.has_more) return {};
    }
}

// The unfinished jobs that fit, oldest first. A job that changes while a page is read moves others to a page that was
// read before, hence again until nothing new is seen.
Result<std::vector<JobId>> unfinished_jobs(Service& service, const JobChoice& choice, const Session& session) {
    JobFilter filter;
    filter.job_type = choice.job_type;
    if (!choice.project.empty()) {
        ARCHAEO_ASSIGN(const auto project, session.project(service, choice.project));
        filter.project_id = project.id;
    }
    std::vector<JobStatus> statuses{JobStatus::pending, JobStatus::queued, JobStatus::running};
    if (choice.status) statuses = {*choice.status};
    const TimePoint now = service.now();
    std::set<JobId> ids;
    for (;;) {
        const std::size_t before = ids.size();
        for (const auto status : statuses) {
            filter.status = status;
            ARCHAEO_TRY(add_fitting(service, filter, now, ids));
        }
        if (ids.size() == before) return std::vector<JobId>(ids.begin(), ids.end());
    }
}

// Looks at every one: a wrong id is told before all work.
Result<bool> any_unfinished(Service& service, const std::vector<JobId>& ids) {
    bool any = false;
    for (const JobId id : ids) {
        ARCHAEO_ASSIGN(const auto job, service.job(id));
        any = any || !job.is_finished();
    }
    return any;
}

class Waiting {
public:
    enum class Keep { all, not_completed };

    Waiting(Service& service, std::optional<std::chrono::seconds> timeout, const std::atomic<bool>& stop)
        : service_(service), stop_(stop) {
        if (timeout) give_up_at_ = SteadyClock::now() + *timeout;
    }
    ~Waiting() { host::StatusLine::standard_error().clear(); }
    Waiting(const Waiting&) = delete;
    Waiting& operator=(const Waiting&) = delete;

    // Until all are finished, or the time is over; then each is still looked at once. Stopped, it returns at once, and
    // those not looked at count as unfinished.
    Result<WaitReport> run(const std::vector<JobId>& ids, Keep keep) {
        WaitReport report;
        for (std::size_t i = 0; i < ids.size(); ++i) {
            if (stop_.load()) {
                report.unfinished += static_cast<std::int64_t>(ids.size() - i);
                break;
            }
            ARCHAEO_ASSIGN(auto job, end_of(ids[i], i, ids.size()));
            ++counter_of(job.status, report);
            const bool wanted = keep == Keep::all || job.status != JobStatus::completed;
            if (wanted && report.jobs.size() < jobs_kept) report.jobs.push_back(std::move(job));
        }
        return report;
    }

private:
    static std::int64_t& counter_of(JobStatus status, WaitReport& report) {
        switch (status) {
            case JobStatus::completed: return report.completed;
            case JobStatus::failed: return report.failed;
            case JobStatus::cancelled: return report.cancelled;
            default: return report.unfinished;
        }
    }

    [[nodiscard]] milliseconds slice() const {
        if (!give_up_at_) return look_every;
        const auto left = std::chrono::ceil<milliseconds>(*give_up_at_ - SteadyClock::now());
        return std::clamp(left, milliseconds{0}, look_every);
    }

    Result<Job> end_of(JobId id, std::size_t done, std::size_t of) {
        for (;;) {
            const auto wait = slice();
            ARCHAEO_ASSIGN(auto job, service_.wait_for(id, wait));
            if (job.is_finished() || wait == wait.zero() || stop_.load()) return job;
            show(done, of);
        }
    }

    static void show(std::size_t done, std::size_t of) {
        const auto line = "waiting: " + host::grouped(done) + " of " + host::grouped(of) + " jobs finished";
        host::StatusLine::standard_error().show(host::fitted(line, host::terminal_width(STDERR_FILENO) - 1));
    }

    Service& service_;
    const std::atomic<bool>& stop_;
    std::optional<SteadyClock::time_point> give_up_at_;
};

int exit_code_of(const WaitReport& report) {
    if (const int stopped = host::stop_exit_code(); stopped != 0) return stopped;
    if (report.unfinished > 0) return time_over;
    return report.failed > 0 || report.cancelled > 0 ? work_failed : done;
}

}  // namespace

Result<int> run(const JobsWait& command, const Session& session) {
    const auto& stop = host::stop_on_signals();
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    std::vector<JobId> ids = command.choice.ids;
    const bool named = !ids.empty();
    if (!named) {
        ARCHAEO_ASSIGN(ids, unfinished_jobs(*service, command.choice, session));
    }
    ARCHAEO_ASSIGN(const bool unfinished, named ? any_unfinished(*service, ids) : Result<bool>(!ids.empty()));
    if (unfinished) ARCHAEO_TRY(session.mention_pause(*service));
    if (unfinished && command.work == WorkHere::yes) ARCHAEO_TRY(service->begin_work());

    const auto keep = named ? Waiting::Keep::all : Waiting::Keep::not_completed;
    ARCHAEO_ASSIGN(const auto report, Waiting(*service, command.timeout, stop).run(ids, keep));
    service->end_work();
    const auto json = to_json(report, service->now());
    host::StatusLine::standard_error().message(problems_of(report));
    ARCHAEO_TRY(host::write_output((session.global.format == Format::json ? json : summary_of(report)) + '\n'));
    if (host::stop_exit_code() != 0) {
        host::StatusLine::standard_error().message("interrupted; what is unfinished stays in the queue\n");
    }
    return exit_code_of(report);
}

}  // namespace archaeologist::cli
