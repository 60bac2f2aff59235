#include "sim/ledger.hpp"

#include <algorithm>
#include <type_traits>
#include <variant>

namespace archaeologist::sim {
namespace {

constexpr std::size_t large_result_bytes = 20'000;

// Where they stand in Outcome.
constexpr std::size_t as_completed = 0;
constexpr std::size_t as_expanded = 4;
static_assert(std::is_same_v<std::variant_alternative_t<as_completed, Outcome>, Completed>);
static_assert(std::is_same_v<std::variant_alternative_t<as_expanded, Outcome>, Expanded>);

bool has(const std::vector<JobId>& ids, JobId id) { return std::find(ids.begin(), ids.end(), id) != ids.end(); }

}  // namespace

void Ledger::complain(const std::string& what) {
    if (complaint_.empty()) complaint_ = what;
}

void Ledger::expect(bool holds, JobId id, const Entry& entry, std::string_view what) {
    if (holds) return;
    complain("job " + id.text() + " (epoch " + std::to_string(entry.epoch) + (entry.is_settled ? ", settled" : "") +
             (entry.is_cancelled ? ", cancelled" : "") + "): " + std::string(what));
}

// One in ten is too large for Redis.
std::string Ledger::result_of(JobId id, std::uint64_t epoch) {
    std::string text = R"({"by":")" + id.text() + "#" + std::to_string(epoch);
    if (epoch % 10 == 0) text.append(large_result_bytes, '.');
    return text + R"("})";
}

void Ledger::accepted(std::span<const NewJob> jobs) {
    for (const NewJob& job : jobs) entries_[job.id].is_certain = true;
}

void Ledger::lost() {
    ++losses_;
    is_back_ = false;
}

bool Ledger::holds_lease(const Entry& entry, std::uint64_t epoch, TimePoint now) const {
    return entry.epoch == epoch && !entry.is_settled && entry.losses == losses_ && now < entry.lease_end &&
           !entry.is_cancelled && !entry.has_cancelled_batch;
}

void Ledger::claimed(std::span<const Lease> leases, TimePoint now) {
    for (const Lease& lease : leases) claimed_one(lease, now);
}

void Ledger::claimed_one(const Lease& lease, TimePoint now) {
    const auto found = entries_.find(lease.id);
    if (found == entries_.end()) return complain("claim: gave job " + lease.id.text() + ", which was never accepted");
    Entry& entry = found->second;
    expect(lease.epoch > entry.epoch, lease.id, entry, "was claimed with an epoch that is not a later one");
    expect(epochs_.insert(lease.epoch).second, lease.id, entry, "was claimed with an epoch that was given before");
    expect(!holds_lease(entry, entry.epoch, now), lease.id, entry, "was claimed while another holds it");
    const bool has_ended = entry.final_as && entry.final_as->status != JobStatus::cancelled;
    expect(!has_ended, lease.id, entry, "was claimed, and the catalog says that it has ended");
    expect(!entry.is_cancel_told, lease.id, entry, "was claimed, and Redis was told that it is cancelled");
    const bool was_done = entry.is_settled && entry.losses == losses_ && entry.ends.count(entry.epoch) > 0 &&
                          entry.ends.at(entry.epoch) == as_completed;
    expect(!was_done, lease.id, entry, "was claimed after its completion was taken, and nothing was lost since");
    entry.epoch = lease.epoch;
    entry.lease_end = lease.lease_until;
    entry.deadline = lease.deadline;
    entry.is_settled = false;
    entry.losses = losses_;
}

void Ledger::note_children(Entry& entry, const Outcome& outcome) {
    const auto* expanded = std::get_if<Expanded>(&outcome);
    if (expanded == nullptr) return;
    for (const NewJob& child : expanded->children) {
        entry.promised.push_back(child.id);
        entries_.try_emplace(child.id);
    }
}

// An attempt may end twice, and one of its ends be recorded: any that leaves the job finished.
void Ledger::settled_in_doubt(Entry& entry, const Settlement& settlement) {
    const std::size_t how = settlement.outcome.index();
    const auto [end, is_new] = entry.ends.try_emplace(settlement.epoch, how);
    if (how == as_expanded || (how == as_completed && end->second != as_expanded)) end->second = how;
    note_children(entry, settlement.outcome);
}

void Ledger::settled(const Settlement& settlement, const Status& reply, TimePoint now) {
    Entry& entry = entries_[settlement.id];
    if (is_back_) {
        if (reply) settled_in_doubt(entry, settlement);
        return;
    }
    if (!reply) {
        expect(!holds_lease(entry, settlement.epoch, now), settlement.id, entry,
               "its holder's settlement was refused: " + reply.error().message);
        return;
    }
    expect(entry.epoch == settlement.epoch, settlement.id, entry,
           "a settlement of epoch " + std::to_string(settlement.epoch) + " was taken, whose lease is over");
    expect(!entry.is_settled, settlement.id, entry, "was settled twice in one epoch");
    expect(entry.losses == losses_, settlement.id, entry, "a lease that Redis lost was settled");
    entry.is_settled = true;
    entry.ends[settlement.epoch] = settlement.outcome.index();
    note_children(entry, settlement.outcome);
}

