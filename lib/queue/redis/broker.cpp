// The worker's side: claiming, settling, heartbeats, presence.
#include "queue/redis/broker.hpp"

#include <algorithm>

#include "job/validate.hpp"
#include "queue/redis/parcel.hpp"
#include "queue/redis/scripts.hpp"
#include "queue/requests.hpp"

namespace archaeologist::redis_queue {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// Somebody always looks, whether woken or not: expired leases and due jobs depend on it.
constexpr milliseconds look_every{1'000};
constexpr std::size_t workers_at_once = 1'000;
constexpr std::uint64_t counters = std::uint64_t{1} << 32;

std::vector<std::string> wake_keys(const std::vector<ShardKeys>& keys) {
    std::vector<std::string> wakes;
    wakes.reserve(keys.size());
    for (const ShardKeys& shard : keys) wakes.push_back(shard.wake);
    return wakes;
}

std::vector<ShardKeys> all_keys(const BrokerOptions& options) {
    std::vector<ShardKeys> keys;
    keys.reserve(static_cast<std::size_t>(options.shards));
    for (int shard = 0; shard < options.shards; ++shard) keys.push_back(keys_of(options.name, shard));
    return keys;
}

struct Words {
    std::string how;
    std::string text;
    std::int64_t wait_ms = 0;
};

// An outcome in finish_claim.lua's words.
Words words_of(const Outcome& outcome) {
    struct Visitor {
        Words operator()(const Completed& how) const { return {"c", how.result_data}; }
        Words operator()(const Failed& how) const {
            return {how.permanent ? "p" : "f", std::string(cut_text(how.message, JobLimits::error_bytes_max))};
        }
        Words operator()(const Released&) const { return {"r", ""}; }
        Words operator()(const Delayed& how) const {
            return {"d", std::string(cut_text(how.message, JobLimits::error_bytes_max)), how.wait.count()};
        }
        Words operator()(const Expanded& how) const { return {"e", pack_children(how.children)}; }
    };
    return std::visit(Visitor{}, outcome);
}

Error unreadable_figures() { return {Code::internal, "Redis gave figures that cannot be read"}; }

Status status_of(std::int64_t code, const Settlement& settlement) {
    if (code == 0) return {};
    return code == 1 ? no_such_job(settlement.id) : lease_lost(settlement);
}

JobId id_of(const redis::Reply& reply) { return JobId(Uuid::from_bytes(reply.text())); }

Result<Lease> lease_of(const redis::Reply& reply, const std::map<std::string, std::string>& lanes) {
    const auto& words = reply.list();
    if (words.size() != 7 || words[0].text().size() != sizeof(Uuid)) {
        return Error{Code::internal, "Redis gave a claim that cannot be read"};
    }
    ARCHAEO_ASSIGN(Lease lease, parse_job(words[6].text(), lanes));
    lease.id = id_of(words[0]);
    lease.epoch = static_cast<std::uint64_t>(words[1].number());
    lease.lease_until = from_ms(words[2].number());
    lease.deadline = from_ms(words[3].number());
    lease.retry_count = static_cast<int>(words[4].number());
    lease.attempt = static_cast<int>(words[5].number());
    return lease;
}

}  // namespace

Broker::Broker(redis::Client& client, BrokerOptions options)
    : client_(client),
      options_(std::move(options)),
      keys_(all_keys(options_)),
      doorbell_(client, wake_keys(keys_)),
      rng_(options_.seed) {}

int Broker::shard_of(JobId id) const {
    return static_cast<int>(UuidHash{}(id) % static_cast<std::size_t>(options_.shards));
}

int Broker::shard_of_epoch(std::uint64_t epoch) const {
    return static_cast<int>(epoch % counters % static_cast<std::uint64_t>(options_.shards));
}

std::uint64_t Broker::next_seed() {
    const MutexLock lock(mutex_);
    return rng_() >> 33;
}

redis::ScriptCall Broker::call_of(const redis::Script& script, int shard) const {
    const std::int64_t incarnation = incarnation_;
    return {&script,
            keys_[static_cast<std::size_t>(shard)].all,
            {incarnation == 0 ? "" : std::to_string(incarnation),
             options_.clock == nullptr ? "" : std::to_string(to_ms(options_.clock->now()))}};
}

Result<redis::Reply> Broker::run(const redis::ScriptCall& call) { return client_.run(call); }

Result<Broker::Claimed> Broker::run_claim(int shard, Mode mode, const ClaimRequest& request, const Settling& settling,
                                          const Elsewhere& elsewhere) {
    redis::ScriptCall call = call_of(scripts().finish_claim, shard);
    auto& words = call.arguments;
    words.insert(words.end(), {std::to_string(next_seed()), std::to_string(options_.queue.lease.count()),
                               std::to_string(options_.queue.backoff_base.count()),
                               std::to_string(options_.queue.backoff_cap.count()), request.worker_id,
                               std::to_string(mode == Mode::settle_only ? -1 : request.limit),
                               mode == Mode::look ? "look" : "claim", std::to_string(elsewhere.leases),
                               std::to_string(elsewhere.suspects), std::to_string(request.job_types.size())});
    words.insert(words.end(), request.job_types.begin(), request.job_types.end());
    words.push_back(std::to_string(elsewhere.rooms.size()));
    for (const auto& [name, room] : elsewhere.rooms) words.insert(words.end(), {name, std::to_string(room)});
    for (const std::size_t index : settling.indices) {
        const Settlement& one = settling.all[index];
        Words outcome = words_of(one.outcome);
        if (const auto parcel = settling.parcels.find(index); parcel != settling.parcels.end()) {
            outcome.text = parcel->second;
        }
        words.insert(words.end(), {std::string(one.id.view()), std::to_string(one.epoch), one.worker_id,
                                   std::move(outcome.how), std::move(outcome.text), std::to_string(outcome.wait_ms)});
    }
    ARCHAEO_ASSIGN(const redis::Reply reply, run(call));
    const auto& parts = reply.list();
    if (parts.size() != 8) return Error{Code::internal, "Redis gave an answer to a claim that cannot be read"};
    Claimed claimed;
    claimed.now_ms = parts[0].number();
    for (const auto& code : parts[1].list()) claimed.codes.push_back(code.number());
    claimed.next_due_ms = parts[4].number();
    claimed.held = parts[5].number();
    claimed.suspects = parts[6].number();
    claimed.asks_again = parts[7].number() != 0;
    if (mode == Mode::look) {
        const auto& limited = parts[2].list();
        for (std::size_t i = 0; i + 2 < limited.size(); i += 3) {
            claimed.limited[limited[i].text()] = {limited[i + 1].number(), limited[i + 2].number()};
        }
        const auto& keys = parts[3].list();
        for (std::size_t i = 0; i + 3 < keys.size(); i += 4) {
            claimed.candidates.push_back(
                {keys[i].text(), shard, keys[i + 1].text(), keys[i + 2].text(), keys[i + 3].text()});
        }
        return claimed;
    }
    std::map<std::string, std::string> lanes;
    const auto& names = parts[2].list();
    for (std::size_t i = 0; i + 1 < names.size(); i += 2) lanes[names[i].text()] = names[i + 1].text();
    for (const auto& one : parts[3].list()) {
        ARCHAEO_ASSIGN(Lease lease, lease_of(one, lanes));
        lease.worker_id = request.worker_id;
        claimed.order.emplace_back(one.list()[6].text().substr(2, 8) + one.list()[0].text(), claimed.leases.size());
        claimed.leases.push_back(std::move(lease));
    }
    return claimed;
}

Result<Broker::Claimed> Broker::claim_now(const ClaimRequest& request) {
    for (;;) {
        auto claimed = options_.shards > 1 ? claim_over_shards(request) : run_claim(0, Mode::claim, request, {}, {});
        if (!claimed || !claimed->leases.empty() || !claimed->asks_again) return claimed;
    }
}

Result<std::vector<Lease>> Broker::claim(const ClaimRequest& request, milliseconds wait) {
    ARCHAEO_TRY(validate(request));
    const auto give_up_at = steady_clock::now() + wait;
    const auto first = doorbell_.seen();
    for (;;) {
        const auto before = doorbell_.seen();
        if (before.interrupts != first.interrupts) return std::vector<Lease>();
        keep_presence(request.worker_id);
        ARCHAEO_ASSIGN(Claimed claimed, claim_now(request));
        const auto now = steady_clock::now();
        if (!claimed.leases.empty() || now >= give_up_at) return std::move(claimed.leases);
        auto look_in = look_every;
        if (claimed.next_due_ms > 0) {
            look_in = std::clamp(milliseconds(claimed.next_due_ms - claimed.now_ms), milliseconds{1}, look_every);
        }
        doorbell_.wait(before, std::min(give_up_at, now + look_in));
    }
}

// It stays there also when the settlement is refused: that may be one that was done before, and its answer lost.
Status Broker::post_large(Settling& settling, std::size_t index) const {
    if (options_.lake == nullptr) return {};
    const Settlement& one = settling.all[index];
    const bool may_be_large =
        std::holds_alternative<Completed>(one.outcome) || std::holds_alternative<Expanded>(one.outcome);
    if (!may_be_large) return {};
    const std::string text = words_of(one.outcome).text;
    if (text.size() <= inline_result_bytes_max) return {};
    ARCHAEO_ASSIGN(settling.parcels[index], post(*options_.lake, one.id, one.epoch, text));
    return {};
}

Result<Broker::Claimed> Broker::settle_all(std::span<const Settlement> settlements, const ClaimRequest& request,
                                           std::vector<Status>& settled) {
    std::vector<Settling> by_shard(static_cast<std::size_t>(options_.shards),
                                   Settling{.all = settlements, .indices = {}});
    for (std::size_t i = 0; i < settlements.size(); ++i) {
        settled.push_back(validate(settlements[i]));
        if (!settled.back()) continue;
        Settling& settling = by_shard[static_cast<std::size_t>(shard_of_epoch(settlements[i].epoch))];
        settled.back() = post_large(settling, i);
        if (settled.back()) settling.indices.push_back(i);
    }
    Claimed last;
    for (int shard = 0; shard < options_.shards; ++shard) {
        const Settling& settling = by_shard[static_cast<std::size_t>(shard)];
        // On one shard the claim goes along.
        const Mode mode = options_.shards == 1 && request.limit >= 0 ? Mode::claim : Mode::settle_only;
        if (mode == Mode::settle_only && settling.indices.empty()) continue;
        ARCHAEO_ASSIGN(last, run_claim(shard, mode, request, settling, {}));
        if (last.codes.size() != settling.indices.size()) {
            return Error{Code::internal, "Redis answered other settlements than it was told"};
        }
        for (std::size_t i = 0; i < last.codes.size(); ++i) {
            const std::size_t index = settling.indices[i];
            settled[index] = status_of(last.codes[i], settlements[index]);
        }
    }
    return last;
}

Result<FinishClaimReply> Broker::finish_claim(std::span<const Settlement> settlements, const ClaimRequest& request) {
    ARCHAEO_TRY(validate_finish(settlements, request));
    keep_presence(request.worker_id);
    FinishClaimReply reply;
    ARCHAEO_ASSIGN(Claimed claimed, settle_all(settlements, request, reply.settled));
    if (options_.shards > 1 && request.limit > 0) {
        // The settlements are done: a claim that fails now takes nothing back.
        auto more = claim_now(request);
        if (more) claimed = std::move(*more);
    }
    reply.claimed = std::move(claimed.leases);
    return reply;
}

Status Broker::settle(const Settlement& settlement) {
    std::vector<Status> settled;
    ARCHAEO_TRY(
        settle_all({&settlement, 1}, {.worker_id = settlement.worker_id, .limit = -1, .job_types = {}}, settled));
    return std::move(settled.front());
}

Result<HeartbeatReply> Broker::heartbeat(std::string_view worker_id, std::span<const Beat> beats) {
    ARCHAEO_TRY(validate_beats(worker_id, beats));
    bool has_joined = false;
    {
        const MutexLock lock(mutex_);
        if (const auto found = joined_.find(worker_id); found != joined_.end()) {
            has_joined = true;
            found->second = steady_clock::now();
        }
    }
    std::vector<std::vector<std::size_t>> by_shard(static_cast<std::size_t>(options_.shards));
    for (std::size_t i = 0; i < beats.size(); ++i) {
        by_shard[static_cast<std::size_t>(shard_of_epoch(beats[i].epoch))].push_back(i);
    }
    std::vector<std::int64_t> codes(beats.size(), 0);
    for (int shard = 0; shard < options_.shards; ++shard) {
        const auto& indices = by_shard[static_cast<std::size_t>(shard)];
        const bool shows = has_joined && shard == 0;
        if (indices.empty() && !shows) continue;
        redis::ScriptCall call = call_of(scripts().heartbeat, shard);
        auto& words = call.arguments;
        words.insert(words.end(), {std::string(worker_id), std::to_string(options_.queue.lease.count()),
                                   std::to_string(shows ? options_.presence_ttl.count() : 0)});
        for (const std::size_t index : indices) {
            const Beat& beat = beats[index];
            words.insert(words.end(), {std::string(beat.id.view()), std::to_string(beat.epoch),
                                       std::to_string(beat.progress_current), std::to_string(beat.progress_total),
                                       std::string(cut_text(beat.progress_message, QueueLimits::progress_bytes_max))});
        }
        ARCHAEO_ASSIGN(const redis::Reply reply, run(call));
        for (std::size_t i = 0; i < indices.size() && i < reply.list().size(); ++i) {
            codes[indices[i]] = reply.list()[i].number();
        }
    }
    HeartbeatReply reply;
    for (std::size_t i = 0; i < beats.size(); ++i) {
        if (codes[i] == 1) reply.lost.push_back(beats[i].id);
        if (codes[i] == 2) reply.cancelled.push_back(beats[i].id);
    }
    return reply;
}

Status Broker::join(std::string_view worker_id) {
    ARCHAEO_TRY(validate_worker_id(worker_id));
    redis::ScriptCall call = call_of(scripts().worker, 0);
    call.arguments.insert(call.arguments.end(),
                          {"join", std::string(worker_id), std::to_string(options_.presence_ttl.count())});
    ARCHAEO_ASSIGN(const redis::Reply reply, run(call));
    if (reply.number() == 0) return worker_id_in_use(worker_id);
    const MutexLock lock(mutex_);
    joined_[std::string(worker_id)] = steady_clock::now();
    return {};
}

void Broker::leave(std::string_view worker_id) {
    {
        const MutexLock lock(mutex_);
        const auto found = joined_.find(worker_id);
        if (found == joined_.end()) return;
        joined_.erase(found);
    }
    // Where that is not heard, its time runs out.
    static_cast<void>(change(scripts().worker, 0, {"leave", std::string(worker_id), "0"}));
}

// Idle workers send no beats.
void Broker::keep_presence(const std::string& worker_id) {
    {
        const MutexLock lock(mutex_);
        const auto found = joined_.find(worker_id);
        if (found == joined_.end() || steady_clock::now() - found->second < options_.presence_ttl / 6) return;
    }
    static_cast<void>(heartbeat(worker_id, {}));
}

Result<std::vector<WorkerRecord>> Broker::workers() {
    ARCHAEO_ASSIGN(const redis::Reply live, ask(scripts().worker, 0, {"list"}));
    std::vector<WorkerRecord> all;
    for (const redis::Reply& one : live.list()) all.push_back({std::string(one.text()), {}, 0});
    std::sort(all.begin(), all.end(),
              [](const WorkerRecord& a, const WorkerRecord& b) { return a.worker_id < b.worker_id; });
    for (std::size_t begin = 0; begin < all.size(); begin += workers_at_once) {
        const std::size_t end = std::min(begin + workers_at_once, all.size());
        std::vector<std::string> arguments{"count"};
        for (std::size_t i = begin; i < end; ++i) arguments.push_back(all[i].worker_id);
        for (int shard = 0; shard < options_.shards; ++shard) {
            ARCHAEO_ASSIGN(const redis::Reply counts, ask(scripts().worker, shard, arguments));
            if (counts.list().size() != end - begin) return unreadable_figures();
            for (std::size_t i = begin; i < end; ++i) all[i].running += counts.list()[i - begin].number();
        }
    }
    return all;
}

Result<BrokerStats> Broker::stats() {
    BrokerStats all;
    for (int shard = 0; shard < options_.shards; ++shard) {
        ARCHAEO_ASSIGN(const redis::Reply reply, run(call_of(scripts().stats, shard)));
        const auto& parts = reply.list();
        if (parts.size() != 7) return unreadable_figures();
        all.ready += parts[0].number();
        all.delayed += parts[1].number();
        all.running += parts[2].number();
        all.unrecorded += parts[3].number();
        all.workers += parts[4].number();
        all.paused = parts[5].number() != 0;
        all.set_aside += parts[6].number();
    }
    return all;
}

}  // namespace archaeologist::redis_queue
