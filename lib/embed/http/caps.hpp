// How much a request may hold: what is known of the server at first, and what its refusals teach. Thread-safe.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>

namespace archaeologist::embed {

class Caps {
public:
    Caps(std::size_t texts, std::size_t tokens) : texts_(texts), tokens_(tokens) {}

    [[nodiscard]] std::size_t texts() const { return texts_.load(); }
    [[nodiscard]] std::size_t tokens() const { return tokens_.load(); }

    void lower_texts(std::size_t texts) { lower(texts_, texts); }
    void lower_tokens(std::size_t tokens) { lower(tokens_, tokens); }

private:
    static void lower(std::atomic<std::size_t>& cap, std::size_t wanted) {
        wanted = std::max<std::size_t>(wanted, 1);
        for (std::size_t now = cap.load(); wanted < now && !cap.compare_exchange_weak(now, wanted);) continue;
    }

    std::atomic<std::size_t> texts_;
    std::atomic<std::size_t> tokens_;
};

}  // namespace archaeologist::embed
