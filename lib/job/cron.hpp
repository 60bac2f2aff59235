// When a periodic job is due: "minute hour day-of-month month day-of-week" as in crontab(5), in UTC. Pure.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

#include "archaeologist/clock.hpp"
#include "archaeologist/result.hpp"

namespace archaeologist {

// Each field is a list of items: `*`, a value, a range `10-30`, and any of them with a step: `*/5`, `10-30/10`, `5/15`
// (from 5 on). Months and weekdays also have names, jan to dec and sun to sat, in any case; Sunday is 0 and 7.
// Vixie's rule: a day must fit both day fields when one of them begins with `*`, otherwise either.
// Or one of @hourly @daily @midnight @weekly @monthly @yearly @annually.
class CronSchedule {
public:
    static constexpr std::size_t expression_bytes_max = 200;

    // Errors: invalid_argument, which names the field, its value and the rule.
    [[nodiscard]] static Result<CronSchedule> parse(std::string_view expression);

    // The first whole minute after `after` that fits. Nothing when there is none ever ("0 0 30 2 *") or before the year
    // 10000. Moments before 1970 count as its beginning. Costs at most a look at each month of 400 years.
    [[nodiscard]] std::optional<TimePoint> next_after(TimePoint after) const;

private:
    enum class DayRule { both, either };

    CronSchedule() = default;
    [[nodiscard]] std::optional<std::chrono::minutes> first_time_from(std::chrono::minutes time_of_day) const;
    [[nodiscard]] std::optional<std::chrono::sys_days> first_day_from(std::chrono::sys_days day) const;
    [[nodiscard]] std::uint64_t days_in(std::chrono::year_month month) const;

    // Bit n stands for the value n.
    std::uint64_t minutes_ = 0;
    std::uint64_t hours_ = 0;
    std::uint64_t days_of_month_ = 0;
    std::uint64_t months_ = 0;
    std::uint64_t weekdays_ = 0;  // Sunday is bit 0 only
    DayRule day_rule_ = DayRule::both;
};

}  // namespace archaeologist
