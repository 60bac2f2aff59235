#include "base/folder_id.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "archaeologist/clock.hpp"
#include "archaeologist/id.hpp"
#include "base/errno_error.hpp"
#include "base/fd.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t id_bytes = 36;  // of a UUID's text

// Written beside its place and linked there, so that of several processes one makes it and none sees half of it.
Status make_id(const std::string& path) {
    const std::string mine = path + "-" + Uuid::v7(system_clock().now()).text();
    const Fd fd(::open(mine.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0444));
    if (!fd) return errno_error(errno, "create " + mine);
    const std::string id = Uuid::v7(system_clock().now()).text();
    Status made;
    if (::write(fd.get(), id.data(), id.size()) != static_cast<ssize_t>(id.size()) || ::fsync(fd.get()) != 0) {
        made = errno_error(errno, "write " + mine);
    } else if (::link(mine.c_str(), path.c_str()) != 0 && errno != EEXIST) {
        made = errno_error(errno, "link " + path);
    }
    ::unlink(mine.c_str());
    return made;
}

}  // namespace

Result<std::string> folder_id(const std::string& data_dir) {
    const std::string path = data_dir + "/id";
    Fd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    if (!fd && errno == ENOENT) {
        ARCHAEO_TRY(make_id(path));
        fd = Fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
    }
    if (!fd) return errno_error(errno, "open " + path);
    std::array<char, id_bytes> bytes{};
    const ssize_t size = ::read(fd.get(), bytes.data(), bytes.size());
    const std::string id(bytes.data(), size > 0 ? static_cast<std::size_t>(size) : 0);
    if (!Uuid::parse(id)) return Error{Code::corrupt, path + " holds no id, must be a UUID"};
    return id;
}

}  // namespace archaeologist
