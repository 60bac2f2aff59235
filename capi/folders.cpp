#include "folders.hpp"

#include <pthread.h>
#include <sys/stat.h>

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>

#include "handle.hpp"

namespace archaeologist::capi {
namespace {

struct Opened {
    std::uint64_t generation = 0;
    std::size_t count = 0;
};

// Never destroyed: engines may be closed while the process ends.
struct Folders {
    std::mutex mutex;
    std::map<OpenFolder::Identity, Opened> opened;

    static Folders& get() {
        static Folders& folders = *new Folders;
        return folders;
    }

private:
    Folders() {
        ::pthread_atfork([] { get().mutex.lock(); }, [] { get().mutex.unlock(); }, [] { get().mutex.unlock(); });
    }
};

std::optional<OpenFolder::Identity> identity_of(const std::string& path) {
    struct stat status {};
    if (::stat(path.c_str(), &status) != 0) return std::nullopt;
    return OpenFolder::Identity(status.st_dev, status.st_ino);
}

}  // namespace

Status check_folder(const std::string& path) {
    const auto identity = identity_of(path);
    if (!identity) return {};
    Folders& folders = Folders::get();
    const std::lock_guard lock(folders.mutex);
    const auto found = folders.opened.find(*identity);
    if (found == folders.opened.end() || found->second.generation == fork_generation()) return {};
    return Error{Code::conflict, "folder " + path +
                                     " was open when this process was forked, and locks do not survive that: open it "
                                     "after the fork only, or start the child with exec"};
}

OpenFolder::OpenFolder(const std::string& path) {
    const auto identity = identity_of(path);
    if (!identity) return;
    Folders& folders = Folders::get();
    const std::lock_guard lock(folders.mutex);
    Opened& opened = folders.opened[*identity];
    opened.generation = fork_generation();
    ++opened.count;
    identity_ = *identity;
}

OpenFolder::~OpenFolder() {
    if (identity_ == Identity()) return;
    Folders& folders = Folders::get();
    const std::lock_guard lock(folders.mutex);
    const auto found = folders.opened.find(identity_);
    if (found == folders.opened.end() || found->second.generation != fork_generation()) return;
    if (--found->second.count == 0) folders.opened.erase(found);
}

}  // namespace archaeologist::capi
