// Jobs of a type of one's own, done by workers of this program: custom_job DATA_DIR
#include <algorithm>
#include <archaeologist/engine.hpp>
#include <array>
#include <cstdio>
#include <string>
#include <vector>

namespace {

using namespace archaeologist;
using namespace std::chrono_literals;

// The text in {"text":"…"}. A program with richer data reads it with its JSON library.
std::string text_of(const std::string& job_data) {
    const auto begin = job_data.find(":\"") + 2;
    return job_data.substr(begin, job_data.rfind('"') - begin);
}

// Runs on several threads at once, and again when its process dies: what it does must bear being done twice.
Outcome count_words(JobContext& context) {
    const std::string text = text_of(context.lease().job_data);
    // Stands for a service that is down: a job that failed comes back after a pause until its retries are spent.
    if (context.attempt() == 1 && text.starts_with("flaky")) return Failed{"the dictionary is down"};
    // More attempts would have no more time than this one.
    if (context.deadline() - system_clock().now() < 1s) return Failed{"needs 1 s", true};

    const auto size = static_cast<std::int64_t>(text.size());
    std::int64_t count = 0;
    for (std::size_t begin = 0; begin < text.size(); ++count) {
        if (context.stop_requested()) return Released{};  // cancelled, late or shutting down: somebody else goes on
        const auto end = std::min(text.find(' ', begin), text.size());
        context.progress(static_cast<std::int64_t>(end), size, text.substr(begin, end - begin));
        begin = end + 1;
    }
    return Completed{"{\"words\":" + std::to_string(count) + '}'};
}

Result<int> run(const char* data_dir) {
    Config config;
    config.data_dir = data_dir;
    config.queue.backoff_base = 10ms;  // a second by default; here nobody should wait
    ARCHAEO_ASSIGN(auto engine, Engine::open(config));
    ARCHAEO_TRY(engine->add_handler("count_words", count_words));

    struct Task {
        const char* text;
        const char* result;
        std::size_t attempts;
    };
    const std::array tasks{Task{"to be or not to be", R"({"words":6})", 1},
                           Task{"nothing is lost", R"({"words":3})", 1},
                           Task{"flaky things work the second time", R"({"words":6})", 2}};
    std::vector<NewJob> jobs(tasks.size());
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        jobs[i].job_type = "count_words";
        jobs[i].job_data = std::string(R"({"text":")") + tasks[i].text + "\"}";
    }
    ARCHAEO_ASSIGN(const auto ids, engine->queue().enqueue(jobs));  // durable: it survives this program's death
    ARCHAEO_TRY(engine->start_workers());

    int wrong = 0;
    for (std::size_t i = 0; i < tasks.size(); ++i) {
        ARCHAEO_ASSIGN(const Job job, engine->queue().wait_for(ids[i], 30s));
        std::printf("%s, %zu attempts: %s\n", to_string(job.status).data(), job.attempts.size(),
                    job.result_data.c_str());
        const bool right = job.result_data == tasks[i].result && job.attempts.size() == tasks[i].attempts;
        wrong += right && job.status == JobStatus::completed ? 0 : 1;
    }
    return wrong;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 2) return std::fputs("usage: custom_job DATA_DIR\n", stderr), 2;
    const auto wrong = run(argv[1]);
    if (!wrong) std::fprintf(stderr, "custom_job: %s\n", wrong.error().message.c_str());
    return wrong && *wrong == 0 ? 0 : 1;
}
