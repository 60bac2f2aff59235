#include "handle.hpp"

#include <pthread.h>

#include <array>
#include <atomic>
#include <deque>
#include <functional>
#include <mutex>
#include <string>
#include <unordered_map>

namespace archaeologist::capi {
namespace {

std::atomic<std::uint64_t> generation{0};

struct Entry {
    const void* kind = nullptr;
    std::shared_ptr<Handle> handle;
};

// In parts, so that threads with handles of their own do not meet.
struct Shard {
    std::mutex mutex;
    std::unordered_map<const void*, Entry> entries;
    std::deque<const void*> retired;  // the oldest first
};

class Table {
public:
    // Never destroyed: threads of the library may still run when the process ends.
    static Table& get() {
        static Table& table = *new Table;
        return table;
    }

    Shard& shard_of(const void* address) {
        // Allocations lie 16 bytes apart or more.
        const auto number = reinterpret_cast<std::uintptr_t>(address) >> 4;
        return shards_[(number ^ (number >> 8)) % shards_.size()];
    }

private:
    // Nobody holds a lock in the moment of a fork, so the child can go on using the table.
    Table() { ::pthread_atfork(&before_fork, &in_parent, &in_child); }

    static void before_fork() {
        for (auto& shard : get().shards_) shard.mutex.lock();
    }
    static void in_parent() {
        for (auto& shard : get().shards_) shard.mutex.unlock();
    }
    static void in_child() {
        generation.fetch_add(1);
        in_parent();
    }

    std::array<Shard, 16> shards_;
};

}  // namespace

std::uint64_t fork_generation() { return generation.load(); }

namespace table {

void enter(const void* address, const void* kind, std::shared_ptr<Handle> handle) {
    Shard& shard = Table::get().shard_of(address);
    const std::lock_guard lock(shard.mutex);
    shard.entries[address] = {kind, std::move(handle)};
}

std::shared_ptr<Handle> find(const void* address, const void* kind) {
    Shard& shard = Table::get().shard_of(address);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(address);
    if (found == shard.entries.end() || found->second.kind != kind) return nullptr;
    return found->second.handle;
}

std::shared_ptr<Handle> take(const void* address, const void* kind) {
    Shard& shard = Table::get().shard_of(address);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(address);
    if (found == shard.entries.end() || found->second.kind != kind) return nullptr;
    auto handle = std::move(found->second.handle);
    shard.entries.erase(found);
    return handle;
}

void retire(const void* address, const void* kind) {
    constexpr std::size_t retired_max = 16;  // of a shard
    std::shared_ptr<Handle> forgotten;       // destroyed without the lock
    Shard& shard = Table::get().shard_of(address);
    const std::lock_guard lock(shard.mutex);
    const auto found = shard.entries.find(address);
    if (found == shard.entries.end() || found->second.kind != kind) return;
    shard.retired.push_back(address);
    if (shard.retired.size() <= retired_max) return;
    const auto oldest = shard.entries.find(shard.retired.front());
    shard.retired.pop_front();
    if (oldest == shard.entries.end()) return;
    forgotten = std::move(oldest->second.handle);
    shard.entries.erase(oldest);
}

void keep(std::shared_ptr<Handle> handle) {
    static auto& kept = *new std::unordered_map<const void*, std::shared_ptr<Handle>>;
    Shard& shard = Table::get().shard_of(&kept);
    const std::lock_guard lock(shard.mutex);
    const void* const address = handle.get();
    kept[address] = std::move(handle);
}

}  // namespace table

Error dead_handle(std::string_view name, const void* address) {
    if (address == nullptr) return {Code::invalid_argument, std::string(name) + " is NULL, must be a handle"};
    return {Code::invalid_argument,
            std::string(name) + " is no live handle of its kind: it was freed, or is a pointer to something else"};
}

Error parents_handle(std::string_view name) {
    return {Code::conflict, std::string(name) +
                                " came from before this process was forked, and can be used by its parent only: open "
                                "what the child needs after the fork"};
}

}  // namespace archaeologist::capi
