#include "base/errno_error.hpp"

#include <doctest/doctest.h>
#include <fcntl.h>

#include <cerrno>

#include "base/fd.hpp"

using namespace archaeologist;

TEST_CASE("a full disk, a quota and a file size limit are storage_full and say whose limit it is") {
    CHECK(errno_error(ENOSPC, "write /data/tmp/x").code == Code::storage_full);
    CHECK(errno_error(EDQUOT, "write /data/tmp/x").code == Code::storage_full);
    const Error limit = errno_error(EFBIG, "write /data/tmp/x");
    CHECK(limit.code == Code::storage_full);
    CHECK(limit.message.find("/data/tmp/x") != std::string::npos);
    CHECK(limit.message.find("RLIMIT_FSIZE") != std::string::npos);
}

TEST_CASE("a refusal of access is told from a missing file and from a failing device") {
    CHECK(errno_error(EACCES, "open a").code == Code::permission_denied);
    CHECK(errno_error(EROFS, "open a").code == Code::permission_denied);
    CHECK(errno_error(ENOENT, "open a").code == Code::not_found);
    CHECK(errno_error(EIO, "open a").code == Code::io_error);
    CHECK(errno_error(EIO, "open a").message == "open a: Input/output error");
}

TEST_CASE("a moved descriptor is closed once, by its last owner") {
    int number = -1;
    {
        Fd first(::open("/dev/null", O_RDONLY | O_CLOEXEC));
        REQUIRE(first);
        number = first.get();
        Fd second = std::move(first);
        CHECK_FALSE(first);  // NOLINT(bugprone-use-after-move)
        CHECK(second.get() == number);
        CHECK(::fcntl(number, F_GETFD) != -1);
    }
    CHECK(::fcntl(number, F_GETFD) == -1);
}
