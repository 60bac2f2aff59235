// The catalog's side of the broker: handing jobs over, hearing of them, settings, incarnations.
#include "queue/redis/broker.hpp"
#include "queue/redis/pack.hpp"
#include "queue/redis/scripts.hpp"

namespace archaeologist::redis_queue {
namespace {

constexpr std::int64_t snapshot_bytes_max = 4 << 20;  // a page of them
constexpr int list_jobs = 1'000;

std::string job_bytes(const JobId& id) { return std::string(id.view()); }

std::string project_bytes(ProjectId project) {
    Packer out;
    out.number(to_integer(project));
    return std::move(out).bytes();
}

void append(std::vector<std::string>& words, std::span<const JobId> ids) {
    for (const JobId id : ids) words.push_back(job_bytes(id));
}

}  // namespace

Result<redis::Reply> Broker::ask(const redis::Script& script, int shard, std::vector<std::string> arguments) {
    redis::ScriptCall call = call_of(script, shard);
    std::move(arguments.begin(), arguments.end(), std::back_inserter(call.arguments));
    return run(call);
}

Status Broker::change(const redis::Script& script, int shard, std::vector<std::string> arguments) {
    ARCHAEO_TRY(ask(script, shard, std::move(arguments)));
    return {};
}

Status Broker::begin(std::int64_t incarnation, const Identity& identity) {
    for (int shard = 0; shard < options_.shards; ++shard) {
        redis::ScriptCall call{&scripts().begin,
                               keys_[static_cast<std::size_t>(shard)].all,
                               {std::to_string(incarnation), std::to_string(shard), std::to_string(options_.shards)}};
        for (const auto& [field, value] : identity) {
            call.arguments.push_back(field);
            call.arguments.push_back(value);
        }
        ARCHAEO_TRY(run(call));
    }
    expect(incarnation);
    return {};
}

Result<bool> Broker::holds(std::int64_t incarnation) {
    for (const ShardKeys& keys : keys_) {
        ARCHAEO_ASSIGN(const redis::Reply held, run({&scripts().held, keys.all, {std::to_string(incarnation)}}));
        if (held.number() == 0) return false;
    }
    return true;
}

Result<Identity> Broker::identity() {
    const std::string& key = keys_.front().all.front();
    const std::vector<std::string> words{"HGETALL", key};
    ARCHAEO_ASSIGN(const redis::Reply found, client_.command(key, words));
    const auto& fields = found.list();
    if (fields.empty()) {
        return Error{Code::not_found, "Redis holds no queue \"" + options_.name + "\": its httpd has not begun one"};
    }
    Identity identity;
    for (std::size_t i = 0; i + 1 < fields.size(); i += 2) identity[fields[i].text()] = fields[i + 1].text();
    return identity;
}

Status Broker::enqueue(int shard, std::span<const Handover> jobs) {
    std::map<std::string, std::size_t> types;
    for (const Handover& job : jobs) types.emplace(job.job_type, types.size() + 1);
    std::vector<std::string> words(types.size());
    for (const auto& [type, number] : types) words[number - 1] = type;
    words.insert(words.begin(), std::to_string(types.size()));
    words.reserve(words.size() + jobs.size() * 4);
    for (const Handover& job : jobs) {
        words.push_back(job_bytes(job.id));
        words.push_back(std::to_string(types[job.job_type]));
        words.push_back(job_record(job));
        words.push_back(past_record(job));
    }
    return change(scripts().enqueue, shard, std::move(words));
}

Status Broker::take_away(std::string_view how, int shard, std::span<const JobId> ids) {
    std::vector<std::string> words{std::string(how), std::to_string(options_.result_ttl.count())};
    append(words, ids);
    return change(scripts().cancel, shard, std::move(words));
}

Status Broker::cancel(int shard, std::span<const JobId> ids) { return take_away("cancel", shard, ids); }

Status Broker::forget(int shard, std::span<const JobId> ids) { return take_away("forget", shard, ids); }

Status Broker::move(int shard, std::span<const Handover> jobs) {
    std::vector<std::string> words;
    for (const Handover& job : jobs) {
        words.push_back(job_bytes(job.id));
        words.push_back(place_bytes(job.score));
        words.emplace_back(1, static_cast<char>(job.priority));
    }
    return change(scripts().move, shard, std::move(words));
}

Status Broker::set(const QueueSettings& settings) {
    std::vector<std::string> words{settings.paused ? "1" : "0"};
    for (const ConcurrencyLimit& limit : settings.limits) {
        words.emplace_back(limit.project_id ? "p" : "t");
        words.push_back(limit.project_id ? project_bytes(*limit.project_id) : limit.job_type);
        words.push_back(std::to_string(limit.running_max));
    }
    for (int shard = 0; shard < options_.shards; ++shard) ARCHAEO_TRY(change(scripts().settings, shard, words));
    return {};
}

Result<Told> Broker::unrecorded(int shard, int limit, News news) {
    redis::ScriptCall call = call_of(news == News::rest ? scripts().rest : scripts().unrecorded, shard);
    call.arguments.push_back(std::to_string(limit));
    call.arguments.push_back(std::to_string(snapshot_bytes_max));
    call.arguments.emplace_back(news == News::due ? "due" : "all");
    ARCHAEO_ASSIGN(const redis::Reply reply, run(call));
    Told told;
    const auto& parts = reply.list();
    for (std::size_t i = 0; i + 1 < parts.size(); i += 2) {
        const JobId id(Uuid::from_bytes(parts[i].text()));
        auto one = parse_snapshot(id, parts[i + 1].text());
        if (one) {
            told.jobs.push_back(std::move(one).value());
        } else {
            told.unreadable.push_back({id, std::move(one).error()});
        }
    }
    return told;
}

Status Broker::set_aside(int shard, std::span<const JobId> ids, std::chrono::milliseconds wait) {
    std::vector<std::string> words{std::to_string(wait.count())};
    append(words, ids);
    return change(scripts().set_aside, shard, std::move(words));
}

Status Broker::acknowledge(int shard, std::span<const Acknowledgement> jobs) {
    std::vector<std::string> words{std::to_string(options_.result_ttl.count())};
    for (const Acknowledgement& job : jobs) {
        words.push_back(job_bytes(job.id));
        words.push_back(std::to_string(job.version));
    }
    return change(scripts().acknowledge, shard, std::move(words));
}

Result<std::int64_t> Broker::make_room() {
    std::int64_t forgotten = 0;
    for (int shard = 0; shard < options_.shards; ++shard) {
        redis::ScriptCall call = call_of(scripts().acknowledge, shard);
        call.arguments.emplace_back("0");
        ARCHAEO_ASSIGN(const redis::Reply reply, run(call));
        forgotten += reply.number();
    }
    return forgotten;
}

Result<std::vector<JobId>> Broker::missing(int shard, std::span<const JobId> ids) {
    redis::ScriptCall call = call_of(scripts().missing, shard);
    append(call.arguments, ids);
    ARCHAEO_ASSIGN(const redis::Reply reply, run(call));
    std::vector<JobId> missing;
    for (const auto& id : reply.list()) missing.emplace_back(Uuid::from_bytes(id.text()));
    return missing;
}

Result<Listed> Broker::list(int shard, const std::string& from) {
    redis::ScriptCall call = call_of(scripts().list, shard);
    call.arguments.push_back(std::to_string(list_jobs));
    call.arguments.push_back(from);
    ARCHAEO_ASSIGN(const redis::Reply reply, run(call));
    const auto& parts = reply.list();
    if (parts.empty()) return Error{Code::internal, "Redis gave a list of jobs that cannot be read"};
    Listed listed{.ids = {}, .next = parts.front().text()};
    for (std::size_t i = 1; i < parts.size(); ++i) listed.ids.emplace_back(Uuid::from_bytes(parts[i].text()));
    return listed;
}

}  // namespace archaeologist::redis_queue
