#include "job/cron.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <span>
#include <string>

#include "job/validate.hpp"

namespace archaeologist {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::minutes;
using std::chrono::months;
using std::chrono::sys_days;
using std::chrono::year_month;
using std::chrono::year_month_day;
using std::chrono::years;

constexpr TimePoint year_9999_end = from_ms(253'402'300'799'999);  // the last moment RFC 3339 can write
constexpr years calendar_period{400};                              // then dates fall on the same weekdays again

struct Field {
    std::string_view name;
    int first = 0;
    int last = 0;                             // of `*` and of a step without an end
    int value_max = 0;                        // beyond `last` for Sunday's second number
    std::span<const std::string_view> names;  // of the values from `first` on
    std::string_view rule;
};

constexpr std::array<std::string_view, 12> month_names = {"jan", "feb", "mar", "apr", "may", "jun",
                                                          "jul", "aug", "sep", "oct", "nov", "dec"};
constexpr std::array<std::string_view, 7> weekday_names = {"sun", "mon", "tue", "wed", "thu", "fri", "sat"};
constexpr int sunday = 0;
constexpr int second_sunday = 7;

constexpr Field minute{"minute", 0, 59, 59, {}, "0 to 59"};
constexpr Field hour{"hour", 0, 23, 23, {}, "0 to 23"};
constexpr Field day_of_month{"day-of-month", 1, 31, 31, {}, "1 to 31"};
constexpr Field month_of_year{"month", 1, 12, 12, month_names, "1 to 12 or jan to dec"};
constexpr Field day_of_week{"day-of-week", sunday, 6, second_sunday, weekday_names, "0 to 7 or sun to sat"};

struct Shorthand {
    std::string_view name;
    std::string_view expression;
};
constexpr std::array<Shorthand, 7> shorthands = {{{"@hourly", "0 * * * *"},
                                                  {"@daily", "0 0 * * *"},
                                                  {"@midnight", "0 0 * * *"},
                                                  {"@weekly", "0 0 * * 0"},
                                                  {"@monthly", "0 0 1 * *"},
                                                  {"@yearly", "0 0 1 1 *"},
                                                  {"@annually", "0 0 1 1 *"}}};

Error invalid(std::string_view thing, std::string_view value, std::string_view rule) {
    std::string message = "cron: ";
    message.append(thing).append(" is ").append(quoted(value)).append(", must ").append(rule);
    return {Code::invalid_argument, std::move(message)};
}

Error invalid_value(const Field& field, std::string_view value) {
    return invalid(field.name, value, "be " + std::string(field.rule));
}

char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }
bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) { return lower(x) == lower(y); });
}

std::optional<int> number(std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || value < 0) return std::nullopt;
    return value;
}

std::optional<int> value_in(const Field& field, std::string_view text) {
    for (std::size_t i = 0; i < field.names.size(); ++i) {
        if (same_word(text, field.names[i])) return field.first + static_cast<int>(i);
    }
    const auto value = number(text);
    return value && *value >= field.first && *value <= field.value_max ? value : std::nullopt;
}

struct Range {
    int first = 0;
    int last = 0;
};

enum class Step { absent, present };

Result<Range> parse_range(const Field& field, std::string_view item, std::string_view text, Step step) {
    if (text == "*") return Range{field.first, field.last};
    const auto dash = text.find('-');
    const auto first = value_in(field, text.substr(0, dash));
    if (!first) return invalid_value(field, item);
    if (dash == std::string_view::npos) {
        return Range{*first, step == Step::present ? std::max(*first, field.last) : *first};
    }
    auto last = value_in(field, text.substr(dash + 1));
    if (!last) return invalid_value(field, item);
    if (field.value_max == second_sunday && last == sunday && *first > sunday) last = second_sunday;
    if (*last < *first) return invalid(field.name, item, "be a range that ends no earlier than it begins");
    return Range{*first, *last};
}

Result<std::uint64_t> parse_item(const Field& field, std::string_view item) {
    const auto slash = item.find('/');
    const Step has_step = slash == std::string_view::npos ? Step::absent : Step::present;
    ARCHAEO_ASSIGN(const Range range, parse_range(field, item, item.substr(0, slash), has_step));
    const auto step = has_step == Step::present ? number(item.substr(slash + 1)) : 1;
    if (!step || *step < 1 || *step > field.last) {
        return invalid(field.name, item, "have a step of 1 to " + std::to_string(field.last));
    }
    std::uint64_t bits = 0;
    for (int value = range.first; value <= range.last; value += *step) bits |= std::uint64_t{1} << value;
    return bits;
}

Result<std::uint64_t> parse_field(const Field& field, std::string_view text) {
    std::uint64_t bits = 0;
    for (std::size_t begin = 0; begin <= text.size();) {
        const std::size_t end = std::min(text.find(',', begin), text.size());
        if (begin == end) return invalid(field.name, text, "have a value on both sides of each comma");
        ARCHAEO_ASSIGN(const std::uint64_t item, parse_item(field, text.substr(begin, end - begin)));
        bits |= item;
        begin = end + 1;
    }
    return bits;
}

