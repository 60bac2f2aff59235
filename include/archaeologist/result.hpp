// Errors as values. Nothing in this library throws; a call that can fail returns Result<T> (Status when there is no value).
// Method names follow std::expected (C++23), which g++ 12 does not have.
#pragma once

#include <cassert>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

namespace archaeologist {

// What went wrong, by what the caller can do about it. Numbers are part of the C ABI: they are never reused.
enum class Code : std::int32_t {
    invalid_argument = 1,  // the request breaks a rule; the message names thing, value and rule
    not_found = 2,
    already_exists = 3,
    conflict = 4,    // not possible in the present state (finished job, deleted source, …)
    lease_lost = 5,  // another worker holds the job by now, or it is finished: drop what you did
    cancelled = 6,
    timed_out = 7,
    too_large = 8,
    unsupported = 9,
    permission_denied = 10,
    corrupt = 11,       // stored data cannot be read; it is named, never deleted
    incompatible = 12,  // written by a newer version, another model, another lake
    unavailable = 13,   // a backend is down or busy; retriable
    rate_limited = 14,  // retriable after a delay, spends no retry
    storage_full = 15,  // disk or quota; retriable once there is room
    io_error = 16,
    internal = 17,  // a bug of ours
};

[[nodiscard]] std::string_view to_string(Code code);

struct Error {
    Code code = Code::internal;
    std::string message;

    // Whether the same call may succeed later without anyone changing the request.
    [[nodiscard]] bool is_retriable() const {
        return code == Code::unavailable || code == Code::rate_limited || code == Code::storage_full ||
               code == Code::timed_out || code == Code::io_error;
    }
};

template <class T>
class [[nodiscard]] Result {
public:
    using value_type = T;
    Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
    Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool has_value() const { return state_.index() == 0; }
    explicit operator bool() const { return has_value(); }

    [[nodiscard]] T& value() & {
        assert(has_value());
        return *std::get_if<0>(&state_);
    }
    [[nodiscard]] const T& value() const& {
        assert(has_value());
        return *std::get_if<0>(&state_);
    }
    // By value, so that `for (auto& x : call().value())` keeps what it walks.
    [[nodiscard]] T value() && {
        assert(has_value());
        return std::move(*std::get_if<0>(&state_));
    }
    [[nodiscard]] T& operator*() & { return value(); }
    [[nodiscard]] const T& operator*() const& { return value(); }
    [[nodiscard]] T operator*() && { return std::move(*this).value(); }
    [[nodiscard]] T* operator->() { return &value(); }
    [[nodiscard]] const T* operator->() const { return &value(); }
    [[nodiscard]] T value_or(T other) && { return has_value() ? std::move(*this).value() : std::move(other); }

    [[nodiscard]] Error& error() & {
        assert(!has_value());
        return *std::get_if<1>(&state_);
    }
    [[nodiscard]] const Error& error() const& {
        assert(!has_value());
        return *std::get_if<1>(&state_);
    }
    [[nodiscard]] Error&& error() && {
        assert(!has_value());
        return std::move(*std::get_if<1>(&state_));
    }

private:
    std::variant<T, Error> state_;
};

template <>
class [[nodiscard]] Result<void> {
public:
    using value_type = void;
    Result() = default;
    Result(Error error) : error_(std::move(error)), failed_(true) {}  // NOLINT(google-explicit-constructor)

    [[nodiscard]] bool has_value() const { return !failed_; }
    explicit operator bool() const { return has_value(); }
    [[nodiscard]] Error& error() & {
        assert(failed_);
        return error_;
    }
    [[nodiscard]] const Error& error() const& {
        assert(failed_);
        return error_;
    }
    [[nodiscard]] Error&& error() && {
        assert(failed_);
        return std::move(error_);
    }

private:
    Error error_;
    bool failed_ = false;
};

using Status = Result<void>;

}  // namespace archaeologist

#define ARCHAEO_CONCAT_INNER(a, b) a##b
#define ARCHAEO_CONCAT(a, b) ARCHAEO_CONCAT_INNER(a, b)

// ARCHAEO_TRY(call());                    hands a failure on to the caller.
// ARCHAEO_ASSIGN(const auto x, call());   the same, and keeps the value.
#define ARCHAEO_TRY(...)                                            \
    do {                                                            \
        if (auto archaeo_status = (__VA_ARGS__); !archaeo_status) { \
            return std::move(archaeo_status).error();               \
        }                                                           \
    } while (false)
#define ARCHAEO_ASSIGN(declaration, ...) \
    ARCHAEO_ASSIGN_INNER(ARCHAEO_CONCAT(archaeo_result_, __LINE__), declaration, __VA_ARGS__)
#define ARCHAEO_ASSIGN_INNER(name, declaration, ...) \
    auto name = (__VA_ARGS__);                       \
    if (!name) return std::move(name).error();       \
    declaration = std::move(name).value()
