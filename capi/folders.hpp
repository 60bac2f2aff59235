// Which folders this process has open. SQLite keeps its locks by process and inherits the memory of them over fork, but not
// the locks: a child that opened a folder its parent has open would damage it.
#pragma once

#include <string>
#include <utility>

#include "archaeologist/result.hpp"

namespace archaeologist::capi {

// Errors: conflict (the parent had it open when this process was forked).
[[nodiscard]] Status check_folder(const std::string& path);

// Remembers a folder that is there for as long as it is open.
class OpenFolder {
public:
    using Identity = std::pair<unsigned long long, unsigned long long>;  // device, inode

    OpenFolder() = default;
    explicit OpenFolder(const std::string& path);
    ~OpenFolder();
    OpenFolder(OpenFolder&& other) noexcept : identity_(std::exchange(other.identity_, {})) {}
    OpenFolder& operator=(OpenFolder&&) = delete;

private:
    Identity identity_;  // {} = none
};

}  // namespace archaeologist::capi
