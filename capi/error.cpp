#include <exception>
#include <new>
#include <stdexcept>

#include "archaeologist/version.hpp"
#include "guard.hpp"

namespace archaeologist::capi {

int32_t report(const Error& error, archaeo_error** error_out) noexcept {
    if (error_out != nullptr) {
        try {
            *error_out = make_handle<archaeo_error>(error);
        } catch (...) {
            *error_out = nullptr;
        }
    }
    return static_cast<int32_t>(error.code);
}

Error error_of_exception() noexcept {
    try {
        throw;
    } catch (const std::bad_alloc&) {
        return {Code::too_large, "memory is used up"};  // short enough to need none
    } catch (const std::length_error&) {
        return {Code::too_large, "too large"};
    } catch (const std::exception& error) {
        try {
            return {Code::internal, error.what()};
        } catch (...) {
            return {Code::internal, {}};
        }
    } catch (...) {
        return {Code::internal, {}};
    }
}

}  // namespace archaeologist::capi

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

extern "C" {

int32_t archaeo_abi_version(void) { return ARCHAEO_ABI_VERSION; }

// version() views a string literal, so a NUL follows it.
const char* archaeo_version_string(void) { return version().data(); }

// to_string gives literals, too.
const char* archaeo_code_name(int32_t code) {
    if (code == ARCHAEO_OK) return "ok";
    if (code < ARCHAEO_INVALID_ARGUMENT || code > ARCHAEO_INTERNAL) return "unknown";
    return to_string(static_cast<Code>(code)).data();
}

archaeo_str archaeo_buffer_text(const archaeo_buffer* buffer) {
    return text_of(buffer, [](const archaeo_buffer& one) -> const std::string& { return one.text; });
}

void archaeo_buffer_free(archaeo_buffer* buffer) { free_handle(buffer); }

int32_t archaeo_error_code(const archaeo_error* error) {
    return number_of(error, [](const archaeo_error& one) { return static_cast<int32_t>(one.error.code); });
}

archaeo_str archaeo_error_message(const archaeo_error* error) {
    return text_of(error, [](const archaeo_error& one) -> const std::string& { return one.error.message; });
}

int32_t archaeo_error_is_retriable(const archaeo_error* error) {
    return number_of(error, [](const archaeo_error& one) { return one.error.is_retriable() ? 1 : 0; });
}

void archaeo_error_free(archaeo_error* error) { free_handle(error); }

archaeo_error* archaeo_error_new(int32_t code, const char* message) {
    constexpr std::size_t message_bytes_max = 8 << 10;
    try {
        Error error;
        if (code >= ARCHAEO_INVALID_ARGUMENT && code <= ARCHAEO_INTERNAL) error.code = static_cast<Code>(code);
        const std::string_view text = message == nullptr ? std::string_view() : std::string_view(message);
        error.message = text.substr(0, message_bytes_max);
        return make_handle<archaeo_error>(std::move(error));
    } catch (...) {
        return nullptr;
    }
}

}  // extern "C"
