// The half of the queue that knows only Redis: what workers on other hosts use, and what the catalog's side hands jobs to and
// hears of them from. The data's layout and the scripts: layout.hpp.
//
// A shard's scripts are atomic, and all that is true of one job is true on its shard alone. Over several shards a claim looks
// at all of them and takes the best of what it saw; concurrent claims may make the order approximate, never a job run twice.
// Where there are limits, such claims go one at a time, under a lock of at most 5 s.
// An epoch says its shard: incarnation · 2³² + counter · shards + shard.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archaeologist/lake.hpp"
#include "archaeologist/queue.hpp"
#include "base/mutex.hpp"
#include "queue/redis/doorbell.hpp"
#include "queue/redis/layout.hpp"
#include "queue/redis/records.hpp"
#include "redis/client.hpp"

namespace archaeologist::redis_queue {

struct BrokerOptions {
    std::string name = "archaeologist";
    int shards = 1;  // the same for all who use the queue
    QueueOptions queue{};
    std::chrono::milliseconds result_ttl{60'000};    // how long latecomers are told how a recorded job ended
    std::chrono::milliseconds presence_ttl{30'000};  // a joined worker that is silent for longer is gone
    const Clock* clock = nullptr;                    // null = the server's; another one is for tests
    std::uint64_t seed = 0;                          // of the backoff
    Lake* lake = nullptr;                            // takes large results; null = Redis takes all
};

// Fields of `meta` by which a worker sees that it has the same lake and stores.
using Identity = std::map<std::string, std::string>;

struct Acknowledgement {
    JobId id;
    std::int64_t version = 0;
};

struct BrokerStats {
    std::int64_t ready = 0;
    std::int64_t delayed = 0;
    std::int64_t running = 0;
    std::int64_t unrecorded = 0;
    std::int64_t workers = 0;
    std::int64_t set_aside = 0;  // of the unrecorded, what the catalog refused; it is asked again after a while
    bool paused = false;
};

struct Refused {
    JobId id;
    Error why;
};

// What the catalog is told.
struct Told {
    std::vector<Snapshot> jobs;
    std::vector<Refused> unreadable;
};

struct Listed {
    std::vector<JobId> ids;
    std::string next;  // empty = that was all
};

// Thread-safe. Errors of all calls: those of redis::Client, and incompatible (Redis holds no queue of this name, or another
// incarnation than begin() named; what workers call, and unrecorded(), also where Redis is another server than it was begun on,
// or was started again).
class Broker {
public:
    // client must outlive the broker.
    Broker(redis::Client& client, BrokerOptions options);

    [[nodiscard]] const BrokerOptions& options() const { return options_; }
    [[nodiscard]] int shard_of(JobId id) const;

    // A worker's.
    [[nodiscard]] Result<std::vector<Lease>> claim(const ClaimRequest& request, std::chrono::milliseconds wait);
    [[nodiscard]] Result<FinishClaimReply> finish_claim(std::span<const Settlement> settlements,
                                                        const ClaimRequest& request);
    [[nodiscard]] Status settle(const Settlement& settlement);
    [[nodiscard]] Result<HeartbeatReply> heartbeat(std::string_view worker_id, std::span<const Beat> beats);
    [[nodiscard]] Status join(std::string_view worker_id);
    void leave(std::string_view worker_id);
    void interrupt() { doorbell_.interrupt(); }
    // How often interrupt() was called.
    [[nodiscard]] std::uint64_t interrupts() { return doorbell_.seen().interrupts; }
    // Makes claims that wait look again.
    void ring() { doorbell_.ring(); }
    [[nodiscard]] Result<BrokerStats> stats();
    // By id; without the times they joined at.
    [[nodiscard]] Result<std::vector<WorkerRecord>> workers();
    // What `meta` says. Errors: also not_found.
    [[nodiscard]] Result<Identity> identity();

    // The catalog's. From begin() on every call of this broker expects its incarnation.
    [[nodiscard]] Status begin(std::int64_t incarnation, const Identity& identity);
    // Whether all shards hold the incarnation, on the servers it was begun on.
    [[nodiscard]] Result<bool> holds(std::int64_t incarnation);
    void expect(std::int64_t incarnation) { incarnation_ = incarnation; }
    [[nodiscard]] std::int64_t expected() const { return incarnation_; }
    // All of one shard; known ones stay as they are.
    [[nodiscard]] Status enqueue(int shard, std::span<const Handover> jobs);
    [[nodiscard]] Status cancel(int shard, std::span<const JobId> ids);
    // The same, and nothing stays behind of them.
    [[nodiscard]] Status forget(int shard, std::span<const JobId> ids);
    // Only id, score and priority are read.
    [[nodiscard]] Status move(int shard, std::span<const Handover> jobs);
    [[nodiscard]] Status set(const QueueSettings& settings);
    // due: without jobs that have just started, most of which end soon. rest: all, and also where Redis is another server than
    // the incarnation was begun on: what it has of it is true, it is only not the last of it.
    enum class News { due, all, rest };
    [[nodiscard]] Result<Told> unrecorded(int shard, int limit, News news);
    // unrecorded() is silent of them for so long; more than a second, and all its forms are.
    [[nodiscard]] Status set_aside(int shard, std::span<const JobId> ids, std::chrono::milliseconds wait);
    [[nodiscard]] Status acknowledge(int shard, std::span<const Acknowledgement> jobs);
    // Where Redis is full: forgets what it keeps of recorded jobs before its time, a part of it. How many it forgot.
    [[nodiscard]] Result<std::int64_t> make_room();
    [[nodiscard]] Result<std::vector<JobId>> missing(int shard, std::span<const JobId> ids);
    // Some of the shard's jobs that wait or run; `from` is empty, or the `next` of the call before.
    [[nodiscard]] Result<Listed> list(int shard, const std::string& from);

private:
    struct Candidate {
        std::string key;  // place and id: its order
        int shard = 0;
        std::string type;     // as limits name it
        std::string project;  // empty where that has no limit
        std::string suspect;  // empty, "s", or "o" when others reserved it
    };
    struct Best {
        std::vector<Candidate> taken;
        std::optional<Candidate> reserved;  // a suspect that the worker has to empty itself for
    };
    struct Limited {
        std::int64_t running = 0;
        std::int64_t running_max = 0;
    };
    using Rooms = std::map<std::string, std::int64_t>;
    struct Claimed {
        std::vector<Lease> leases;
        std::vector<std::pair<std::string, std::size_t>> order;  // place and id of each lease, its index
        std::vector<std::int64_t> codes;                         // one a settlement
        std::int64_t now_ms = 0;
        std::int64_t next_due_ms = 0;
        std::int64_t held = 0;
        std::int64_t suspects = 0;
        bool asks_again = false;
        // Of a look.
        std::vector<Candidate> candidates;
        std::map<std::string, Limited> limited;
    };
    struct Elsewhere {  // what a worker holds on other shards
        std::int64_t leases = 0;
        std::int64_t suspects = 0;
        Rooms rooms;  // of what has a limit, on all shards
    };
    struct Settling {
        std::span<const Settlement> all;
        std::vector<std::size_t> indices;              // those of one shard
        std::map<std::size_t, std::string> parcels{};  // in place of results that went into the lake
    };
    enum class Mode { claim, look, settle_only };

    [[nodiscard]] redis::ScriptCall call_of(const redis::Script& script, int shard) const;
    [[nodiscard]] Result<redis::Reply> run(const redis::ScriptCall& call);
    [[nodiscard]] Result<Claimed> run_claim(int shard, Mode mode, const ClaimRequest& request, const Settling& settling,
                                            const Elsewhere& elsewhere);
    [[nodiscard]] Result<Claimed> claim_now(const ClaimRequest& request);
    [[nodiscard]] Result<Claimed> claim_over_shards(const ClaimRequest& request);
    // Claims from each shard what is best over all of them.
    [[nodiscard]] Result<Claimed> claim_best(const ClaimRequest& request, std::vector<Claimed> looks, Rooms rooms);
    [[nodiscard]] Result<std::vector<Claimed>> look(const ClaimRequest& request, const Rooms& rooms);
    [[nodiscard]] static Rooms rooms_of(const std::vector<Claimed>& looks);
    [[nodiscard]] static Best best_of(std::vector<Claimed>& looks, int limit, const Rooms& rooms);
    [[nodiscard]] Status lock_claims();
    void unlock_claims();
    [[nodiscard]] Result<Claimed> settle_all(std::span<const Settlement> settlements, const ClaimRequest& request,
                                             std::vector<Status>& settled);
    // Puts a large result into the lake.
    [[nodiscard]] Status post_large(Settling& settling, std::size_t index) const;
    [[nodiscard]] Result<redis::Reply> ask(const redis::Script& script, int shard, std::vector<std::string> arguments);
    [[nodiscard]] Status change(const redis::Script& script, int shard, std::vector<std::string> arguments);
    [[nodiscard]] Status take_away(std::string_view how, int shard, std::span<const JobId> ids);
    [[nodiscard]] int shard_of_epoch(std::uint64_t epoch) const;
    [[nodiscard]] std::uint64_t next_seed();
    void keep_presence(const std::string& worker_id);

    redis::Client& client_;
    const BrokerOptions options_;
    std::vector<ShardKeys> keys_;
    Doorbell doorbell_;
    std::atomic<std::int64_t> incarnation_ = 0;  // 0 = any

    Mutex mutex_;
    Rng rng_ ARCHAEO_GUARDED_BY(mutex_);
    // Joined workers, and when they last showed themselves.
    std::map<std::string, std::chrono::steady_clock::time_point, std::less<>> joined_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::redis_queue
