#include "arguments.hpp"

#include <string.h>  // NOLINT(modernize-deprecated-headers): strnlen is POSIX

namespace archaeologist::capi {
namespace {

constexpr std::size_t struct_bytes_max = 4'096;

std::string too_long(std::string_view name, std::uint64_t bytes_max) {
    return std::string(name) + " is too long, must have at most " + std::to_string(bytes_max) + " bytes";
}

}  // namespace

Error bad_number(std::string_view name, std::int64_t value, std::string_view rule) {
    return {Code::invalid_argument, std::string(name) + " is " + std::to_string(value) + ", " + std::string(rule)};
}

Status require_pointer(std::string_view name, const void* pointer) {
    if (pointer != nullptr) return {};
    return Error{Code::invalid_argument, std::string(name) + " is NULL, must be given"};
}

Result<std::string> text(std::string_view name, const char* given, std::size_t bytes_max) {
    ARCHAEO_TRY(require_pointer(name, given));
    const std::size_t size = ::strnlen(given, bytes_max + 1);
    if (size > bytes_max) return Error{Code::too_large, too_long(name, bytes_max)};
    return std::string(given, size);
}

Result<std::string> text_or(std::string_view name, const char* given, std::string_view fallback,
                            std::size_t bytes_max) {
    if (given == nullptr) return std::string(fallback);
    return text(name, given, bytes_max);
}

Result<std::string_view> bytes(std::string_view name, const void* given, std::size_t size, std::uint64_t bytes_max) {
    if (size > bytes_max) {
        return Error{Code::too_large, std::string(name) + " has " + std::to_string(size) +
                                          " bytes, must have at most " + std::to_string(bytes_max)};
    }
    if (size > 0) ARCHAEO_TRY(require_pointer(name, given));
    if (size == 0) return std::string_view("");
    return std::string_view(static_cast<const char*>(given), size);
}

Result<std::vector<std::string>> texts(std::string_view name, const char* const* given, std::size_t count,
                                       std::size_t count_max) {
    std::vector<std::string> all;
    if (count > count_max) {
        return Error{Code::invalid_argument, std::string(name) + " are " + std::to_string(count) +
                                                 ", must be at most " + std::to_string(count_max)};
    }
    if (count > 0) ARCHAEO_TRY(require_pointer(name, given));
    for (std::size_t i = 0; i < count; ++i) {
        ARCHAEO_ASSIGN(auto one, text(std::string(name) + '[' + std::to_string(i) + ']', given[i]));
        all.push_back(std::move(one));
    }
    return all;
}

Result<std::int64_t> number(std::string_view name, std::int64_t value, std::int64_t least, std::int64_t most,
                            std::int64_t fallback) {
    if (value == 0) return fallback;
    if (value >= least && value <= most) return value;
    return bad_number(name, value, "must be " + std::to_string(least) + " to " + std::to_string(most));
}

Result<JobId> job_id(std::string_view name, const char* given) {
    ARCHAEO_ASSIGN(const std::string id, text(name, given, 1'024));
    if (const auto uuid = Uuid::parse(id)) return JobId(*uuid);
    return Error{Code::invalid_argument, std::string(name) + " is \"" + id + "\", must be a UUID of 36 characters"};
}

Result<GenerationId> generation_id(const char* given) {
    if (given == nullptr) return GenerationId();
    ARCHAEO_ASSIGN(const JobId id, job_id("generation", given));
    return GenerationId(static_cast<const Uuid&>(id));
}

Result<IfUnchanged> if_unchanged(int32_t given) {
    if (given == 0 || given == ARCHAEO_UNCHANGED_SKIP) return IfUnchanged::skip;
    if (given == ARCHAEO_UNCHANGED_PROCESS) return IfUnchanged::process_again;
    return bad_number("if_unchanged", given, "must be an ARCHAEO_UNCHANGED_..., or 0");
}

Result<Priority> priority(int32_t given) {
    if (given == 0) return Priority::normal;
    if (given >= ARCHAEO_PRIORITY_LOW && given <= ARCHAEO_PRIORITY_URGENT) return static_cast<Priority>(given - 1);
    return bad_number("priority", given, "must be an ARCHAEO_PRIORITY_..., or 0");
}

Result<int> count_or_none(std::string_view name, int32_t given, int most, int fallback) {
    if (given == ARCHAEO_NONE) return 0;
    ARCHAEO_ASSIGN(const std::int64_t count, number(name, given, 1, most, fallback));
    return static_cast<int>(count);
}

Result<std::int64_t> page_size(std::size_t capacity) {
    constexpr std::size_t page_size_max = 1'000;
    if (capacity >= 1 && capacity <= page_size_max) return static_cast<std::int64_t>(capacity);
    return Error{Code::invalid_argument, "capacity is " + std::to_string(capacity) + ", must be 1 to 1000"};
}

double fraction_or_none(double given, double fallback) {
    if (given == 0) return fallback;
    return given == ARCHAEO_NONE ? 0 : given;
}

Status check_struct(std::string_view name, const void* given, std::size_t given_size, std::size_t known_size) {
    if (given_size < sizeof given_size || given_size > struct_bytes_max) {
        return Error{Code::invalid_argument, std::string(name) + ": struct_size is " + std::to_string(given_size) +
                                                 ", must be the size of the struct"};
    }
    const auto* begin = static_cast<const char*>(given);
    const auto* end = begin + given_size;
    if (given_size <= known_size || std::all_of(begin + known_size, end, [](char byte) { return byte == 0; })) {
        return {};
    }
    return Error{Code::invalid_argument, std::string(name) + ": struct_size is " + std::to_string(given_size) +
                                             ", and fields behind the " + std::to_string(known_size) +
                                             " bytes this library knows are set: it is older than the program"};
}

}  // namespace archaeologist::capi
