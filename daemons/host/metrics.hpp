// Counters and durations for /metrics, in Prometheus's text format (version 0.0.4).
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "archaeologist/backend.hpp"

namespace archaeologist::host {

// Builds the text, one family after another.
class MetricsText {
public:
    // `labels` is empty or like `state="queued"`.
    MetricsText& gauge(std::string_view name, std::string_view help, double value) {
        return family(name, help, "gauge").sample(name, {}, value);
    }
    MetricsText& counter(std::string_view name, std::string_view help, double value) {
        return family(name, help, "counter").sample(name, {}, value);
    }
    MetricsText& family(std::string_view name, std::string_view help, std::string_view type);
    MetricsText& sample(std::string_view name, std::string_view labels, double value);
    [[nodiscard]] std::string text() && { return std::move(text_); }

private:
    std::string text_;
};

// What requests came and how long they took, by route. Thread-safe.
class RequestMetrics {
public:
    void note(std::string_view route, int status, std::chrono::nanoseconds duration, std::uint64_t bytes_read);
    void write(MetricsText& out) const;

private:
    static constexpr std::array<double, 12> bounds_s{0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                                     0.05,   0.1,   0.25,   1,     5,    30};
    struct Durations {
        std::array<std::uint64_t, bounds_s.size() + 1> counts{};
        double sum_s = 0;
    };

    mutable std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::uint64_t> counts_;
    std::map<std::string, Durations> durations_;
    std::uint64_t bytes_read_ = 0;
};

// Requests to servers elsewhere, by endpoint.
void write_backend_metrics(MetricsText& out, const std::vector<BackendFigures>& backends);

// Memory, descriptors and time of this process, as their names are elsewhere.
void write_process_metrics(MetricsText& out);

}  // namespace archaeologist::host
