// What the C ABI costs on top of the C++ interface: one job claimed and completed, again and again, by turns through each.
#include <archaeologist/archaeologist.h>

#include <algorithm>
#include <string>
#include <vector>

#include "archaeologist/engine.hpp"
#include "bench/benchmarks.hpp"
#include "bench/figures.hpp"
#include "bench/folder.hpp"
#include "bench/queue_jobs.hpp"

namespace archaeologist::bench {
namespace {

constexpr const char* worker = "bench";
constexpr std::uint64_t turn = 20;

// Of the C interface, as a Status.
Status checked(int32_t code, archaeo_error* error) {
    if (code == ARCHAEO_OK) return {};
    Error failure{static_cast<Code>(code), archaeo_error_message(error).data};
    archaeo_error_free(error);
    return failure;
}

Result<double> one_through_cxx(Queue& queue) {
    const Stopwatch watch;
    ClaimRequest request;
    request.worker_id = worker;
    request.job_types = {noop_type};
    ARCHAEO_ASSIGN(const auto leases, queue.claim(request, std::chrono::milliseconds(0)));
    if (leases.empty()) return Error{Code::internal, "capi: no job was ready"};
    ARCHAEO_TRY(queue.complete(leases.front()));
    return watch.ms() * 1'000;
}

Result<double> one_through_c(archaeo_engine* engine) {
    const Stopwatch watch;
    archaeo_error* error = nullptr;
    archaeo_lease* lease = nullptr;
    std::size_t count = 0;
    const char* type = noop_type;
    ARCHAEO_TRY(checked(archaeo_queue_claim(engine, worker, &type, 1, 0, &lease, 1, &count, &error), error));
    if (count == 0) return Error{Code::internal, "capi: no job was ready"};
    const int32_t code = archaeo_lease_complete(lease, nullptr, 0, &error);
    archaeo_lease_free(lease);
    ARCHAEO_TRY(checked(code, error));
    return watch.ms() * 1'000;
}

Status fill(archaeo_engine* engine, std::uint64_t count) {
    const auto jobs = some_jobs(ProjectId{1}, 0, count);
    std::vector<archaeo_new_job> given(jobs.size());
    for (std::size_t i = 0; i < jobs.size(); ++i) {
        given[i] = {};
        given[i].struct_size = sizeof(archaeo_new_job);
        given[i].job_type = jobs[i].job_type.c_str();
        given[i].data_json = jobs[i].job_data.c_str();
        given[i].data_size = jobs[i].job_data.size();
        given[i].project_id = 1;
        given[i].priority = static_cast<int32_t>(jobs[i].priority) + 1;
    }
    archaeo_error* error = nullptr;
    return checked(archaeo_queue_enqueue(engine, given.data(), given.size(), nullptr, nullptr, &error), error);
}

struct Times {
    std::vector<double> cxx_us;
    std::vector<double> c_us;
};

Result<Times> measure(Engine& engine, archaeo_engine* other, std::uint64_t jobs) {
    ARCHAEO_TRY(engine.queue().enqueue(some_jobs(ProjectId{1}, 0, jobs)));
    ARCHAEO_TRY(fill(other, jobs));
    Times times;
    // Short turns, so that whatever else the machine does meets both.
    for (std::uint64_t at = 0; at < jobs; at += turn) {
        for (std::uint64_t i = at; i < std::min(at + turn, jobs); ++i) {
            ARCHAEO_ASSIGN(const double us, one_through_cxx(engine.queue()));
            times.cxx_us.push_back(us);
        }
        for (std::uint64_t i = at; i < std::min(at + turn, jobs); ++i) {
            ARCHAEO_ASSIGN(const double us, one_through_c(other));
            times.c_us.push_back(us);
        }
    }
    return times;
}

}  // namespace

Status capi(const CapiOptions& options) {
    const Folder data({});
    Config config;
    config.data_dir = data.path() + "/cxx";
    ARCHAEO_ASSIGN(const auto engine, Engine::open(config));
    archaeo_engine* other = nullptr;
    archaeo_error* error = nullptr;
    ARCHAEO_TRY(checked(archaeo_engine_open((data.path() + "/c").c_str(), nullptr, &other, &error), error));
    const auto times = measure(*engine, other, options.jobs);
    archaeo_engine_close(other);
    if (!times) return times.error();
    const double cxx_us = percentile(times->cxx_us, 50);
    const double c_us = percentile(times->c_us, 50);
    Figures figures("capi");
    figures.add("jobs", options.jobs);
    figures.add("claim_complete_cxx_p50_us", cxx_us);
    figures.add("claim_complete_c_p50_us", c_us);
    figures.add("overhead_percent", (c_us / cxx_us - 1) * 100);
    std::move(figures).print();
    return {};
}

}  // namespace archaeologist::bench
