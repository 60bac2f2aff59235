// Vectors that were made once, on disk: a job that is tried again pays for none of them twice.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/result.hpp"
#include "sqlite/database.hpp"

namespace archaeologist::embed {

struct Kept {
    std::string_view text;
    std::span<const float> vector;
};

// Keyed by model and text (XXH3, 128 bits). Several processes may share the file. Thread-safe.
class VectorCache {
public:
    // The oldest go where vectors come to more than bytes_max; the file keeps its size. Errors: those of the file.
    [[nodiscard]] static Result<std::shared_ptr<VectorCache>> open(const std::string& path, std::uint64_t bytes_max);

    // One a text, in order; empty where there is none.
    [[nodiscard]] Result<std::vector<std::vector<float>>> get(std::string_view model,
                                                              std::span<const std::string_view> texts);
    // Durable on return.
    [[nodiscard]] Status put(std::string_view model, std::span<const Kept> vectors);

private:
    VectorCache(std::unique_ptr<sqlite::Database> database, std::uint64_t bytes_max)
        : database_(std::move(database)), bytes_max_(bytes_max) {}

    std::unique_ptr<sqlite::Database> database_;
    const std::uint64_t bytes_max_;
};

}  // namespace archaeologist::embed
