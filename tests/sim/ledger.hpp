// What must hold of a queue whose Redis loses data and whose relay and recorder lag, whatever else happens: nothing that was
// accepted is lost, nothing ends twice, what is finished stays as it is, and who lost his lease changes nothing.
//
// Unlike Model it does not say what must happen next: what Redis lost may be done again.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/queue.hpp"

namespace archaeologist::sim {

class Ledger {
public:
    explicit Ledger(const QueueOptions& options) : options_(options) {}

    // The first thing that was wrong; empty while all is well.
    [[nodiscard]] const std::string& complaint() const { return complaint_; }
    void complain(const std::string& what);

    // The result that an attempt must give, so that one can be told from another's.
    [[nodiscard]] static std::string result_of(JobId id, std::uint64_t epoch);

    void accepted(std::span<const NewJob> jobs);
    void claimed(std::span<const Lease> leases, TimePoint now);
    void settled(const Settlement& settlement, const Status& reply, TimePoint now);
    void beaten(std::span<const Beat> beats, const HeartbeatReply& reply, TimePoint now);
    void cancelled(JobId id, const Status& reply);
    void removed(JobId id, const Status& reply);

    // The queue in Redis lost what it was told, some or all.
    void lost();
    // It is back at what it was some time ago, until lost(): who held a lease then holds it again.
    void went_back() { is_back_ = true; }
    // The outbox was emptied into a Redis that has the queue.
    void relayed();
    // The catalog was told all that Redis knows.
    void recorded(Queue& desk);

    void compare_all(Queue& desk);

    [[nodiscard]] bool is_all_finished(Queue& desk);
    [[nodiscard]] std::vector<JobId> finished() const;
    [[nodiscard]] std::vector<JobId> unfinished() const;

private:
    struct Entry {
        bool is_certain = false;  // else of a batch whose end may be lost
        bool is_removed = false;
        bool is_cancelled = false;
        bool has_cancelled_batch = false;  // so that it may be cancelled, too
        bool is_cancel_told = false;
        std::optional<Job> final_as;
        std::uint64_t epoch = 0;  // of the newest claim
        TimePoint lease_end{};
        TimePoint deadline{};
        bool is_settled = false;
        std::int64_t losses = 0;                    // when it was claimed, then when it was settled
        std::map<std::uint64_t, std::size_t> ends;  // settlements taken: which of Outcome, by epoch
        std::optional<std::size_t> recorded_end{};  // what the catalog must show
        std::vector<JobId> promised;                // children of a settlement that was taken
    };

    void cancel_children(const Entry& batch);
    void remove_with_children(Entry& job);
    void expect(bool holds, JobId id, const Entry& entry, std::string_view what);
    [[nodiscard]] bool holds_lease(const Entry& entry, std::uint64_t epoch, TimePoint now) const;
    void claimed_one(const Lease& lease, TimePoint now);
    void settled_in_doubt(Entry& entry, const Settlement& settlement);
    void note_children(Entry& entry, const Outcome& outcome);
    void compare(Queue& desk, JobId id, Entry& entry);
    void check_final(JobId id, Entry& entry, const Job& shown);

    const QueueOptions options_;
    std::string complaint_;
    std::map<JobId, Entry> entries_;
    std::set<std::uint64_t> epochs_;
    std::int64_t losses_ = 0;
    bool is_back_ = false;
};

}  // namespace archaeologist::sim
