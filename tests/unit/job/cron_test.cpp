#include "job/cron.hpp"

#include <doctest/doctest.h>

#include <array>
#include <ctime>
#include <string>
#include <vector>

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

TimePoint at(int year, unsigned month, unsigned day, int hour = 0, int minute = 0) {
    return std::chrono::sys_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day)) +
           std::chrono::hours{hour} + std::chrono::minutes{minute};
}

std::string next(std::string_view expression, TimePoint after) {
    const auto schedule = CronSchedule::parse(expression);
    REQUIRE_MESSAGE(schedule.has_value(), schedule.error().message);
    const auto due = schedule->next_after(after);
    return due ? to_rfc3339(*due).substr(0, 16) : "never";
}

std::vector<std::string> next_times(std::string_view expression, TimePoint after, int count) {
    const auto schedule = CronSchedule::parse(expression);
    REQUIRE_MESSAGE(schedule.has_value(), schedule.error().message);
    std::vector<std::string> times;
    for (int i = 0; i < count; ++i) {
        const auto due = schedule->next_after(after);
        REQUIRE(due.has_value());
        times.push_back(to_rfc3339(*due).substr(0, 16));
        after = *due;
    }
    return times;
}

std::string refusal(std::string_view expression) {
    const auto schedule = CronSchedule::parse(expression);
    REQUIRE_FALSE(schedule.has_value());
    CHECK(schedule.error().code == Code::invalid_argument);
    return schedule.error().message;
}

using Times = std::vector<std::string>;
const TimePoint new_year_2027 = at(2027, 1, 1);  // a Friday

}  // namespace

TEST_CASE("every minute is due at the next whole minute, never at the moment itself") {
    CHECK(next("* * * * *", new_year_2027) == "2027-01-01T00:01");
    CHECK(next("* * * * *", new_year_2027 + 1ms) == "2027-01-01T00:01");
    CHECK(next("* * * * *", new_year_2027 - 1ms) == "2027-01-01T00:00");
    CHECK(next("0 0 1 1 *", new_year_2027) == "2028-01-01T00:00");
    CHECK(next("0 0 1 1 *", new_year_2027 - 1ms) == "2027-01-01T00:00");
}

TEST_CASE("lists, ranges and steps say which minutes") {
    CHECK(next_times("7,3,3,50 * * * *", new_year_2027, 4) ==
          Times{"2027-01-01T00:03", "2027-01-01T00:07", "2027-01-01T00:50", "2027-01-01T01:03"});
    CHECK(next_times("58-59 * * * *", new_year_2027, 3) ==
          Times{"2027-01-01T00:58", "2027-01-01T00:59", "2027-01-01T01:58"});
    CHECK(next_times("*/25 * * * *", new_year_2027, 3) ==
          Times{"2027-01-01T00:25", "2027-01-01T00:50", "2027-01-01T01:00"});
    CHECK(next_times("10-30/10 * * * *", new_year_2027, 4) ==
          Times{"2027-01-01T00:10", "2027-01-01T00:20", "2027-01-01T00:30", "2027-01-01T01:10"});
    CHECK(next_times("5/15 * * * *", new_year_2027, 5) ==
          Times{"2027-01-01T00:05", "2027-01-01T00:20", "2027-01-01T00:35", "2027-01-01T00:50", "2027-01-01T01:05"});
    CHECK(next_times("1,20-40/20,*/59 * * * *", new_year_2027, 5) ==
          Times{"2027-01-01T00:01", "2027-01-01T00:20", "2027-01-01T00:40", "2027-01-01T00:59", "2027-01-01T01:00"});
}

TEST_CASE("hours and minutes roll over into the next hour, day, month and year") {
    CHECK(next("30 6 * * *", at(2027, 1, 1, 6, 29)) == "2027-01-01T06:30");
    CHECK(next("30 6 * * *", at(2027, 1, 1, 6, 30)) == "2027-01-02T06:30");
    CHECK(next("10 6,18 * * *", at(2027, 1, 1, 6, 30)) == "2027-01-01T18:10");
    CHECK(next("0 0 * * *", at(2027, 1, 31, 23, 59)) == "2027-02-01T00:00");
    CHECK(next("0 9 15 * *", at(2027, 1, 15, 9)) == "2027-02-15T09:00");
    CHECK(next("* * * * *", at(2027, 12, 31, 23, 59)) == "2028-01-01T00:00");
    CHECK(next("59 23 31 12 *", at(2027, 12, 31, 23, 58)) == "2027-12-31T23:59");
    CHECK(next("59 23 31 12 *", at(2027, 12, 31, 23, 59)) == "2028-12-31T23:59");
}

