// SHA-256 of a stream (OpenSSL, which uses the CPU's own instructions).
#pragma once

#include <memory>
#include <string_view>

#include "archaeologist/id.hpp"

namespace archaeologist {

class Sha256 {
public:
    Sha256();
    ~Sha256();
    Sha256(const Sha256&) = delete;
    Sha256& operator=(const Sha256&) = delete;

    void update(std::string_view bytes);
    // Once; the object is spent afterwards.
    [[nodiscard]] ContentHash finish();

private:
    struct State;
    std::unique_ptr<State> state_;
};

}  // namespace archaeologist