void Ledger::beaten(std::span<const Beat> beats, const HeartbeatReply& reply, TimePoint now) {
    if (is_back_) return;
    for (const Beat& beat : beats) {
        Entry& entry = entries_[beat.id];
        const bool is_renewed = !has(reply.lost, beat.id) && !has(reply.cancelled, beat.id);
        expect(is_renewed || !holds_lease(entry, beat.epoch, now), beat.id, entry,
               "its holder's heartbeat was refused");
        if (!is_renewed) continue;
        expect(entry.epoch == beat.epoch && !entry.is_settled, beat.id, entry, "a lease was renewed that is over");
        entry.lease_end = std::min<TimePoint>(now + options_.lease, entry.deadline);
    }
}

void Ledger::cancelled(JobId id, const Status& reply) {
    Entry& entry = entries_[id];
    expect(!reply || !entry.final_as, id, entry, "was finished and let itself be cancelled");
    if (!reply) return;
    entry.is_cancelled = true;
    cancel_children(entry);
}

void Ledger::cancel_children(const Entry& batch) {
    for (const JobId id : batch.promised) {
        Entry& child = entries_[id];
        child.has_cancelled_batch = true;
        cancel_children(child);
    }
}

void Ledger::removed(JobId id, const Status& reply) {
    if (reply) remove_with_children(entries_[id]);
}

void Ledger::remove_with_children(Entry& job) {
    job.is_removed = true;
    for (const JobId id : job.promised) remove_with_children(entries_[id]);
}

void Ledger::relayed() {
    for (auto& [id, entry] : entries_) {
        const bool is_over = entry.final_as && entry.final_as->status == JobStatus::cancelled;
        entry.is_cancel_told = entry.is_cancel_told || entry.is_cancelled || is_over;
    }
}

void Ledger::recorded(Queue& desk) {
    for (auto& [id, entry] : entries_) {
        const bool is_known = entry.is_settled && entry.losses == losses_;
        const bool is_open = !entry.is_cancelled && !entry.has_cancelled_batch && !entry.is_removed && !entry.final_as;
        if (!is_known || !is_open) continue;
        compare(desk, id, entry);
        const std::size_t how = entry.ends.at(entry.epoch);
        const bool must_be_over = how == as_completed;
        expect(!must_be_over || entry.final_as.has_value(), id, entry, "its completion was recorded and is not there");
        if (how != as_expanded) continue;
        for (const JobId child : entry.promised) {
            if (entries_[child].is_removed) continue;
            expect(entry.ends.size() > 1 || desk.get(child).has_value(), child, entries_[child],
                   "its batch was recorded and it is not there");
        }
    }
}

void Ledger::compare_all(Queue& desk) {
    for (auto& [id, entry] : entries_) compare(desk, id, entry);
}

void Ledger::compare(Queue& desk, JobId id, Entry& entry) {
    const auto shown = desk.get(id);
    if (entry.is_removed) return expect(!shown, id, entry, "was removed and is there");
    if (!shown) return expect(!entry.is_certain, id, entry, "was accepted and is lost: " + shown.error().message);
    entry.is_certain = true;
    expect(!entry.is_cancelled || shown->status == JobStatus::cancelled, id, entry,
           "was cancelled and shows as " + std::string(to_string(shown->status)));
    if (entry.final_as) {
        expect(shown->status == entry.final_as->status && shown->result_data == entry.final_as->result_data &&
                   shown->epoch == entry.final_as->epoch && shown->completed_at == entry.final_as->completed_at &&
                   shown->attempts.size() == entry.final_as->attempts.size(),
               id, entry, "was finished and has changed to " + std::string(to_string(shown->status)));
    } else if (shown->is_finished()) {
        check_final(id, entry, *shown);
        entry.final_as = *shown;
    }
}

void Ledger::check_final(JobId id, Entry& entry, const Job& shown) {
    if (shown.status == JobStatus::failed) {
        expect(!shown.error_message.empty(), id, entry, "failed and does not say why");
    }
    if (shown.status != JobStatus::completed) return;
    const auto end = entry.ends.find(shown.epoch);
    if (end == entry.ends.end()) {
        return expect(false, id, entry,
                      "is completed in epoch " + std::to_string(shown.epoch) + ", which nobody settled");
    }
    expect(end->second == as_completed || end->second == as_expanded, id, entry,
           "is completed by a settlement that said otherwise");
    const bool is_batch = end->second == as_expanded;
    expect(is_batch || shown.result_data == result_of(id, shown.epoch), id, entry,
           "has another attempt's result: " + shown.result_data.substr(0, 100));
}

bool Ledger::is_all_finished(Queue& desk) {
    compare_all(desk);
    return std::all_of(entries_.begin(), entries_.end(), [](const auto& one) {
        return !one.second.is_certain || one.second.is_removed || one.second.final_as.has_value();
    });
}

std::vector<JobId> Ledger::finished() const {
    std::vector<JobId> ids;
    for (const auto& [id, entry] : entries_) {
        if (entry.final_as && !entry.is_removed) ids.push_back(id);
    }
    return ids;
}

std::vector<JobId> Ledger::unfinished() const {
    std::vector<JobId> ids;
    for (const auto& [id, entry] : entries_) {
        if (entry.is_certain && !entry.final_as && !entry.is_removed) ids.push_back(id);
    }
    return ids;
}

}  // namespace archaeologist::sim
