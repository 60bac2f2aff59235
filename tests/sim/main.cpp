// archaeologist-sim: drives a queue through stories of crashes, pauses, lost replies and storms, in virtual time.
//   archaeologist-sim --backend memory|sqlite|redis|lossy-redis [--steps N] [--seed S] [--story N]
#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <random>

#include "catalog/catalog.hpp"
#include "queue/memory.hpp"
#include "queue/redis.hpp"
#include "queue/sqlite.hpp"
#include "sim/fairness.hpp"
#include "sim/lossy.hpp"
#include "sim/simulation.hpp"
#include "support/redis_server.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

class MemorySubject final : public sim::Subject {
public:
    MemorySubject(const QueueOptions& options, const Clock& clock, std::uint64_t seed) : queue_(options, clock, seed) {}
    [[nodiscard]] std::vector<Queue*> handles() override { return {&queue_}; }

private:
    MemoryQueue queue_;
};

// Two queues on one catalog, as two processes have them.
class SqliteSubject final : public sim::Subject {
public:
    SqliteSubject(const QueueOptions& options, const Clock& clock, std::uint64_t seed)
        : one_(*catalog_, options, clock, seed), other_(*catalog_, options, clock, seed + 1) {}
    [[nodiscard]] std::vector<Queue*> handles() override { return {&one_, &other_}; }

private:
    TemporaryFolder folder_;
    std::unique_ptr<sqlite::Database> catalog_ = catalog::open(folder_.path()).value();
    SqliteQueue one_;
    SqliteQueue other_;
};

// One for all stories, emptied for each.
RedisServer& server() {
    static RedisServer one;
    return one;
}

// On a Redis that loses nothing.
class RedisSubject final : public sim::Subject {
public:
    RedisSubject(const QueueOptions& options, const Clock& clock, std::uint64_t seed) {
        server().run({"FLUSHALL"});
        RedisQueueOptions redis_options;
        // The clock jumps; a latecomer is to be told the truth all the same.
        redis_options.broker = {
            .queue = options, .result_ttl = std::chrono::hours{10'000}, .clock = &clock, .seed = seed};
        queue_ = RedisQueue::open(*catalog_, *client_, std::move(redis_options), clock, seed).value();
    }
    [[nodiscard]] std::vector<Queue*> handles() override { return {queue_.get()}; }
    [[nodiscard]] Children children() const override { return Children::later; }

private:
    TemporaryFolder folder_;
    std::unique_ptr<sqlite::Database> catalog_ = catalog::open(folder_.path()).value();
    std::unique_ptr<redis::Client> client_ = redis::Client::open(redis::parse_url(server().url()).value(), {});
    std::unique_ptr<RedisQueue> queue_;
};

template <class Kind>
sim::MakeSubject maker() {
    return [](const QueueOptions& options, const Clock& clock, std::uint64_t seed) {
        return std::make_unique<Kind>(options, clock, seed);
    };
}

// Runs one story.
using Tell = std::function<sim::Ending(const sim::Story&)>;

void report(const std::string& backend, const sim::Story& story, const sim::Ending& ending) {
    for (const std::string& step : ending.last_steps) std::printf("  %s\n", step.c_str());
    std::printf("FAILED at step %lld: %s\n", static_cast<long long>(ending.steps), ending.complaint.c_str());
    std::printf("to see it again: archaeologist-sim --backend %s --seed %llu --story %lld --steps %lld\n",
                backend.c_str(), static_cast<unsigned long long>(story.seed), static_cast<long long>(story.steps),
                static_cast<long long>(story.steps));
}

int run(int argc, char** argv) {
    CLI::App app{"Simulates a job queue in virtual time and checks its promises after every step."};
    std::string backend = "memory";
    std::int64_t steps = 1'000'000;
    std::int64_t story_steps = 5'000;
    std::uint64_t seed = 1;
    bool is_random = false;
    app.add_option("--backend", backend, "memory, sqlite, redis, or lossy-redis, which loses things")
        ->check(CLI::IsMember({"memory", "sqlite", "redis", "lossy-redis"}));
    app.add_option("--steps", steps, "in all")->check(CLI::PositiveNumber);
    app.add_option("--story", story_steps, "steps with one queue, then a fresh one and the next seed")
        ->check(CLI::PositiveNumber);
    app.add_option("--seed", seed, "of the first story");
    app.add_flag("--random", is_random, "a seed nobody has seen");
    CLI11_PARSE(app, argc, argv);
    if (is_random) seed = std::random_device{}();

    const std::map<std::string, sim::MakeSubject> makers{
        {"memory", maker<MemorySubject>()}, {"sqlite", maker<SqliteSubject>()}, {"redis", maker<RedisSubject>()}};
    const auto maker_found = makers.find(backend);
    Tell tell = [&](const sim::Story& story) { return sim::LossySimulation(server(), story).run(); };
    if (maker_found != makers.end()) {
        tell = [&](const sim::Story& story) { return sim::Simulation(maker_found->second, story).run(); };
        if (const std::string unfair = sim::find_unfairness(maker_found->second); !unfair.empty()) {
            std::printf("FAILED: %s\n", unfair.c_str());
            return 1;
        }
    }
    std::int64_t done = 0;
    std::int64_t stories = 0;
    for (; done < steps; ++stories) {
        const sim::Story story{seed + static_cast<std::uint64_t>(stories), story_steps};
        const sim::Ending ending = tell(story);
        if (!ending.complaint.empty()) {
            report(backend, story, ending);
            return 1;
        }
        done += ending.steps;
    }
    std::printf("%lld steps in %lld stories on %s, seeds from %llu: every promise held\n", static_cast<long long>(done),
                static_cast<long long>(stories), backend.c_str(), static_cast<unsigned long long>(seed));
    return 0;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {  // CLI11's, or no memory
        std::fprintf(stderr, "archaeologist-sim: %s\n", error.what());
        return 1;
    }
}
