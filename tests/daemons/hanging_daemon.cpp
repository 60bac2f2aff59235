// A daemon as archaeologist-worker is one, whose jobs of type "hang" ignore that they should stop. With HANGING_JOBS in the
// environment it begins with so many of them.
#include <condition_variable>
#include <mutex>
#include <string>
#include <vector>

#include "host/daemon.hpp"
#include "host/daemon_settings.hpp"

namespace {

using namespace archaeologist;

Outcome hang(JobContext&) {
    std::mutex mutex;
    std::condition_variable never;
    std::unique_lock lock(mutex);
    for (;;) never.wait(lock);
}

Result<int> serve(const host::Settings& settings, const host::Environment& environment) {
    const auto log = host::log_of("archaeologist-hanging-daemon", settings);
    ARCHAEO_ASSIGN(const auto options, host::server_options(settings));
    ARCHAEO_ASSIGN(const auto config, host::config_of(settings, environment, 64, log.sink()));
    ARCHAEO_ASSIGN(const auto engine, host::open_engine(settings, config));
    ARCHAEO_TRY(engine->add_handler("hang", hang));
    const auto count = static_cast<std::size_t>(std::stoi("0" + environment("HANGING_JOBS")));
    NewJob wanted;
    wanted.job_type = "hang";
    wanted.timeout = std::chrono::seconds(1);
    wanted.max_retries = 0;
    const std::vector<NewJob> jobs(count, wanted);
    if (!jobs.empty()) ARCHAEO_TRY(engine->queue().enqueue(jobs));
    ARCHAEO_ASSIGN(const auto server,
                   host::HttpServer::open(options, [](host::HttpRequest&) { return host::HttpReply{}; }, {}));
    ARCHAEO_TRY(engine->start_workers());
    server->start();
    return host::end_with(
        host::run_until_stopped(
            "archaeologist-hanging-daemon", *server, environment, [&] { return engine->worker_status(); }, log),
        [&] { engine->stop_workers(); });
}

}  // namespace

int main(int argc, char** argv) {
    return host::run_daemon({"archaeologist-hanging-daemon", "Hangs.", ""}, host::worker_settings(), argc, argv,
                            {&serve, {}});
}
