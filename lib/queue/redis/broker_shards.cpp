// Claiming over several shards: a look at all of them, then a claim from each of what is best over all.
#include <algorithm>
#include <iterator>
#include <thread>

#include "queue/pick.hpp"
#include "queue/redis/broker.hpp"
#include "queue/redis/pack.hpp"

namespace archaeologist::redis_queue {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds lock_max{5'000};
constexpr milliseconds lock_look_every{2};

ProjectId project_of(std::string_view name) {
    return static_cast<ProjectId>(Unpacker(name.substr(std::min<std::size_t>(1, name.size()))).number<std::int64_t>());
}

}  // namespace

Result<std::vector<Broker::Claimed>> Broker::look(const ClaimRequest& request, const Rooms& rooms) {
    std::vector<Claimed> looks;
    for (int shard = 0; shard < options_.shards; ++shard) {
        ARCHAEO_ASSIGN(Claimed one, run_claim(shard, Mode::look, request, {}, {0, 0, rooms}));
        looks.push_back(std::move(one));
    }
    return looks;
}

Broker::Rooms Broker::rooms_of(const std::vector<Claimed>& looks) {
    Rooms rooms;
    for (const Claimed& one : looks) {
        for (const auto& [name, limited] : one.limited) {
            const auto [room, is_new] = rooms.emplace(name, limited.running_max);
            room->second -= limited.running;
        }
    }
    return rooms;
}

Broker::Best Broker::best_of(std::vector<Claimed>& looks, int limit, const Rooms& rooms) {
    std::vector<Candidate> all;
    Picker::Held held;
    for (Claimed& one : looks) {
        std::move(one.candidates.begin(), one.candidates.end(), std::back_inserter(all));
        held.leases += one.held;
        held.suspects += one.suspects;
    }
    std::sort(all.begin(), all.end(), [](const Candidate& a, const Candidate& b) { return a.key < b.key; });
    Picker picker(limit, held);
    for (const auto& [name, room] : rooms) {
        if (name.front() == 'p') {
            picker.set_room(project_of(name), room);
        } else {
            picker.set_room(std::string_view(name).substr(1), room);
        }
    }
    Best best;
    for (Candidate& one : all) {
        // Without a limit of its own any project will do.
        const ProjectId project = one.project.empty() ? ProjectId{-1} : project_of(one.project);
        const std::string_view type = std::string_view(one.type).substr(1);
        const Verdict verdict =
            one.suspect.empty()
                ? picker.judge(project, type)
                : picker.judge_suspect(project, type, one.suspect == "o" ? Reservation::others : Reservation::none);
        if (verdict == Verdict::take) {
            best.taken.push_back(std::move(one));
        } else if (verdict == Verdict::reserve) {
            best.reserved = std::move(one);
            break;
        } else if (verdict == Verdict::stop) {
            break;
        }
    }
    return best;
}

Result<Broker::Claimed> Broker::claim_over_shards(const ClaimRequest& request) {
    ARCHAEO_ASSIGN(auto looks, look(request, {}));
    if (rooms_of(looks).empty()) return claim_best(request, std::move(looks), {});
    // What runs on one shard counts on all.
    ARCHAEO_TRY(lock_claims());
    const auto under_lock = [&]() -> Result<Claimed> {
        ARCHAEO_ASSIGN(const auto counted, look(request, {}));
        Rooms rooms = rooms_of(counted);
        ARCHAEO_ASSIGN(auto allowed, look(request, rooms));
        return claim_best(request, std::move(allowed), std::move(rooms));
    };
    auto claimed = under_lock();
    unlock_claims();
    return claimed;
}

Result<Broker::Claimed> Broker::claim_best(const ClaimRequest& request, std::vector<Claimed> looks, Rooms rooms) {
    Claimed all;
    for (const Claimed& one : looks) {
        all.held += one.held;
        all.suspects += one.suspects;
        all.asks_again = all.asks_again || one.asks_again;
        all.now_ms = one.now_ms;
        if (one.next_due_ms > 0 && (all.next_due_ms == 0 || one.next_due_ms < all.next_due_ms)) {
            all.next_due_ms = one.next_due_ms;
        }
    }
    const Best best = best_of(looks, request.limit, rooms);
    for (int shard = 0; shard < options_.shards; ++shard) {
        const Claimed& look = looks[static_cast<std::size_t>(shard)];
        ClaimRequest part = request;
        part.limit = 0;
        Elsewhere elsewhere{all.held - look.held, all.suspects - look.suspects, {}};
        for (const auto& [name, room] : rooms) elsewhere.rooms[name] = 0;
        const auto allow = [&](const Candidate& one) {
            ++part.limit;
            if (rooms.contains(one.type)) ++elsewhere.rooms[one.type];
            if (rooms.contains(one.project)) ++elsewhere.rooms[one.project];
        };
        for (const Candidate& one : best.taken) {
            if (one.shard == shard) {
                allow(one);
            } else {
                ++elsewhere.leases;
            }
        }
        // Where the shard's walk comes to the suspect it reserves it and takes no more.
        if (best.reserved && best.reserved->shard == shard) allow(*best.reserved);
        if (part.limit == 0) continue;
        auto claimed = run_claim(shard, Mode::claim, part, {}, elsewhere);
        // What was claimed so far must reach its worker.
        if (!claimed && all.leases.empty()) return claimed;
        if (!claimed) break;
        for (auto& [key, index] : claimed->order) all.order.emplace_back(key, all.leases.size() + index);
        std::move(claimed->leases.begin(), claimed->leases.end(), std::back_inserter(all.leases));
    }
    std::sort(all.order.begin(), all.order.end());
    std::vector<Lease> sorted;
    for (const auto& [key, index] : all.order) sorted.push_back(std::move(all.leases[index]));
    all.leases = std::move(sorted);
    return all;
}

Status Broker::lock_claims() {
    const std::string& key = keys_.front().claiming;
    const std::vector<std::string> words{"SET", key, "1", "NX", "PX", std::to_string(lock_max.count())};
    const auto give_up_at = steady_clock::now() + 2 * lock_max;
    for (;;) {
        ARCHAEO_ASSIGN(const redis::Reply taken, client_.command(key, words));
        if (!taken.is_nil()) return {};
        if (steady_clock::now() >= give_up_at) return Error{Code::unavailable, "queue: others claim all the time"};
        std::this_thread::sleep_for(lock_look_every);
    }
}

// A lock that is not let go ends by itself.
void Broker::unlock_claims() {
    const std::string& key = keys_.front().claiming;
    const std::vector<std::string> words{"DEL", key};
    static_cast<void>(client_.command(key, words));
}

}  // namespace archaeologist::redis_queue
