#include "queue/sqlite/neighbours.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <ctime>
#include <system_error>

namespace archaeologist::sqlite {
namespace {

using namespace std::chrono_literals;

constexpr auto probe_interval = 50ms;
constexpr auto report_interval = 1s;
constexpr int drained_at_once_max = 1'000;  // a flood of datagrams must not keep the listener from probing
constexpr std::time_t leftover_age_min_s = 60;

Fd open_lock(const RunFolder& folder, std::string_view name, std::string_view suffix) {
    const std::string file = std::string(name).append(suffix);
    return Fd(::openat(folder.fd(), file.c_str(), O_RDONLY | O_NONBLOCK | O_NOFOLLOW | O_CLOEXEC));
}

bool is_old(const RunFolder& folder, std::string_view name, std::string_view suffix) {
    struct stat status {};
    const std::string file = std::string(name).append(suffix);
    return ::fstatat(folder.fd(), file.c_str(), &status, AT_SYMLINK_NOFOLLOW) == 0 &&
           std::time(nullptr) - status.st_mtim.tv_sec > leftover_age_min_s;
}

// What is young may belong to a process that is just joining.
void remove_leftovers(const RunFolder& folder) {
    for (const std::string& name : folder.list(unborn_suffix).value_or(std::vector<std::string>{})) {
        const Fd lock = open_lock(folder, name, unborn_suffix);
        if (lock && is_old(folder, name, unborn_suffix) && probe_lock(lock.get()) == Held::no) {
            folder.remove(name, unborn_suffix);
        }
    }
    for (const std::string& name : folder.list(socket_suffix).value_or(std::vector<std::string>{})) {
        const bool has_lock = open_lock(folder, name, lock_suffix) || errno != ENOENT;
        if (!has_lock && is_old(folder, name, socket_suffix)) folder.remove(name, socket_suffix);
    }
}

}  // namespace

Result<std::unique_ptr<Neighbours>> Neighbours::join(const std::string& run_dir, Events events) {
    ARCHAEO_ASSIGN(RunFolder folder, RunFolder::open(run_dir));
    remove_leftovers(folder);
    std::unique_ptr<Neighbours> neighbours(new Neighbours(std::move(folder), std::move(events)));
    ARCHAEO_TRY(neighbours->take_lock());
    ARCHAEO_TRY(neighbours->open_socket());
    ARCHAEO_TRY(neighbours->start());
    return neighbours;
}

Neighbours::~Neighbours() {
    if (thread_.joinable()) {
        const std::uint64_t stop = 1;
        static_cast<void>(::write(stop_.get(), &stop, sizeof stop));
        thread_.join();
    }
    if (socket_) folder_.remove(name_, socket_suffix);
    if (lock_) folder_.remove(name_, lock_suffix);
}

Status Neighbours::take_lock() {
    name_ = new_participant();
    const std::string unborn = name_ + std::string(unborn_suffix);
    const std::string born = name_ + std::string(lock_suffix);
    Fd lock(::openat(folder_.fd(), unborn.c_str(), O_RDONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644));
    if (!lock) return run_folder_error(errno, "create " + folder_.path() + "/" + unborn);
    int refused = 0;
    if (::flock(lock.get(), LOCK_EX | LOCK_NB) != 0) refused = errno;
    if (refused == 0 && ::renameat(folder_.fd(), unborn.c_str(), folder_.fd(), born.c_str()) != 0) refused = errno;
    if (refused != 0) {
        folder_.remove(name_, unborn_suffix);
        return run_folder_error(refused, "lock " + folder_.path() + "/" + born);
    }
    lock_ = std::move(lock);
    return {};
}

Status Neighbours::open_socket() {
    const std::string path = folder_.path() + "/" + name_ + std::string(socket_suffix);
    Fd fd(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0));
    if (!fd) return run_folder_error(errno, "open a socket for " + path);
    const sockaddr_un address = folder_.socket_address(name_);
    if (::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        return run_folder_error(errno, "bind " + path);
    }
    socket_ = std::move(fd);
    return {};
}

Status Neighbours::start() {
    stop_ = Fd(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!stop_) return run_folder_error(errno, "open an eventfd for " + folder_.path());
    try {
        thread_ = std::thread([this] { listen(); });
    } catch (const std::system_error& refused) {
        return run_folder_error(refused.code().value(), "start a thread for " + folder_.path());
    }
    return {};
}

Neighbours::Life Neighbours::life_of(std::string_view name) const {
    if (name == name_) return Life::alive;
    if (!is_participant(name)) return Life::dead;
    const Fd lock = open_lock(folder_, name, lock_suffix);
    if (!lock) return errno == ENOENT ? Life::dead : Life::alive;
    return probe_lock(lock.get()) == Held::yes ? Life::alive : Life::dead;
}

void Neighbours::forget(std::string_view name) {
    if (!is_participant(name) || life_of(name) == Life::alive) return;
    // In this order: while the lock file is there, someone will come back for the rest.
    folder_.remove(name, socket_suffix);
    folder_.remove(name, lock_suffix);
}

void Neighbours::listen() {
    Instant probe_at = std::chrono::steady_clock::now();
    std::array<pollfd, 2> ready{{{stop_.get(), POLLIN, 0}, {socket_.get(), POLLIN, 0}}};
    for (;;) {
        const Instant now = std::chrono::steady_clock::now();
        if (now >= probe_at) {
            probe_others();
            probe_at = now + probe_interval;
        }
        const auto wait = std::chrono::ceil<std::chrono::milliseconds>(probe_at - std::chrono::steady_clock::now());
        const int count = ::poll(ready.data(), ready.size(), static_cast<int>(std::max<std::int64_t>(0, wait.count())));
        if (count <= 0) continue;
        if (ready[0].revents != 0) return;
        drain();
        if (events_.woken) events_.woken();
    }
}

void Neighbours::drain() {
    char ignored = 0;
    for (int count = 0; count < drained_at_once_max; ++count) {
        if (::recv(socket_.get(), &ignored, sizeof ignored, MSG_DONTWAIT) < 0) return;
    }
}

void Neighbours::list_others() {
    if (!changes_.due(folder_, std::chrono::steady_clock::now())) return;
    const auto names = folder_.list(lock_suffix);
    if (!names) return changes_.missed();
    std::map<std::string, Neighbour> others;
    for (const std::string& name : *names) {
        if (name == name_) continue;
        const auto known = others_.find(name);
        if (known != others_.end()) {
            others.insert(others_.extract(known));
        } else if (Fd lock = open_lock(folder_, name, lock_suffix)) {
            others.emplace(name, Neighbour{std::move(lock), std::nullopt});
        } else if (errno != ENOENT) {
            changes_.missed();
        }
    }
    others_ = std::move(others);
}

void Neighbours::probe_others() {
    list_others();
    for (auto& [name, neighbour] : others_) {
        if (probe_lock(neighbour.lock.get()) == Held::no) report_dead(name, neighbour);
    }
}

void Neighbours::report_dead(const std::string& name, Neighbour& neighbour) {
    struct stat status {};
    const bool has_left = ::fstat(neighbour.lock.get(), &status) == 0 && status.st_nlink == 0;
    const Instant now = std::chrono::steady_clock::now();
    if (has_left || (neighbour.reported_at && now - *neighbour.reported_at < report_interval)) return;
    neighbour.reported_at = now;
    if (events_.died && events_.died(name) == After::forget) forget(name);
}

}  // namespace archaeologist::sqlite
