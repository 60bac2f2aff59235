#include "lake/file_source.hpp"

#include <doctest/doctest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>

#include <array>
#include <cstring>
#include <filesystem>

#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

void make_socket(const std::string& path) {
    const Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    REQUIRE(path.size() < sizeof address.sun_path);
    std::memcpy(address.sun_path, path.data(), path.size());
    REQUIRE(::bind(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) == 0);
}

}  // namespace

TEST_CASE("a file is read from front to back") {
    const TemporaryFolder folder;
    auto source = FileSource::open(folder.write("a.txt", "0123456789"));
    REQUIRE(source.has_value());
    CHECK(source->size() == 10);
    std::array<char, 7> buffer{};
    CHECK(source->read(buffer).value() == 7);
    CHECK(std::string_view(buffer.data(), 7) == "0123456");
    CHECK(source->read(buffer).value() == 3);
    CHECK(std::string_view(buffer.data(), 3) == "789");
    CHECK(source->read(buffer).value() == 0);
}

TEST_CASE("a pipe, a socket, a folder and a device are refused at once, each by its name") {
    const TemporaryFolder folder;
    REQUIRE(::mkfifo(folder.path("pipe").c_str(), 0600) == 0);
    make_socket(folder.path("socket"));
    const auto refusal = [](const std::string& path) {
        const auto source = FileSource::open(path);
        REQUIRE_FALSE(source.has_value());
        CHECK(source.error().code == Code::invalid_argument);
        return source.error().message;
    };
    CHECK(refusal(folder.path("pipe")) == folder.path("pipe") + " is a named pipe, must be a regular file");
    CHECK(refusal(folder.path("socket")) == folder.path("socket") + " is a socket, must be a regular file");
    CHECK(refusal(folder.path()) == folder.path() + " is a folder, must be a regular file");
    CHECK(refusal("/dev/null") == "/dev/null is a device, must be a regular file");
}

TEST_CASE("a missing file is not_found, a path with a NUL byte does not open the file before it") {
    const TemporaryFolder folder;
    const std::string path = folder.write("a.txt");
    CHECK(FileSource::open(folder.path("missing")).error().code == Code::not_found);
    CHECK(FileSource::open(path + "/b").error().code == Code::not_found);
    CHECK(FileSource::open(path + std::string("\0b", 2)).error().code == Code::invalid_argument);
}
