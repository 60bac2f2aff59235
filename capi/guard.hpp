// How every function of the ABI ends: with a code, and an error object where the program asked for one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archaeologist/archaeologist.h"
#include "archaeologist/result.hpp"
#include "handle.hpp"

namespace archaeologist::capi {

// Gives *error_out (if asked for) and the code. Never throws; without memory for the object it is NULL.
int32_t report(const Error& error, archaeo_error** error_out) noexcept;

// Which error an exception on its way stands for; to be called in a catch block.
[[nodiscard]] Error error_of_exception() noexcept;

// Runs a function's body, which returns a Status; nothing that a dependency throws leaves it.
template <class Body>
int32_t guard(archaeo_error** error_out, Body&& body) noexcept {
    if (error_out != nullptr) *error_out = nullptr;
    try {
        const Status done = body();
        return done ? ARCHAEO_OK : report(done.error(), error_out);
    } catch (...) {
        return report(error_of_exception(), error_out);
    }
}

// An accessor of a number: 0 of what is no live handle.
template <class T, class Field>
[[nodiscard]] auto number_of(const T* handle, Field&& field) noexcept -> decltype(field(*handle)) {
    try {
        if (const auto object = find(handle)) return field(static_cast<const T&>(*object));
    } catch (...) {  // nothing an accessor could say
    }
    return {};
}

[[nodiscard]] inline archaeo_str borrow(std::string_view text) { return {text.data(), text.size()}; }

// An accessor of a text that the object holds: the empty one of what is no live handle.
template <class T, class Field>
[[nodiscard]] archaeo_str text_of(const T* handle, Field&& field) noexcept {
    try {
        if (const auto object = find(handle)) {
            const std::string& text = field(static_cast<const T&>(*object));
            return borrow(text);
        }
    } catch (...) {  // nothing an accessor could say
    }
    return {"", 0};
}

// The same of the element at `index` of `field`'s vector.
template <class T, class List, class Field>
[[nodiscard]] auto number_at(const T* handle, std::size_t index, List&& list, Field&& field) noexcept
    -> decltype(field(list(*handle)[0])) {
    try {
        if (const auto object = find(handle)) {
            const auto& elements = list(static_cast<const T&>(*object));
            if (index < elements.size()) return field(elements[index]);
        }
    } catch (...) {  // nothing an accessor could say
    }
    return {};
}

template <class T, class List, class Field>
[[nodiscard]] archaeo_str text_at(const T* handle, std::size_t index, List&& list, Field&& field) noexcept {
    try {
        if (const auto object = find(handle)) {
            const auto& elements = list(static_cast<const T&>(*object));
            if (index < elements.size()) {
                const std::string& text = field(elements[index]);
                return borrow(text);
            }
        }
    } catch (...) {  // nothing an accessor could say
    }
    return {"", 0};
}

template <class T>
void free_handle(T* handle) noexcept {
    try {
        static_cast<void>(take(handle));
    } catch (...) {  // nobody to tell
    }
}

// Outputs are NULL or 0 unless the function succeeds.
template <class T>
void clear(T* out) {
    if (out != nullptr) *out = T{};
}

template <class T>
void give(T* out, T value) {
    if (out != nullptr) *out = std::move(value);
}

// Handles for an array of the program's: all are handed out, or none.
template <class T>
class HandleList {
public:
    template <class... Arguments>
    void add(Arguments&&... arguments) {
        objects_.push_back(std::make_shared<T>(std::forward<Arguments>(arguments)...));
    }
    [[nodiscard]] std::size_t give_all(T** out) {
        std::size_t count = 0;
        try {
            for (auto& object : objects_) {
                out[count] = publish(object);
                ++count;
            }
        } catch (...) {
            while (count > 0) free_handle(std::exchange(out[--count], nullptr));
            throw;
        }
        return count;
    }

private:
    std::vector<std::shared_ptr<T>> objects_;
};

}  // namespace archaeologist::capi

struct archaeo_error final : archaeologist::capi::Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_error(archaeologist::Error what) : error(std::move(what)) {}
    archaeologist::Error error;
};

struct archaeo_buffer final : archaeologist::capi::Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_buffer(std::string content) : text(std::move(content)) {}
    std::string text;
};
