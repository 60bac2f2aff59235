// Cuts the page that was asked for out of hits that come best first: identical texts become one hit, and no source gets
// more than its share. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "archaeologist/search.hpp"

namespace archaeologist {

// A chunk's heading, where it names the definition the chunk is in.
[[nodiscard]] std::string symbol_of(std::string_view file_type, std::string_view heading);

class PageBuilder {
public:
    explicit PageBuilder(const SearchRequest& request) : request_(request) {}

    // Whether a further hit could still appear. Before that hits go on being collected into `also_in`.
    [[nodiscard]] bool is_full() const { return taken_ >= request_.offset + request_.limit; }
    void add(Hit hit);
    [[nodiscard]] std::vector<Hit> take() { return std::move(hits_); }

private:
    static constexpr std::size_t also_in_max = 100;

    const SearchRequest& request_;
    std::size_t taken_ = 0;  // hits of this page and of those before it
    std::vector<Hit> hits_;
    std::unordered_map<std::string, std::size_t> by_content_;  // → index among the taken
    std::unordered_map<std::int64_t, std::size_t> of_source_;
};

}  // namespace archaeologist