TEST_CASE("months and weekdays have names, in any case") {
    CHECK(next("0 0 1 feb *", new_year_2027) == "2027-02-01T00:00");
    CHECK(next("0 0 1 DEC *", new_year_2027) == "2027-12-01T00:00");
    CHECK(next_times("0 0 1 Mar-may/2,Nov *", new_year_2027, 3) ==
          Times{"2027-03-01T00:00", "2027-05-01T00:00", "2027-11-01T00:00"});
    CHECK(next_times("0 0 * * mon,WED", new_year_2027, 3) ==
          Times{"2027-01-04T00:00", "2027-01-06T00:00", "2027-01-11T00:00"});
    CHECK(next_times("0 0 * * Mon-Fri", at(2027, 1, 7), 2) == Times{"2027-01-08T00:00", "2027-01-11T00:00"});
}

TEST_CASE("Sunday is 0 and 7, also as the end of a range") {
    for (const std::string weekday : {"0", "7", "sun", "7/3"}) {
        CAPTURE(weekday);
        CHECK(next_times("0 0 * * " + weekday, new_year_2027, 2) == Times{"2027-01-03T00:00", "2027-01-10T00:00"});
    }
    for (const std::string weekend : {"6-7", "6-0", "sat-sun", "0,6", "6/1,7"}) {
        CAPTURE(weekend);
        CHECK(next_times("0 0 * * " + weekend, new_year_2027, 3) ==
              Times{"2027-01-02T00:00", "2027-01-03T00:00", "2027-01-09T00:00"});
    }
    CHECK(next_times("0 0 * * 5/1", at(2027, 1, 2), 2) == Times{"2027-01-08T00:00", "2027-01-09T00:00"});
}

TEST_CASE("a day fits when either day field fits, once both are restricted") {
    CHECK(next_times("0 0 13 * fri", at(2027, 1, 2), 4) ==
          Times{"2027-01-08T00:00", "2027-01-13T00:00", "2027-01-15T00:00", "2027-01-22T00:00"});
    CHECK(next_times("0 0 1-31 2 mon", at(2027, 2, 26), 2) == Times{"2027-02-27T00:00", "2027-02-28T00:00"});
    CHECK(next("0 0 31 2 mon", at(2027, 1, 1)) == "2027-02-01T00:00");
}

TEST_CASE("a day field that begins with a star counts as unrestricted, so that both must fit") {
    CHECK(next_times("0 0 */2 * mon", new_year_2027, 2) == Times{"2027-01-11T00:00", "2027-01-25T00:00"});
    CHECK(next_times("0 0 13 * */5", new_year_2027, 2) == Times{"2027-06-13T00:00", "2027-08-13T00:00"});
    CHECK(next("0 0 13 * *", new_year_2027) == "2027-01-13T00:00");
    CHECK(next("0 0 * * fri", new_year_2027) == "2027-01-08T00:00");
}

TEST_CASE("months end where the calendar says, leap years included") {
    CHECK(next_times("0 0 31 * *", new_year_2027, 3) ==
          Times{"2027-01-31T00:00", "2027-03-31T00:00", "2027-05-31T00:00"});
    CHECK(next_times("0 0 30 1-3 *", at(2027, 1, 30), 1) == Times{"2027-03-30T00:00"});
    CHECK(next_times("0 12 29 2 *", new_year_2027, 3) ==
          Times{"2028-02-29T12:00", "2032-02-29T12:00", "2036-02-29T12:00"});
    CHECK(next("0 0 29 2 *", at(2096, 3, 1)) == "2104-02-29T00:00");  // 2100 is no leap year
    CHECK(next("0 0 29 2 *", at(1999, 12, 31)) == "2000-02-29T00:00");
    CHECK(next("* * * * *", at(2028, 2, 28, 23, 59)) == "2028-02-29T00:00");
    CHECK(next("* * * * *", at(2027, 2, 28, 23, 59)) == "2027-03-01T00:00");
}

TEST_CASE("a rare schedule is found and an impossible one is never due") {
    CHECK(next("0 0 29 2 */6", at(2033, 1, 1)) == "2048-02-29T00:00");  // a Saturday or Sunday
    CHECK(next("0 0 30 2 *", new_year_2027) == "never");
    CHECK(next("0 0 31 2,4,6,9,11 *", new_year_2027) == "never");
}

TEST_CASE("the short forms stand for their expressions") {
    const TimePoint after = at(2027, 5, 12, 13, 14);
    CHECK(next("@hourly", after) == "2027-05-12T14:00");
    CHECK(next("@daily", after) == "2027-05-13T00:00");
    CHECK(next("@midnight", after) == "2027-05-13T00:00");
    CHECK(next("@Weekly", after) == "2027-05-16T00:00");
    CHECK(next("@monthly", after) == "2027-06-01T00:00");
    CHECK(next("@yearly", after) == "2028-01-01T00:00");
    CHECK(next("@ANNUALLY", after) == "2028-01-01T00:00");
}

