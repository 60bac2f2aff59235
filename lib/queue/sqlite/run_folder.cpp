#include "queue/sqlite/run_folder.hpp"

#include <dirent.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <random>

#include "base/errno_error.hpp"
#include "base/hex.hpp"

namespace archaeologist::sqlite {
namespace {

constexpr std::size_t pid_digits_max = 10;
constexpr std::size_t random_bytes = 8;
constexpr std::chrono::milliseconds settling_time{100};

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_hex_digit(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

}  // namespace

bool is_participant(std::string_view name) {
    const auto dash = name.find('-');
    if (dash == 0 || dash > pid_digits_max) return false;
    const std::string_view pid = name.substr(0, dash);
    const std::string_view random = name.substr(dash + 1);
    return random.size() == 2 * random_bytes && std::all_of(pid.begin(), pid.end(), is_digit) &&
           std::all_of(random.begin(), random.end(), is_hex_digit);
}

std::string new_participant() {
    std::random_device device;
    std::array<std::uint8_t, random_bytes> bytes{};
    for (auto& byte : bytes) byte = static_cast<std::uint8_t>(device());
    return std::to_string(::getpid()) + "-" + to_hex(bytes);
}

Error run_folder_error(int errno_value, std::string_view what) {
    Error error = errno_error(errno_value, what);
    if (error.code != Code::storage_full && error.code != Code::permission_denied) error.code = Code::io_error;
    return error;
}

Held probe_lock(int fd) {
    if (::flock(fd, LOCK_SH | LOCK_NB) != 0) return Held::yes;
    // Not left to close(): a child of a fork may hold a copy of the descriptor.
    ::flock(fd, LOCK_UN);
    return Held::no;
}

Result<RunFolder> RunFolder::open(std::string path) {
    Fd fd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!fd) return run_folder_error(errno, "open folder " + path);
    return RunFolder(std::move(fd), std::move(path));
}

std::optional<std::vector<std::string>> RunFolder::list(std::string_view suffix) const {
    Fd copy(::openat(fd_.get(), ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!copy) return std::nullopt;
    const std::unique_ptr<DIR, int (*)(DIR*)> stream(::fdopendir(copy.get()), &::closedir);
    if (!stream) return std::nullopt;
    static_cast<void>(copy.release());
    std::vector<std::string> names;
    while (const dirent* entry = ::readdir(stream.get())) {
        std::string_view name = entry->d_name;
        if (!name.ends_with(suffix)) continue;
        name.remove_suffix(suffix.size());
        if (is_participant(name)) names.emplace_back(name);
        if (names.size() == participants_max) break;
    }
    return names;
}

void RunFolder::remove(std::string_view name, std::string_view suffix) const {
    ::unlinkat(fd_.get(), std::string(name).append(suffix).c_str(), 0);
}

sockaddr_un RunFolder::socket_address(std::string_view name) const {
    std::string path = "/proc/self/fd/" + std::to_string(fd_.get()) + "/";
    path.append(name).append(socket_suffix);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    path.copy(address.sun_path, sizeof address.sun_path - 1);
    return address;
}

bool FolderChanges::due(const RunFolder& folder, std::chrono::steady_clock::time_point now) {
    struct stat status {};
    if (::fstat(folder.fd(), &status) != 0) return true;
    const bool is_new = !unsettled_until_ || status.st_mtim.tv_sec != changed_at_.tv_sec ||
                        status.st_mtim.tv_nsec != changed_at_.tv_nsec;
    if (is_new) {
        changed_at_ = status.st_mtim;
        unsettled_until_ = now + settling_time;
        settled_ = false;
    }
    if (settled_) return false;
    settled_ = now >= *unsettled_until_;  // this listing comes late enough to be the last
    return true;
}

}  // namespace archaeologist::sqlite
