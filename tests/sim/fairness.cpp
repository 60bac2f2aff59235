#include "sim/fairness.hpp"

#include <algorithm>
#include <array>

namespace archaeologist::sim {
namespace {

using namespace std::chrono_literals;

constexpr std::array<std::size_t, 3> appetites{2'000, 400, 30};  // jobs of each project, all at once

NewJob job_of(std::size_t project, Priority priority = Priority::normal) {
    NewJob job;
    job.project_id = ProjectId{1 + static_cast<std::int64_t>(project)};
    job.priority = priority;
    return job;
}

// While several projects have work left, each gets as much as the next.
std::string share_evenly(Queue& queue) {
    std::array<std::int64_t, appetites.size()> left{};
    for (std::size_t project = 0; project < appetites.size(); ++project) {
        left[project] = static_cast<std::int64_t>(appetites[project]);
        const std::vector<NewJob> flood(appetites[project], job_of(project));
        if (!queue.enqueue(flood)) return "fairness: the flood was refused";
    }
    std::array<std::int64_t, appetites.size()> got{};
    for (;;) {
        const auto leases = queue.claim({.worker_id = "w", .limit = 1, .job_types = {}}, 0ms);
        if (!leases || leases->empty()) break;
        const auto project = static_cast<std::size_t>(to_integer(leases->front().project_id) - 1);
        ++got.at(project);
        --left.at(project);
        if (!queue.complete(leases->front())) return "fairness: a completion was refused";
        for (std::size_t other = 0; other < got.size(); ++other) {
            if (left.at(other) > 0 && got.at(project) > got.at(other) + 1) {
                return "fairness: project " + std::to_string(project + 1) + " got " + std::to_string(got.at(project)) +
                       " jobs while project " + std::to_string(other + 1) + ", which waits too, got " +
                       std::to_string(got.at(other));
            }
        }
    }
    if (std::any_of(left.begin(), left.end(), [](std::int64_t jobs) { return jobs != 0; })) {
        return "fairness: jobs were left";
    }
    return {};
}

// A single job that comes later waits for no more of the flood than its share allows: one job for each 20 ms it was late.
std::string let_the_single_by(Queue& queue, ManualClock& clock) {
    if (!queue.enqueue(std::vector<NewJob>(1'000, job_of(0)))) return "fairness: the flood was refused";
    clock.advance(200ms);
    const NewJob single = job_of(1);
    if (!queue.enqueue({&single, 1})) return "fairness: the single job was refused";
    const auto leases = queue.claim({.worker_id = "w", .limit = 12, .job_types = {}}, 0ms);
    const bool is_there = leases && std::any_of(leases->begin(), leases->end(),
                                                [](const Lease& lease) { return lease.project_id == ProjectId{2}; });
    return is_there ? "" : "fairness: a single job waits behind another project's flood";
}

}  // namespace

std::string find_unfairness(const MakeSubject& make) {
    ManualClock clock;
    std::string unfair = share_evenly(*make(QueueOptions{}, clock, 1)->handles().front());
    if (!unfair.empty()) return unfair;
    return let_the_single_by(*make(QueueOptions{}, clock, 1)->handles().front(), clock);
}

}  // namespace archaeologist::sim
