// A server of tests/support/*.py in a process of its own, which ends with the test program.
#pragma once

#include <fcntl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <utility>
#include <vector>

#include "test_paths.hpp"

namespace archaeologist {

// The script prints its port first, and ends with its standard input.
class PythonServer {
public:
    using Variables = std::vector<std::pair<std::string, std::string>>;

    explicit PythonServer(const std::string& script, const std::vector<std::string>& arguments = {},
                          const Variables& variables = {}) {
        int input[2];
        int output[2];
        if (::pipe2(input, O_CLOEXEC) != 0 || ::pipe2(output, O_CLOEXEC) != 0) std::abort();
        std::vector<std::string> words{ARCHAEO_TEST_PYTHON, "-B", ARCHAEO_TEST_SUPPORT "/" + script};
        words.insert(words.end(), arguments.begin(), arguments.end());
        std::vector<char*> pointers;
        pointers.reserve(words.size() + 1);
        for (std::string& word : words) pointers.push_back(word.data());
        pointers.push_back(nullptr);
        id_ = ::fork();
        if (id_ == 0) {
            ::dup2(input[0], STDIN_FILENO);
            ::dup2(output[1], STDOUT_FILENO);
            for (const auto& [name, value] : variables) ::setenv(name.c_str(), value.c_str(), 1);
            ::execv(pointers.front(), pointers.data());
            ::_exit(127);
        }
        ::close(input[0]);
        ::close(output[1]);
        life_ = input[1];
        std::FILE* const said = ::fdopen(output[0], "r");
        if (std::fscanf(said, "%d", &port_) != 1) {
            std::fprintf(stderr, "%s does not run %s; tools/deps test makes it\n", words[0].c_str(), words[2].c_str());
            std::abort();
        }
        std::fclose(said);
    }
    PythonServer(const PythonServer&) = delete;
    PythonServer& operator=(const PythonServer&) = delete;
    ~PythonServer() {
        ::close(life_);
        ::waitpid(id_, nullptr, 0);
    }

    [[nodiscard]] int port() const { return port_; }

private:
    pid_t id_ = -1;
    int life_ = -1;
    int port_ = 0;
};

}  // namespace archaeologist