TEST_CASE("fields may be apart by any number of spaces and tabs") {
    CHECK(next(" \t5   4\t\t* *  * ", new_year_2027) == "2027-01-01T04:05");
    CHECK(next("05 004 * * *", new_year_2027) == "2027-01-01T04:05");
}

TEST_CASE("times lie between 1970 and 9999") {
    CHECK(next("* * * * *", TimePoint::min()) == "1970-01-01T00:00");
    CHECK(next("* * * * *", TimePoint{} - 1ms) == "1970-01-01T00:00");
    CHECK(next("* * * * *", at(9999, 12, 31, 23, 58)) == "9999-12-31T23:59");
    CHECK(next("* * * * *", at(9999, 12, 31, 23, 59)) == "never");
    CHECK(next("0 0 29 2 *", at(9997, 1, 1)) == "never");
    CHECK(next("* * * * *", TimePoint::max()) == "never");
}

TEST_CASE("a malformed expression is refused by field, value and rule") {
    const std::string fields_rule = ", must have 5 fields (minute hour day-of-month month day-of-week), has ";
    CHECK(refusal("") == R"(cron: expression is "")" + fields_rule + "0");
    CHECK(refusal(" \t") == R"(cron: expression is " \t")" + fields_rule + "0");
    CHECK(refusal("0 0 * *") == R"(cron: expression is "0 0 * *")" + fields_rule + "4");
    CHECK(refusal("0 0 * * * *") == R"(cron: expression is "0 0 * * * *")" + fields_rule + "6");
    CHECK(refusal("@reboot") ==
          "cron: expression is \"@reboot\", must be @hourly, @daily, @midnight, @weekly, "
          "@monthly, @yearly, @annually or have 5 fields");

    CHECK(refusal("60 * * * *") == R"(cron: minute is "60", must be 0 to 59)");
    CHECK(refusal("0,-1 * * * *") == R"(cron: minute is "-1", must be 0 to 59)");
    CHECK(refusal("* 24 * * *") == R"(cron: hour is "24", must be 0 to 23)");
    CHECK(refusal("* * 0 * *") == R"(cron: day-of-month is "0", must be 1 to 31)");
    CHECK(refusal("* * 1-32 * *") == R"(cron: day-of-month is "1-32", must be 1 to 31)");
    CHECK(refusal("* * L * *") == R"(cron: day-of-month is "L", must be 1 to 31)");
    CHECK(refusal("* * * 13 *") == R"(cron: month is "13", must be 1 to 12 or jan to dec)");
    CHECK(refusal("* * * janu *") == R"(cron: month is "janu", must be 1 to 12 or jan to dec)");
    CHECK(refusal("* * * mon *") == R"(cron: month is "mon", must be 1 to 12 or jan to dec)");
    CHECK(refusal("* * * * 8") == R"(cron: day-of-week is "8", must be 0 to 7 or sun to sat)");
    CHECK(refusal("* * * * ?") == R"(cron: day-of-week is "?", must be 0 to 7 or sun to sat)");
    CHECK(refusal("*5 * * * *") == R"(cron: minute is "*5", must be 0 to 59)");
    CHECK(refusal("+5 * * * *") == R"(cron: minute is "+5", must be 0 to 59)");
    CHECK(refusal("1.5 * * * *") == R"(cron: minute is "1.5", must be 0 to 59)");
    CHECK(refusal("5- * * * *") == R"(cron: minute is "5-", must be 0 to 59)");
    CHECK(refusal("1-2-3 * * * *") == R"(cron: minute is "1-2-3", must be 0 to 59)");
    CHECK(refusal("99999999999999999999 * * * *") == R"(cron: minute is "99999999999999999999", must be 0 to 59)");
    CHECK(refusal("\xff * * * *") == "cron: minute is \"\xEF\xBF\xBD\", must be 0 to 59");
    CHECK(refusal(std::string_view("\0 * * * *", 9)) == R"(cron: minute is "\u0000", must be 0 to 59)");
}

TEST_CASE("a malformed range, step or list is refused by its rule") {
    const std::string range_rule = ", must be a range that ends no earlier than it begins";
    CHECK(refusal("30-10 * * * *") == R"(cron: minute is "30-10")" + range_rule);
    CHECK(refusal("* * * dec-jan *") == R"(cron: month is "dec-jan")" + range_rule);
    CHECK(refusal("* * * * fri-mon") == R"(cron: day-of-week is "fri-mon")" + range_rule);
    CHECK(refusal("*/0 * * * *") == R"(cron: minute is "*/0", must have a step of 1 to 59)");
    CHECK(refusal("*/60 * * * *") == R"(cron: minute is "*/60", must have a step of 1 to 59)");
    CHECK(refusal("*/ * * * *") == R"(cron: minute is "*/", must have a step of 1 to 59)");
    CHECK(refusal("*/5/5 * * * *") == R"(cron: minute is "*/5/5", must have a step of 1 to 59)");
    CHECK(refusal("*/-1 * * * *") == R"(cron: minute is "*/-1", must have a step of 1 to 59)");
    CHECK(refusal("* * * * */7") == R"(cron: day-of-week is "*/7", must have a step of 1 to 6)");
    const std::string list_rule = ", must have a value on both sides of each comma";
    CHECK(refusal("1,,2 * * * *") == R"(cron: minute is "1,,2")" + list_rule);
    CHECK(refusal(",1 * * * *") == R"(cron: minute is ",1")" + list_rule);
    CHECK(refusal("* 1, * * *") == R"(cron: hour is "1,")" + list_rule);
}

