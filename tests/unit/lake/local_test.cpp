#include "lake/local.hpp"

#include <doctest/doctest.h>
#include <pwd.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <filesystem>
#include <optional>

#include "support/child_process.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;

namespace {

constexpr std::uint64_t size_max = 1 << 30;

std::unique_ptr<Lake> open_lake(const TemporaryFolder& folder) {
    auto lake = open_local_lake(folder.path());
    REQUIRE(lake.has_value());
    return std::move(lake).value();
}

StoredBlob put(Lake& lake, std::string_view content) {
    MemorySource source(content);
    const auto stored = lake.put(source, size_max);
    REQUIRE(stored.has_value());
    return *stored;
}

std::string place(const ContentHash& hash) { return "lake/" + hash.hex().substr(0, 2) + "/" + hash.hex(); }

// Calls back before it gives its bytes: the moment when a file stands half-written in tmp.
class PausingSource final : public ByteSource {
public:
    explicit PausingSource(std::function<void()> pause) : pause_(std::move(pause)) {}

    [[nodiscard]] Result<std::size_t> read(std::span<char> buffer) override {
        if (reads_++ == 0) {
            std::fill(buffer.begin(), buffer.end(), 'x');
            return buffer.size();
        }
        if (reads_ == 2) pause_();
        return std::size_t{0};
    }

private:
    std::function<void()> pause_;
    int reads_ = 0;
};

// Ends as a test of its own kind would: the code that came back, or 0 for success.
int code_of_put(Lake& lake, std::string_view content) {
    MemorySource source(content);
    const auto stored = lake.put(source, size_max);
    return stored ? 0 : static_cast<int>(stored.error().code);
}

}  // namespace

TEST_CASE("what a dead process left half-written is removed at open") {
    const TemporaryFolder folder;
    const int result = run_in_child([&folder] {
        const auto lake = open_local_lake(folder.path());
        PausingSource source([] { ::_exit(7); });
        static_cast<void>((*lake)->put(source, size_max));
        return 0;
    });
    CHECK(result == 7);
    CHECK(folder.files("tmp").size() == 1);
    open_lake(folder);
    CHECK(folder.files("tmp").empty());
    CHECK(folder.files("lake").empty());
}

TEST_CASE("what a live process is writing survives another process's open") {
    const TemporaryFolder folder;
    const auto lake = open_lake(folder);
    PausingSource source([&folder] {
        CHECK(run_in_child([&folder] { return open_local_lake(folder.path()) ? 0 : 1; }) == 0);
        CHECK(folder.files("tmp").size() == 1);
    });
    const auto stored = lake->put(source, size_max);
    REQUIRE(stored.has_value());
    CHECK(folder.files("tmp").empty());
    CHECK(lake->contains(stored->hash).value());
}

TEST_CASE("cleaning leaves alone what others keep in tmp") {
    const TemporaryFolder folder;
    folder.write("tmp/upload-1", "of another part");
    open_lake(folder);
    CHECK(folder.files("tmp").size() == 1);
}

TEST_CASE("a blob in the trash is still read, and a put brings it back") {
    const TemporaryFolder folder;
    const auto lake = open_lake(folder);
    const ContentHash hash = put(*lake, "once loved").hash;
    std::filesystem::create_directory(folder.path("lake/trash"));
    std::filesystem::rename(folder.path(place(hash)), folder.path("lake/trash/" + hash.hex()));

    CHECK(lake->contains(hash).value());
    CHECK(lake->read(hash, size_max).value() == "once loved");
    put(*lake, "once loved");
    std::filesystem::remove_all(folder.path("lake/trash"));
    CHECK(lake->read(hash, size_max).value() == "once loved");
}

TEST_CASE("a damaged blob heals when its content comes again; a shortened one is never passed off as whole") {
    const TemporaryFolder folder;
    const auto lake = open_lake(folder);
    const ContentHash hash = put(*lake, "whole and well").hash;
    const auto blob = lake->open(hash);
    REQUIRE(blob.has_value());
    REQUIRE(::chmod(folder.path(place(hash)).c_str(), 0644) == 0);
    std::filesystem::resize_file(folder.path(place(hash)), 5);
    std::array<char, 14> buffer{};
    CHECK((*blob)->read_at(0, buffer).error().code == Code::corrupt);

    put(*lake, "whole and well");
    CHECK(lake->read(hash, size_max).value() == "whole and well");
}

TEST_CASE("a file size limit gives storage_full and leaves nothing behind") {
    const TemporaryFolder folder;
    const int code = run_in_child([&folder] {
        std::signal(SIGXFSZ, SIG_IGN);
        const rlimit limit{100'000, 100'000};
        ::setrlimit(RLIMIT_FSIZE, &limit);
        const auto lake = open_local_lake(folder.path());
        return lake ? code_of_put(**lake, std::string(1'000'000, 'x')) : 100;
    });
    CHECK(code == static_cast<int>(Code::storage_full));
    CHECK(folder.files("tmp").empty());
    CHECK(folder.files("lake").empty());
}

TEST_CASE("a folder that may not be written gives permission_denied") {
    const TemporaryFolder folder;
    std::filesystem::create_directory(folder.path("closed"));
    REQUIRE(::chmod(folder.path().c_str(), 0755) == 0);
    REQUIRE(::chmod(folder.path("closed").c_str(), 0555) == 0);
    const int code = run_in_child([&folder] {
        // Root may write everywhere.
        const passwd* nobody = ::geteuid() == 0 ? ::getpwnam("nobody") : nullptr;
        if (nobody != nullptr && ::setuid(nobody->pw_uid) != 0) return 101;
        const auto lake = open_local_lake(folder.path("closed"));
        return lake ? 100 : static_cast<int>(lake.error().code);
    });
    CHECK(code == static_cast<int>(Code::permission_denied));
}

TEST_CASE("content that is refused or whose source fails leaves no file") {
    const TemporaryFolder folder;
    const auto lake = open_lake(folder);
    MemorySource large("123456");
    CHECK(lake->put(large, 5).error().code == Code::too_large);
    CHECK(folder.files().empty());
}

TEST_CASE("two processes put the same blob and both succeed") {
    const TemporaryFolder folder;
    const std::string content(300'000, 'y');
    const auto put_often = [&] {
        const auto lake = open_local_lake(folder.path());
        if (!lake) return 100;
        int failures = 0;
        for (int round = 0; round < 30; ++round) failures += code_of_put(**lake, content) == 0 ? 0 : 1;
        return failures;
    };
    ChildProcess first(put_often);
    ChildProcess second(put_often);
    CHECK(first.wait() == 0);
    CHECK(second.wait() == 0);
    CHECK(folder.files("lake").size() == 1);
    CHECK(folder.files("tmp").empty());
    CHECK(open_lake(folder)->read(ContentHash::of(content), size_max).value() == content);
}

TEST_CASE("a data folder that is missing is made, with the folders above it") {
    const TemporaryFolder folder;
    auto lake = open_local_lake(folder.path("a/b/data/"));
    REQUIRE(lake.has_value());
    put(**lake, "x");
    CHECK(folder.files("a/b/data/lake").size() == 1);
    folder.write("file");
    CHECK(open_local_lake(folder.path("file")).error().code == Code::io_error);
}
