// The other processes that share a data folder, seen through DATA/run/.
//
// Each that takes part holds an exclusive flock on run/NAME.lock for as long as it lives. The kernel frees it however the
// process ends, so a free lock on a file that is still there shows a death. The file gets its name only once the lock is
// held. Process numbers are never judged by: containers number their own.
//
// flock belongs to an open file, not to a process: several engines of one process see each other like strangers. A child
// that is forked without exec keeps its parent's lock held until it ends.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

#include "archaeologist/result.hpp"
#include "base/fd.hpp"
#include "queue/sqlite/run_folder.hpp"

namespace archaeologist::sqlite {

// Thread-safe. Uses one thread, which looks at the others' locks every 50 ms.
class Neighbours {
public:
    enum class After { ask_again, forget };
    // Called on the listening thread, one at a time; none may destroy the Neighbours. While one runs, nothing is noticed.
    // They may begin before join() has returned.
    struct Events {
        std::function<void()> woken;  // somebody called wake_others, at least once since the last call
        // A lock is free and its file still there. Comes again about every second until it is answered with `forget`,
        // which removes the dead one's files, or until somebody else removes them.
        std::function<After(const std::string& name)> died;
    };
    enum class Life { alive, dead };

    // Takes part from now on. run_dir must exist. Also removes what processes left there that died while they joined.
    // Errors: io_error, permission_denied, storage_full.
    [[nodiscard]] static Result<std::unique_ptr<Neighbours>> join(const std::string& run_dir, Events events);
    ~Neighbours();  // leaves: its files are gone before its lock is free
    Neighbours(const Neighbours&) = delete;
    Neighbours& operator=(const Neighbours&) = delete;

    [[nodiscard]] const std::string& name() const { return name_; }

    // Who has no lock file is dead; whose lock cannot be asked for another reason counts as alive.
    [[nodiscard]] Life life_of(std::string_view name) const;

    // Removes a dead one's files; who lives keeps them.
    void forget(std::string_view name);

private:
    using Instant = std::chrono::steady_clock::time_point;
    struct Neighbour {
        Fd lock;
        std::optional<Instant> reported_at;
    };

    Neighbours(RunFolder folder, Events events) : folder_(std::move(folder)), events_(std::move(events)) {}
    [[nodiscard]] Status take_lock();
    [[nodiscard]] Status open_socket();
    [[nodiscard]] Status start();
    void listen();
    void drain();
    void list_others();
    void probe_others();
    void report_dead(const std::string& name, Neighbour& neighbour);

    const RunFolder folder_;
    const Events events_;
    std::string name_;
    Fd lock_;
    Fd socket_;
    Fd stop_;
    std::thread thread_;

    // The listening thread's own.
    FolderChanges changes_;
    std::map<std::string, Neighbour> others_;
};

}  // namespace archaeologist::sqlite
