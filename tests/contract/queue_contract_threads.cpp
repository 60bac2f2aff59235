#include <doctest/doctest.h>

#include <atomic>
#include <functional>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include "base/mutex.hpp"
#include "contract/queue_desk.hpp"

namespace archaeologist {
namespace {

void run_threads(int count, const std::function<void(int)>& body) {
    std::vector<std::thread> threads;
    threads.reserve(static_cast<std::size_t>(count));
    for (int i = 0; i < count; ++i) threads.emplace_back(body, i);
    for (std::thread& thread : threads) thread.join();
}

}  // namespace

void thread_promises(Desk& desk) {
    SUBCASE("claims of many threads never give one job twice") {
        constexpr std::size_t count = 200;
        REQUIRE(desk.queue().enqueue(std::vector<NewJob>(count, desk.job())).has_value());
        Mutex mutex;
        std::vector<Lease> given;
        run_threads(8, [&](int i) {
            const ClaimRequest request{.worker_id = "w" + std::to_string(i), .limit = 1 + i % 4, .job_types = {}};
            while (true) {
                const auto leases = desk.queue().claim(request, 0ms);
                if (!leases || leases->empty()) return;
                const MutexLock lock(mutex);
                given.insert(given.end(), leases->begin(), leases->end());
            }
        });
        std::set<JobId> ids;
        std::set<std::uint64_t> epochs;
        for (const Lease& lease : given) {
            ids.insert(lease.id);
            epochs.insert(lease.epoch);
        }
        CHECK(given.size() == count);
        CHECK(ids.size() == count);
        CHECK(epochs.size() == count);
    }
    SUBCASE("of many threads that complete one job only one succeeds") {
        desk.accept();
        const Lease lease = desk.claim_one();
        std::atomic<int> accepted = 0;
        run_threads(8, [&](int) { accepted += desk.queue().complete(lease).has_value() ? 1 : 0; });
        CHECK(accepted == 1);
    }
    SUBCASE("an interrupt ends the wait of a claim") {
        std::atomic<bool> returned = false;
        std::thread waiting([&] {
            const auto leases = desk.queue().claim({.worker_id = "w1", .limit = 1, .job_types = {}}, 60s);
            CHECK(leases.has_value());
            returned = true;
        });
        // The claim may not have begun to wait yet, so the interrupt is repeated until it has heard one.
        const auto start = std::chrono::steady_clock::now();
        while (!returned) {
            desk.queue().interrupt();
            std::this_thread::yield();
        }
        waiting.join();
        CHECK(std::chrono::steady_clock::now() - start < 30s);
    }
    SUBCASE("a claim that waits takes a job as soon as it is enqueued") {
        std::atomic<int> claimed = 0;
        const auto start = std::chrono::steady_clock::now();
        std::thread waiting([&] {
            const auto leases = desk.queue().claim({.worker_id = "w1", .limit = 1, .job_types = {}}, 60s);
            claimed = leases ? static_cast<int>(leases->size()) : -1;
        });
        const NewJob wanted = desk.job();
        CHECK(desk.queue().enqueue({&wanted, 1}).has_value());
        waiting.join();
        CHECK(claimed == 1);
        CHECK(std::chrono::steady_clock::now() - start < 30s);
    }
}

}  // namespace archaeologist
