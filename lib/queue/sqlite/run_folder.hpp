// DATA/run/ as its processes see it: each that takes part has the files NAME.lock and NAME.sock there, NAME = PID-HEX.
// Other files live there too and are nobody's business here.
#pragma once

#include <sys/stat.h>
#include <sys/un.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"
#include "base/fd.hpp"

namespace archaeologist::sqlite {

inline constexpr std::string_view lock_suffix = ".lock";
inline constexpr std::string_view socket_suffix = ".sock";
inline constexpr std::string_view unborn_suffix = ".new";  // a lock file before its process holds it

// Whether text reads 1 to 10 digits, -, 16 hexadecimal digits. The number is for people: a process in another container
// may have the same.
[[nodiscard]] bool is_participant(std::string_view name);
[[nodiscard]] std::string new_participant();

// Thread-safe: it does not change once it is open.
class RunFolder {
public:
    static constexpr std::size_t participants_max = 1'000;  // listed; more are passed over

    // Errors: io_error, permission_denied, storage_full.
    [[nodiscard]] static Result<RunFolder> open(std::string path);

    [[nodiscard]] int fd() const { return fd_.get(); }
    [[nodiscard]] const std::string& path() const { return path_; }

    // The participants with such a file, in no order; nothing when the folder cannot be read at present.
    [[nodiscard]] std::optional<std::vector<std::string>> list(std::string_view suffix) const;
    // Missing ones are fine.
    void remove(std::string_view name, std::string_view suffix) const;
    // The path leads over /proc, because one of AF_UNIX has at most 107 bytes and data folders can be deep.
    [[nodiscard]] sockaddr_un socket_address(std::string_view name) const;

private:
    RunFolder(Fd fd, std::string path) : fd_(std::move(fd)), path_(std::move(path)) {}

    Fd fd_;
    std::string path_;
};

// Whether it is worth listing a folder again. Not thread-safe.
class FolderChanges {
public:
    // True at first, whenever the folder's time of change is a new one, and for a while after: the time is counted in
    // steps of up to 10 ms, so that a later change can bear the same.
    [[nodiscard]] bool due(const RunFolder& folder, std::chrono::steady_clock::time_point now);
    // The listing failed: it is due again.
    void missed() { settled_ = false; }

private:
    timespec changed_at_{};
    std::optional<std::chrono::steady_clock::time_point> unsettled_until_;
    bool settled_ = false;
};

// Errors of the run folder's calls: storage_full, permission_denied, everything else io_error.
[[nodiscard]] Error run_folder_error(int errno_value, std::string_view what);

enum class Held { yes, no };
// Whether a process holds the lock file. Takes it together with others who ask, and lets go at once.
[[nodiscard]] Held probe_lock(int fd);

}  // namespace archaeologist::sqlite