TEST_CASE("an expression has at most 200 bytes") {
    const std::string longest = "0 0 1 1 *" + std::string(191, ' ');
    CHECK(CronSchedule::parse(longest).has_value());
    CHECK(refusal(longest + " ").ends_with("must have at most 200 bytes, has 201"));
}

namespace {

// A field of a random expression, and a judgement of values that shares nothing with the schedule's.
struct RandomField {
    struct Item {
        int first = 0;
        int last = 0;
        int step = 1;
    };
    std::vector<Item> items;
    std::string text;

    RandomField(int first, int last, Rng& rng) {
        const auto draw = [&](int low, int high) { return std::uniform_int_distribution<int>(low, high)(rng); };
        for (int left = draw(1, 3); left > 0; --left) {
            Item item{draw(first, last), last, draw(1, last)};
            if (!text.empty()) text += ',';
            switch (draw(0, 4)) {
                case 0: item = {first, last, 1}, text += '*'; break;
                case 1: item.first = first, text += "*/" + std::to_string(item.step); break;
                case 2: text += std::to_string(item.first) + "/" + std::to_string(item.step); break;
                case 3: item.last = item.first, text += std::to_string(item.first); break;
                default:
                    item.last = draw(item.first, last);
                    text +=
                        std::to_string(item.first) + "-" + std::to_string(item.last) + "/" + std::to_string(item.step);
            }
            items.push_back(item);
        }
    }
    [[nodiscard]] bool fits(int value) const {
        for (const Item& item : items) {
            if (value >= item.first && value <= item.last && (value - item.first) % item.step == 0) return true;
        }
        return false;
    }
};

struct RandomSchedule {
    explicit RandomSchedule(Rng& rng)
        : minute(0, 59, rng), hour(0, 23, rng), day(1, 31, rng), month(1, 12, rng), weekday(0, 6, rng) {}

    [[nodiscard]] std::string text() const {
        return minute.text + " " + hour.text + " " + day.text + " " + month.text + " " + weekday.text;
    }
    [[nodiscard]] bool fits(std::time_t seconds) const {
        std::tm time{};
        ::gmtime_r(&seconds, &time);
        const bool day_fits = day.fits(time.tm_mday);
        const bool weekday_fits = weekday.fits(time.tm_wday);
        const bool either = day.text[0] != '*' && weekday.text[0] != '*';
        return minute.fits(time.tm_min) && hour.fits(time.tm_hour) && month.fits(time.tm_mon + 1) &&
               (either ? day_fits || weekday_fits : day_fits && weekday_fits);
    }

    RandomField minute;
    RandomField hour;
    RandomField day;
    RandomField month;
    RandomField weekday;
};

}  // namespace

TEST_CASE("random schedules are due when a walk minute by minute says so") {
    constexpr std::time_t minute_s = 60;
    constexpr int walked_minutes_max = 60 * 24 * 90;
    Rng rng(11);
    std::uniform_int_distribution<std::int64_t> start_ms(to_ms(at(1970, 1, 1)), to_ms(at(2110, 1, 1)));
    int found = 0;
    for (int round = 0; round < 150; ++round) {
        const RandomSchedule oracle(rng);
        const auto schedule = CronSchedule::parse(oracle.text());
        CAPTURE(oracle.text());
        REQUIRE(schedule.has_value());
        const TimePoint after = from_ms(start_ms(rng));
        CAPTURE(to_rfc3339(after));
        const auto due = schedule->next_after(after);
        std::time_t walk = to_ms(after) / 1000 / minute_s * minute_s + minute_s;
        int walked = 0;
        while (walked < walked_minutes_max && !oracle.fits(walk)) ++walked, walk += minute_s;
        if (walked < walked_minutes_max) {
            REQUIRE(due.has_value());
            CHECK(to_rfc3339(*due) == to_rfc3339(from_ms(walk * 1000)));
            ++found;
        } else if (due) {
            CHECK(to_ms(*due) >= walk * 1000);
        }
    }
    CHECK(found > 75);
}
