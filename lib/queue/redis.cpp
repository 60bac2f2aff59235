#include "queue/redis.hpp"

#include <algorithm>

#include "queue/redis/elsewhere.hpp"
#include "queue/redis/recorder.hpp"
#include "queue/redis/relay.hpp"
#include "queue/requests.hpp"
#include "queue/sqlite/ending.hpp"
#include "queue/sqlite/settings.hpp"
#include "sql/queue_redis_next_periodic.hpp"

namespace archaeologist {
namespace {

using redis_queue::Rounds;
using sqlite::Connection;
using sqlite::Query;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

// What readers of the catalog may not have heard yet.
constexpr milliseconds record_every{100};
// What other processes put into the outbox, and what lets Redis be looked for.
constexpr milliseconds relay_every{250};
constexpr milliseconds compare_every{1'000};
constexpr milliseconds read_wait_max{250};

std::string in_run(const std::string& run_dir, std::string_view file) {
    return run_dir.empty() ? std::string() : run_dir + "/" + std::string(file);
}

bool makes_children(std::span<const Settlement> settlements) {
    return std::any_of(settlements.begin(), settlements.end(),
                       [](const Settlement& one) { return std::holds_alternative<Expanded>(one.outcome); });
}

}  // namespace

Result<std::unique_ptr<RedisQueue>> RedisQueue::open(sqlite::Database& catalog, redis::Client& client,
                                                     RedisQueueOptions options, const Clock& clock, std::uint64_t seed,
                                                     const std::string& run_dir) {
    ARCHAEO_TRY(catalog.write([&](Connection& tx) { return redis_queue::go_elsewhere(tx, clock.now()); }));
    ARCHAEO_ASSIGN(const auto elsewhere, catalog.read([](Connection& tx) { return redis_queue::elsewhere(tx); }));
    std::unique_ptr<RedisQueue> queue(new RedisQueue(catalog, client, std::move(options), clock, seed, run_dir));
    queue->broker_.expect(elsewhere.incarnation);
    queue->is_lost_ = true;  // not known to be: the first round looks, and tells Redis what workers must reach
    ARCHAEO_TRY(queue->read_next_periodic());
    queue->start();
    return queue;
}

RedisQueue::RedisQueue(sqlite::Database& catalog, redis::Client& client, RedisQueueOptions options, const Clock& clock,
                       std::uint64_t seed, const std::string& run_dir)
    : catalog_(catalog),
      clock_(clock),
      options_(std::move(options)),
      ensure_lock_path_(in_run(run_dir, "redis-begin.lock")),
      desk_(catalog, options_.broker.queue, clock, seed, run_dir),
      broker_(client, options_.broker),
      leader_(in_run(run_dir, "redis-leader.lock")) {}

RedisQueue::~RedisQueue() {
    broker_.interrupt();
    recorder_.reset();
    relay_.reset();
}

void RedisQueue::start() {
    relay_ = std::make_unique<Rounds>([this](Rounds::Cause cause) { return relay_round(cause); }, relay_every);
    recorder_ = std::make_unique<Rounds>([this](Rounds::Cause cause) { return record_round(cause); }, record_every);
    hand_over();
}

Status RedisQueue::tell_redis() {
    const bool is_lost = is_lost_.exchange(false) || broker_.expected() == 0;
    if (!is_lost) {
        Status told = redis_queue::relay(catalog_, broker_, clock_, handed_);
        if (told || told.error().code != Code::incompatible) return told;
    }
    Status begun = redis_queue::ensure_incarnation(catalog_, broker_, options_.identity, clock_, ensure_lock_path_);
    if (!begun) {
        is_lost_ = true;
        return begun;
    }
    return redis_queue::relay(catalog_, broker_, clock_, handed_);
}

void RedisQueue::note_redis(const Status& told) {
    degraded_ = !told;
    is_away_ = !told && told.error().code != Code::storage_full;
    std::string reason = told ? "" : told.error().message;
    if (reason == reason_) return;
    if (told) {
        options_.log(LogLevel::info, "queue: Redis takes jobs again");
    } else {
        options_.log(LogLevel::warning, "queue: Redis takes no jobs, they are accepted and wait: " + reason);
    }
    reason_ = std::move(reason);
}

Status RedisQueue::relay_round(Rounds::Cause cause) {
    // Who wrote to the outbox hands it over; the leader sees to what others could not.
    if (cause == Rounds::Cause::time && !leader_.is_leader()) return {};
    Status told = tell_redis();
    // With nothing to tell nobody has asked Redis.
    if (told && degraded_) told = check_incarnation();
    if (told && cause == Rounds::Cause::time) told = compare_some();
    note_redis(told);
    static_cast<void>(read_next_periodic());
    return told;
}

// A catalog that is empty of unfinished jobs says nothing of whether Redis lost the queue.
Status RedisQueue::check_incarnation() {
    ARCHAEO_ASSIGN(const bool holds, broker_.holds(broker_.expected()));
    if (holds) return {};
    return redis_queue::ensure_incarnation(catalog_, broker_, options_.identity, clock_, ensure_lock_path_);
}

Status RedisQueue::compare_some() {
    const auto now = steady_clock::now();
    if (now - compared_at_ < compare_every) return {};
    compared_at_ = now;
    ARCHAEO_TRY(check_incarnation());
    ARCHAEO_ASSIGN(compared_to_, redis_queue::sweep(catalog_, broker_, compared_to_));
    ARCHAEO_ASSIGN(listed_to_, redis_queue::sweep_redis(catalog_, broker_, listed_to_));
    return {};
}

Status RedisQueue::record_round(Rounds::Cause cause) {
    if (is_away_ || broker_.expected() == 0) return Error{Code::unavailable, "Redis is away"};
    if (cause == Rounds::Cause::time && !leader_.is_leader()) return {};
    const auto news = wants_all_.exchange(false) ? redis_queue::Broker::News::all : redis_queue::Broker::News::due;
    const auto recorded = redis_queue::record_all(catalog_, broker_, clock_, news);
    if (!recorded) {
        if (recorded.error().code == Code::incompatible) is_lost_ = true;
        relay_->ask();  // which finds out what is the matter with Redis
        return recorded.error();
    }
    for (const auto& [id, why] : recorded->refused) {
        options_.log(LogLevel::warning, "queue: what Redis says of job " + id.text() +
                                            " cannot be recorded, and is tried again in " +
                                            std::to_string(redis_queue::refused_wait.count()) + " min: " + why.message);
    }
    if (recorded->batches > 0) relay_->ask();
    if (recorded->jobs > 0) desk_.wake_all();
    return {};
}

void RedisQueue::hand_over() {
    if (degraded_) {
        relay_->ask();
        return;
    }
    // Else the relay goes on trying, and stats() says so.
    static_cast<void>(relay_->wait(hand_over_max));
}

void RedisQueue::catch_up(milliseconds wait_max) {
    if (degraded_) return;
    handed_.wait(hand_over_max);
    wants_all_ = true;
    static_cast<void>(recorder_->wait(wait_max));
}

template <class Call>
auto RedisQueue::on_redis(Call call) -> decltype(call()) {
    auto reply = call();
    if (reply || reply.error().code != Code::incompatible) return reply;
    is_lost_ = true;
    ARCHAEO_TRY(relay_->wait(hand_over_max));
    return call();
}

Result<std::vector<JobId>> RedisQueue::enqueue(std::span<const NewJob> jobs) { return and_ask(desk_.enqueue(jobs)); }

Result<std::vector<JobId>> RedisQueue::enqueue_once(const IdempotencyKey& key, std::span<const NewJob> jobs) {
    return and_ask(desk_.enqueue_once(key, jobs));
}

Status RedisQueue::read_next_periodic() {
    return catalog_.read([&](Connection& tx) -> Status {
        Query query(tx, sql::queue_redis_next_periodic);
        ARCHAEO_TRY(query.step());
        next_periodic_ms_ = query.is_null(0) ? std::numeric_limits<std::int64_t>::max() : query.integer(0);
        return {};
    });
}

Status RedisQueue::make_periodic() {
    const TimePoint now = clock_.now();
    if (to_ms(now) < next_periodic_ms_) return {};
    ARCHAEO_TRY(catalog_.write([&](Connection& tx) { return sqlite_queue::make_periodic(tx, now); }));
    ARCHAEO_TRY(read_next_periodic());
    hand_over();
    return {};
}

Result<std::vector<Lease>> RedisQueue::claim(const ClaimRequest& request, milliseconds wait) {
    ARCHAEO_TRY(validate(request));
    const auto give_up_at = steady_clock::now() + wait;
    for (;;) {
        ARCHAEO_TRY(make_periodic());
        if (!degraded_) handed_.wait(hand_over_max);
        const auto left = std::chrono::ceil<milliseconds>(give_up_at - steady_clock::now());
        const milliseconds till_periodic(std::clamp<std::int64_t>(next_periodic_ms_ - to_ms(clock_.now()), 1, 60'000));
        const milliseconds part = std::clamp(left, milliseconds{0}, till_periodic);
        const auto interrupts = broker_.interrupts();
        auto leases = on_redis([&] { return broker_.claim(request, part); });
        if (!leases || !leases->empty() || left <= part || interrupts != broker_.interrupts()) return leases;
    }
}

// Redis forgets what is recorded, the catalog does not.
Status RedisQueue::with_catalog(Status settled, const Settlement& settlement) {
    if (settled || settled.error().code != Code::not_found) return settled;
    const auto row = catalog_.read([&](Connection& tx) { return sqlite_queue::find_row(tx, settlement.id); });
    return row && *row ? Status(lease_lost(settlement)) : settled;
}

Result<FinishClaimReply> RedisQueue::finish_claim(std::span<const Settlement> settlements,
                                                  const ClaimRequest& request) {
    ARCHAEO_TRY(make_periodic());
    ARCHAEO_ASSIGN(auto reply, on_redis([&] { return broker_.finish_claim(settlements, request); }));
    for (std::size_t i = 0; i < reply.settled.size(); ++i) {
        reply.settled[i] = with_catalog(std::move(reply.settled[i]), settlements[i]);
    }
    if (makes_children(settlements)) {
        catch_up(hand_over_max);
        hand_over();
    } else if (!settlements.empty()) {
        // The results are safe in Redis; a busy worker does not wait for the catalog, and who reads it does.
        recorder_->ask();
    }
    return reply;
}

Status RedisQueue::settle(const Settlement& settlement) {
    ARCHAEO_TRY(with_catalog(on_redis([&] { return broker_.settle(settlement); }), settlement));
    catch_up(hand_over_max);
    if (makes_children({&settlement, 1})) hand_over();
    return {};
}

Result<HeartbeatReply> RedisQueue::heartbeat(std::string_view worker_id, std::span<const Beat> beats) {
    return on_redis([&] { return broker_.heartbeat(worker_id, beats); });
}

Status RedisQueue::cancel(JobId id) {
    catch_up(hand_over_max);
    return and_tell(desk_.cancel(id));
}

Result<JobId> RedisQueue::retry(JobId id) {
    catch_up(hand_over_max);
    return and_tell(desk_.retry(id));
}

Status RedisQueue::remove(JobId id) {
    catch_up(hand_over_max);
    return and_tell(desk_.remove(id));
}

Status RedisQueue::set_priority(JobId id, Priority priority) {
    catch_up(hand_over_max);
    return and_tell(desk_.set_priority(id, priority));
}

Result<BulkReply> RedisQueue::bulk(const JobSelection& selection, BulkAction action, Priority priority) {
    catch_up(hand_over_max);
    return and_tell(desk_.bulk(selection, action, priority));
}

Result<Job> RedisQueue::get(JobId id) {
    auto job = desk_.get(id);
    if (!job || job->is_finished()) return job;
    catch_up(read_wait_max);
    return desk_.get(id);
}

Result<Job> RedisQueue::wait_for(JobId id, milliseconds wait) {
    catch_up(read_wait_max);
    return desk_.wait_for(id, wait);
}

Result<QueueStats> RedisQueue::stats() {
    catch_up(read_wait_max);
    ARCHAEO_ASSIGN(QueueStats stats, desk_.stats());
    ARCHAEO_ASSIGN(stats.outbox_depth, catalog_.read([](Connection& tx) { return redis_queue::outbox_depth(tx); }));
    stats.degraded = degraded_;
    if (stats.degraded) return stats;
    const auto live = broker_.stats();
    if (live) stats.workers = live->workers;
    stats.degraded = !live;
    return stats;
}

Status RedisQueue::pause() { return and_tell(desk_.pause()); }

Status RedisQueue::resume() { return and_tell(desk_.resume()); }

Status RedisQueue::set_order(const QueueOrder& order) {
    catch_up(hand_over_max);
    return desk_.set_order(order);
}

Status RedisQueue::set_limit(const ConcurrencyLimit& limit) { return and_tell(desk_.set_limit(limit)); }

Status RedisQueue::remove_limit(const ConcurrencyLimit& limit) { return and_tell(desk_.remove_limit(limit)); }

Result<QueueSettings> RedisQueue::settings() { return desk_.settings(); }

Status RedisQueue::set_periodic(const PeriodicJob& periodic) {
    ARCHAEO_TRY(desk_.set_periodic(periodic));
    ARCHAEO_TRY(read_next_periodic());
    broker_.ring();
    return {};
}

Status RedisQueue::remove_periodic(std::string_view name) { return desk_.remove_periodic(name); }

Result<std::vector<PeriodicJob>> RedisQueue::periodic() { return desk_.periodic(); }

Status RedisQueue::join(std::string_view worker_id) {
    return on_redis([&] { return broker_.join(worker_id); });
}

void RedisQueue::leave(std::string_view worker_id) { broker_.leave(worker_id); }

Result<std::vector<WorkerRecord>> RedisQueue::workers() { return broker_.workers(); }

Result<std::int64_t> RedisQueue::sweep() {
    catch_up(hand_over_max);
    ARCHAEO_ASSIGN(const std::int64_t removed, desk_.sweep());
    if (removed > 0) relay_->ask();
    return removed;
}

void RedisQueue::interrupt() {
    desk_.interrupt();
    broker_.interrupt();
}

void RedisQueue::watch(std::function<void()> watcher) { desk_.watch(std::move(watcher)); }

void RedisQueue::wake_all() {
    desk_.wake_all();
    if (relay_) relay_->ask();
}

}  // namespace archaeologist
