// The rules of pages.
#pragma once

#include <cstdint>
#include <string>

#include "archaeologist/result.hpp"

namespace archaeologist {

inline constexpr std::int64_t per_page_max = 1'000;
inline constexpr std::int64_t page_max = std::int64_t{1} << 48;  // times per_page_max it still fits

// Errors: invalid_argument.
[[nodiscard]] inline Status validate_page(std::int64_t page, std::int64_t per_page) {
    if (page < 1 || page > page_max) {
        return Error{Code::invalid_argument,
                     "page is " + std::to_string(page) + ", must be 1 to " + std::to_string(page_max)};
    }
    if (per_page < 1 || per_page > per_page_max) {
        return Error{Code::invalid_argument,
                     "per_page is " + std::to_string(per_page) + ", must be 1 to " + std::to_string(per_page_max)};
    }
    return {};
}

template <class Page, class Filter>
void fill_page(Page& page, const Filter& filter, std::int64_t total) {
    page.total = total;
    page.page = filter.page;
    page.per_page = filter.per_page;
    page.has_more = filter.page * filter.per_page < total;
}

}  // namespace archaeologist
