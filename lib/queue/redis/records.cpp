#include "queue/redis/records.hpp"

#include <algorithm>

#include "queue/redis/pack.hpp"

namespace archaeologist::redis_queue {
namespace {

constexpr std::size_t place_size = 8;
constexpr std::size_t lane_size = 2;

Error unreadable(std::string_view what) {
    return {Code::corrupt, "Redis holds a " + std::string(what) + " that cannot be read"};
}

std::optional<TimePoint> optional_time(std::int64_t ms) {
    if (ms == 0) return std::nullopt;
    return from_ms(ms);
}

std::vector<Attempt> parse_attempts(std::string_view bytes) {
    std::vector<Attempt> attempts;
    Unpacker in(bytes);
    while (!in.is_at_end()) {
        Attempt attempt;
        attempt.epoch = in.number<std::uint64_t>();
        attempt.started_at = from_ms(in.number<std::int64_t>());
        attempt.ended_at = from_ms(in.number<std::int64_t>());
        attempt.worker_id = in.text<std::uint8_t>();
        attempt.outcome = in.text<std::uint8_t>();
        attempt.error_message = in.text<std::uint16_t>();
        attempts.push_back(std::move(attempt));
    }
    return attempts;
}

void put_optional(Packer& out, const std::optional<JobId>& id) { out.text<std::uint8_t>(id ? id->view() : ""); }

std::optional<JobId> take_optional(Unpacker& in) {
    const std::string_view bytes = in.text<std::uint8_t>();
    if (bytes.size() != sizeof(Uuid)) return std::nullopt;
    return JobId(Uuid::from_bytes(bytes));
}

}  // namespace

std::string place_bytes(std::int64_t score) {
    auto bits = static_cast<std::uint64_t>(score) ^ (std::uint64_t{1} << 63);
    std::string bytes(place_size, '\0');
    for (std::size_t i = place_size; i > 0; --i, bits >>= 8) bytes[i - 1] = static_cast<char>(bits & 0xFF);
    return bytes;
}

std::string job_record(const Handover& job) {
    Packer out;
    out.raw(place_bytes(job.score)).number(static_cast<std::uint8_t>(job.priority));
    out.number(static_cast<std::uint8_t>(job.max_retries)).number(static_cast<std::uint32_t>(job.timeout.count()));
    out.number(to_integer(job.project_id)).number(to_integer(job.user_id));
    out.number(job.source_id ? to_integer(*job.source_id) : std::int64_t{0}).raw(job.job_data);
    return std::move(out).bytes();
}

std::string past_record(const Handover& job) {
    if (!job.run_at && job.version == 0) return {};
    Packer out;
    out.number(job.run_at ? to_ms(*job.run_at) : std::int64_t{0}).number(static_cast<std::uint8_t>(job.retry_count));
    out.number(static_cast<std::uint8_t>(job.crash_count)).number(static_cast<std::uint32_t>(job.claims));
    out.number(static_cast<std::uint32_t>(job.version));
    return std::move(out).bytes();
}

Result<Lease> parse_job(std::string_view record, const std::map<std::string, std::string>& lanes) {
    Unpacker in(record);
    Lease lease;
    const auto type = lanes.find(std::string(in.raw(lane_size)));
    if (type == lanes.end()) return unreadable("job");
    lease.job_type = type->second;
    in.raw(place_size);
    lease.priority = static_cast<Priority>(std::min<std::uint8_t>(in.number<std::uint8_t>(), 3));
    in.number<std::uint8_t>();   // max_retries
    in.number<std::uint32_t>();  // timeout
    lease.project_id = static_cast<ProjectId>(in.number<std::int64_t>());
    lease.user_id = static_cast<UserId>(in.number<std::int64_t>());
    if (const auto source = in.number<std::int64_t>(); source != 0) lease.source_id = static_cast<SourceId>(source);
    if (!in.is_whole()) return unreadable("job");
    constexpr std::size_t header = lane_size + place_size + 1 + 1 + 4 + 8 + 8 + 8;
    lease.job_data = record.substr(header);
    return lease;
}

Result<Snapshot> parse_snapshot(JobId id, std::string_view state) {
    Unpacker in(state);
    Snapshot one;
    one.id = id;
    const auto phase = in.number<std::uint8_t>();
    one.phase = static_cast<Phase>(phase);
    one.version = in.number<std::uint32_t>();
    one.claims = in.number<std::uint32_t>();
    one.retry_count = in.number<std::uint8_t>();
    one.crash_count = in.number<std::uint8_t>();
    in.number<std::uint8_t>();   // max_retries
    in.number<std::uint32_t>();  // timeout
    in.raw(lane_size + place_size);
    in.number<std::int64_t>();  // project
    one.epoch = in.number<std::uint64_t>();
    one.started_at = from_ms(in.number<std::int64_t>());
    one.deadline = from_ms(in.number<std::int64_t>());
    one.queued_at = optional_time(in.number<std::int64_t>());
    one.run_at = optional_time(in.number<std::int64_t>());
    one.ended_at = from_ms(in.number<std::int64_t>());
    one.progress_current = in.number<std::int64_t>();
    one.progress_total = in.number<std::int64_t>();
    one.worker_id = in.text<std::uint8_t>();
    one.progress_message = in.text<std::uint16_t>();
    one.error_message = in.text<std::uint16_t>();
    one.outcome = in.text<std::uint8_t>();
    one.data = in.text<std::uint32_t>();
    one.attempts = parse_attempts(in.text<std::uint32_t>());
    if (!in.is_whole() || phase < 1 || phase > 6) return unreadable("state of job " + id.text());
    return one;
}

std::string pack_children(std::span<const NewJob> children) {
    Packer out;
    for (const NewJob& child : children) {
        out.raw(child.id.view()).text<std::uint8_t>(child.job_type).number(static_cast<std::uint8_t>(child.priority));
        out.number(to_integer(child.project_id)).number(to_integer(child.user_id));
        out.number(child.source_id ? to_integer(*child.source_id) : std::int64_t{0});
        put_optional(out, child.retry_of);
        out.text<std::uint32_t>(child.job_data).number(static_cast<std::uint8_t>(child.max_retries));
        out.number(child.timeout.count());
        out.number(child.scheduled_at ? to_ms(*child.scheduled_at) : std::int64_t{0});
    }
    return std::move(out).bytes();
}

Result<std::vector<NewJob>> unpack_children(std::string_view bytes) {
    std::vector<NewJob> children;
    Unpacker in(bytes);
    while (!in.is_at_end()) {
        NewJob child;
        const std::string_view id = in.raw(sizeof(Uuid));
        if (id.size() == sizeof(Uuid)) child.id = JobId(Uuid::from_bytes(id));
        child.job_type = in.text<std::uint8_t>();
        child.priority = static_cast<Priority>(std::min<std::uint8_t>(in.number<std::uint8_t>(), 3));
        child.project_id = static_cast<ProjectId>(in.number<std::int64_t>());
        child.user_id = static_cast<UserId>(in.number<std::int64_t>());
        if (const auto source = in.number<std::int64_t>(); source != 0) child.source_id = static_cast<SourceId>(source);
        child.retry_of = take_optional(in);
        child.job_data = in.text<std::uint32_t>();
        child.max_retries = in.number<std::uint8_t>();
        child.timeout = std::chrono::seconds(in.number<std::int64_t>());
        child.scheduled_at = optional_time(in.number<std::int64_t>());
        children.push_back(std::move(child));
    }
    if (!in.is_whole()) return unreadable("list of a batch's children");
    return children;
}

}  // namespace archaeologist::redis_queue