// Field texts never are empty.
Result<std::array<std::string_view, 5>> split(std::string_view expression) {
    constexpr std::string_view space = " \t";
    std::array<std::string_view, 5> fields;
    std::size_t count = 0;
    for (auto begin = expression.find_first_not_of(space); begin != std::string_view::npos;) {
        const std::size_t end = std::min(expression.find_first_of(space, begin), expression.size());
        if (count < fields.size()) fields[count] = expression.substr(begin, end - begin);
        ++count;
        begin = expression.find_first_not_of(space, end);
    }
    if (count == fields.size()) return fields;
    return invalid("expression", expression,
                   "have 5 fields (minute hour day-of-month month day-of-week), has " + std::to_string(count));
}

// What an @name stands for; other expressions as they are.
Result<std::string_view> expand(std::string_view expression) {
    if (!expression.starts_with('@')) return expression;
    for (const auto& shorthand : shorthands) {
        if (same_word(expression, shorthand.name)) return shorthand.expression;
    }
    return invalid("expression", expression,
                   "be @hourly, @daily, @midnight, @weekly, @monthly, @yearly, @annually or have 5 fields");
}

constexpr bool has_bit(std::uint64_t bits, unsigned n) { return (bits >> n & 1U) != 0; }
constexpr std::uint64_t bits_from(std::uint64_t bits, unsigned n) { return bits >> n << n; }

}  // namespace

Result<CronSchedule> CronSchedule::parse(std::string_view expression) {
    if (expression.size() > expression_bytes_max) {
        return invalid("expression", expression,
                       "have at most " + std::to_string(expression_bytes_max) + " bytes, has " +
                           std::to_string(expression.size()));
    }
    ARCHAEO_ASSIGN(const std::string_view expanded, expand(expression));
    ARCHAEO_ASSIGN(const auto fields, split(expanded));
    CronSchedule schedule;
    ARCHAEO_ASSIGN(schedule.minutes_, parse_field(minute, fields[0]));
    ARCHAEO_ASSIGN(schedule.hours_, parse_field(hour, fields[1]));
    ARCHAEO_ASSIGN(schedule.days_of_month_, parse_field(day_of_month, fields[2]));
    ARCHAEO_ASSIGN(schedule.months_, parse_field(month_of_year, fields[3]));
    ARCHAEO_ASSIGN(const std::uint64_t weekdays, parse_field(day_of_week, fields[4]));
    schedule.weekdays_ = (weekdays | weekdays >> second_sunday) & 0x7F;
    const bool any_day_star = fields[2].starts_with('*') || fields[4].starts_with('*');
    schedule.day_rule_ = any_day_star ? DayRule::both : DayRule::either;
    return schedule;
}

std::optional<TimePoint> CronSchedule::next_after(TimePoint after) const {
    if (after >= year_9999_end) return std::nullopt;
    const auto begin = floor<minutes>(std::max(after, TimePoint{} - minutes{1})) + minutes{1};
    const auto today = floor<days>(begin);
    auto time = first_time_from(begin - today);
    auto day = first_day_from(time ? today : today + days{1});
    if (!time || (day && *day != today)) time = first_time_from(minutes{0});
    if (!day || *day + *time > year_9999_end) return std::nullopt;
    return *day + *time;
}

std::optional<minutes> CronSchedule::first_time_from(minutes time_of_day) const {
    const auto this_hour = static_cast<unsigned>(time_of_day.count() / 60);
    const auto this_minute = static_cast<unsigned>(time_of_day.count() % 60);
    const std::uint64_t left = bits_from(minutes_, this_minute);
    if (has_bit(hours_, this_hour) && left != 0) {
        return std::chrono::hours{this_hour} + minutes{std::countr_zero(left)};
    }
    const std::uint64_t later_hours = bits_from(hours_, this_hour + 1);
    if (later_hours == 0) return std::nullopt;
    return minutes{std::countr_zero(later_hours) * 60 + std::countr_zero(minutes_)};
}

std::optional<sys_days> CronSchedule::first_day_from(sys_days day) const {
    const year_month_day begin(day);
    year_month month = begin.year() / begin.month();
    const year_month last = month + calendar_period;
    for (auto from = static_cast<unsigned>(begin.day()); month <= last; month += months{1}, from = 1) {
        if (!has_bit(months_, static_cast<unsigned>(month.month()))) continue;
        const std::uint64_t fitting = bits_from(days_in(month), from);
        if (fitting != 0) return sys_days(month / std::countr_zero(fitting));
    }
    return std::nullopt;
}

std::uint64_t CronSchedule::days_in(year_month month) const {
    const auto last_day = static_cast<unsigned>((month / std::chrono::last).day());
    const std::uint64_t existing = (std::uint64_t{2} << last_day) - 2;
    // The week's bits six times over reach from any weekday on the 1st to the 31st.
    constexpr std::uint64_t six_weeks = 1 | 1ULL << 7 | 1ULL << 14 | 1ULL << 21 | 1ULL << 28 | 1ULL << 35;
    const std::chrono::weekday first_weekday(sys_days(month / 1));
    const std::uint64_t by_weekday = (weekdays_ * six_weeks) >> first_weekday.c_encoding() << 1;
    return existing & (day_rule_ == DayRule::both ? days_of_month_ & by_weekday : days_of_month_ | by_weekday);
}

}  // namespace archaeologist
