// Jobs of a program's own: custom_job DATA_DIR
#include <archaeologist/engine.hpp>
#include <cstdio>
#include <string>

namespace {

using namespace archaeologist;

int fail(const Error& error) {
    std::fprintf(stderr, "custom_job: %s\n", error.message.c_str());
    return 1;
}

// Counts to 5. Called on the workers' threads, with several jobs at once.
Outcome count_to_five(JobContext& job) {
    // A try that goes wrong: the queue waits a moment and tries again, max_retries times.
    if (job.attempt() == 1) return Failed{.message = "the machine was not warm yet"};
    int counted = 0;
    while (counted < 5) {
        // Cancelled, timed out, or the program ends: hand the job back, which spends no retry.
        if (job.stop_requested()) return Released{};
        job.progress(++counted, 5, "counting");
    }
    return Completed{"{\"counted\":" + std::to_string(counted) + "}"};
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return std::fputs("usage: custom_job DATA_DIR\n", stderr), 2;
    Config config;
    config.data_dir = argv[1];
    auto engine = Engine::open(config);
    if (!engine) return fail(engine.error());
    if (auto added = (*engine)->add_handler("count", count_to_five); !added) return fail(added.error());

    NewJob wanted;
    wanted.job_type = "count";
    wanted.priority = Priority::high;
    wanted.timeout = std::chrono::seconds(60);  // of each try
    auto ids = (*engine)->queue().enqueue({&wanted, 1});
    if (!ids) return fail(ids.error());

    if (auto started = (*engine)->start_workers(); !started) return fail(started.error());
    auto job = (*engine)->queue().wait_for(ids->front(), std::chrono::seconds(60));
    if (!job) return fail(job.error());
    for (const Attempt& attempt : job->attempts) {
        std::printf("%s: %s %s\n", attempt.worker_id.c_str(), attempt.outcome.c_str(), attempt.error_message.c_str());
    }
    std::printf("%s: %s\n", std::string(to_string(job->status)).c_str(), job->result_data.c_str());
    return job->status == JobStatus::completed ? 0 : 1;
}
