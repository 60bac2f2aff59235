#include "net/retry.hpp"

#include <curl/curl.h>

#include <algorithm>
#include <charconv>
#include <string>

namespace archaeologist::net {

std::chrono::milliseconds backoff(const RetryPolicy& policy, int attempts, Rng& rng) {
    const int doublings = std::clamp(attempts - 1, 0, 30);
    const auto ceiling = std::min(policy.cap, policy.base * (std::int64_t{1} << doublings));
    std::uniform_int_distribution<std::int64_t> wait_ms(0, std::max<std::int64_t>(ceiling.count(), 0));
    return std::chrono::milliseconds(wait_ms(rng));
}

std::optional<std::chrono::milliseconds> retry_after(std::string_view value, TimePoint now) {
    constexpr std::int64_t seconds_max = std::int64_t{365} * 86'400;
    std::int64_t seconds = 0;
    const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), seconds);
    if (!value.empty() && error == std::errc{} && end == value.data() + value.size()) {
        return std::chrono::seconds(std::clamp<std::int64_t>(seconds, 0, seconds_max));
    }
    if (!value.empty() && error == std::errc::result_out_of_range) return std::chrono::seconds(seconds_max);
    const time_t date_s = ::curl_getdate(std::string(value).c_str(), nullptr);
    if (date_s < 0) return std::nullopt;
    const auto wait = from_ms(std::int64_t{date_s} * 1'000) - now;
    return std::clamp<std::chrono::milliseconds>(wait, std::chrono::milliseconds{0}, std::chrono::seconds(seconds_max));
}

bool is_retriable_status(int status) {
    return status == 408 || status == 425 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

bool RetryBudget::take() {
    const MutexLock lock(mutex_);
    if (left_ < parts) return false;
    left_ -= parts;
    return true;
}

void RetryBudget::give_back(int retries) {
    const MutexLock lock(mutex_);
    left_ = std::min(most_, left_ + (retries > 0 ? retries * parts : 1));
}

}  // namespace archaeologist::net
