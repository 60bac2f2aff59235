// Wakes the processes that share a data folder. The caller need not take part itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>

#include "base/fd.hpp"
#include "base/mutex.hpp"
#include "queue/sqlite/run_folder.hpp"

namespace archaeologist::sqlite {

// Thread-safe. Made for a call after each commit: it knows whom to wake and looks for others only when run/ changed.
class Waker {
public:
    // A folder that cannot be opened yet has nobody to wake; it is tried again at each call.
    explicit Waker(std::string run_dir) : run_dir_(std::move(run_dir)) {}

    // A datagram to everyone who takes part except `self` (empty = nobody). Never blocks, never fails: who has not yet
    // read the earlier ones wakes anyway, and who is dead or just leaving need not.
    void wake_others(std::string_view self);

private:
    void list_others() ARCHAEO_REQUIRES(mutex_);
    void wake(const std::string& name, Fd& socket) ARCHAEO_REQUIRES(mutex_);

    const std::string run_dir_;
    Mutex mutex_;
    std::optional<RunFolder> folder_ ARCHAEO_GUARDED_BY(mutex_);
    FolderChanges changes_ ARCHAEO_GUARDED_BY(mutex_);
    // A socket for each, connected once it was there to connect to. With one for all, a stopped process that lets its
    // datagrams lie would fill the sender's buffer and keep the others from being woken.
    std::map<std::string, Fd> sockets_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist::sqlite
