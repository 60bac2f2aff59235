#include "cli/local_file.hpp"

#include <doctest/doctest.h>
#include <sys/stat.h>

#include <array>
#include <filesystem>
#include <string>

#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace archaeologist::cli;

namespace {

Result<std::string> rest_of(LocalFile& file) {
    std::string all;
    std::array<char, 3> buffer{};
    for (;;) {
        ARCHAEO_ASSIGN(const std::size_t size, file.read(buffer));
        if (size == 0) return all;
        all.append(buffer.data(), size);
    }
}

}  // namespace

TEST_CASE("a file is read to its end, and again from its beginning") {
    const TemporaryFolder folder;
    const std::string path = folder.write("a", "12345678");
    auto file = LocalFile::open(path);
    REQUIRE(file);
    CHECK(file->size() == 8);
    CHECK(rest_of(*file).value() == "12345678");
    REQUIRE(file->rewind());
    CHECK(rest_of(*file).value() == "12345678");
}

TEST_CASE("a file that grows gives what it had, one that shrinks is an error") {
    const TemporaryFolder folder;
    const std::string path = folder.write("a", "1234");
    auto file = LocalFile::open(path);
    REQUIRE(file);
    (void)folder.write("a", "12345678");
    CHECK(rest_of(*file).value() == "1234");
    REQUIRE(file->rewind());
    std::filesystem::resize_file(path, 2);
    const auto rest = rest_of(*file);
    REQUIRE(!rest);
    CHECK(rest.error().message == "read " + path + ": it became shorter meanwhile");
}

TEST_CASE("what is no regular file is refused at once") {
    const TemporaryFolder folder;
    const auto missing = LocalFile::open(folder.path() + "/none");
    REQUIRE(!missing);
    CHECK(missing.error().code == Code::not_found);
    CHECK(missing.error().message == "open " + folder.path() + "/none: No such file or directory");
    const std::string pipe = folder.path() + "/pipe";
    REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
    for (const auto& path : {pipe, folder.path()}) {
        const auto refused = LocalFile::open(path);
        REQUIRE(!refused);
        CHECK(refused.error().code == Code::invalid_argument);
    }
}
