#include "host/metrics.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>

namespace archaeologist::host {
namespace {

std::string number(double value) {
    std::array<char, 40> text{};
    std::snprintf(text.data(), text.size(), "%.17g", value);
    std::array<char, 40> brief{};
    std::snprintf(brief.data(), brief.size(), "%g", value);
    return std::strtod(brief.data(), nullptr) == value ? brief.data() : text.data();
}

}  // namespace

MetricsText& MetricsText::family(std::string_view name, std::string_view help, std::string_view type) {
    text_.append("# HELP ").append(name).append(" ").append(help).append("\n# TYPE ");
    text_.append(name).append(" ").append(type).append("\n");
    return *this;
}

MetricsText& MetricsText::sample(std::string_view name, std::string_view labels, double value) {
    text_.append(name);
    if (!labels.empty()) text_.append("{").append(labels).append("}");
    text_.append(" ").append(number(value)).append("\n");
    return *this;
}

void RequestMetrics::note(std::string_view route, int status, std::chrono::nanoseconds duration,
                          std::uint64_t bytes_read) {
    const std::string name(route.empty() ? "none" : route);
    const double seconds = std::chrono::duration<double>(duration).count();
    const auto* bucket = std::lower_bound(bounds_s.begin(), bounds_s.end(), seconds);
    const std::lock_guard lock(mutex_);
    ++counts_[{name, status}];
    auto& durations = durations_[name];
    ++durations.counts[static_cast<std::size_t>(bucket - bounds_s.begin())];
    durations.sum_s += seconds;
    bytes_read_ += bytes_read;
}

void RequestMetrics::write(MetricsText& out) const {
    const std::lock_guard lock(mutex_);
    out.family("archaeologist_http_requests_total", "Requests answered.", "counter");
    for (const auto& [key, count] : counts_) {
        out.sample("archaeologist_http_requests_total",
                   "route=\"" + key.first + "\",status=\"" + std::to_string(key.second) + '"',
                   static_cast<double>(count));
    }
    constexpr std::string_view duration = "archaeologist_http_request_duration_seconds";
    out.family(duration, "From a request's head to its reply's end.", "histogram");
    for (const auto& [route, durations] : durations_) {
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i <= bounds_s.size(); ++i) {
            sum += durations.counts[i];
            const std::string bound = i < bounds_s.size() ? number(bounds_s[i]) : "+Inf";
            auto labels = "route=\"" + route;
            labels.append("\",le=\"").append(bound).append("\"");
            out.sample(std::string(duration) + "_bucket", labels, static_cast<double>(sum));
        }
        out.sample(std::string(duration) + "_sum", "route=\"" + route + '"', durations.sum_s);
        out.sample(std::string(duration) + "_count", "route=\"" + route + '"', static_cast<double>(sum));
    }
    out.counter("archaeologist_http_request_bytes_total", "Bytes of request bodies.", static_cast<double>(bytes_read_));
}

void write_backend_metrics(MetricsText& out, const std::vector<BackendFigures>& backends) {
    if (backends.empty()) return;
    const auto count = [&](const char* name, const char* help, std::uint64_t BackendFigures::*figure) {
        out.family(name, help, "counter");
        for (const auto& backend : backends) {
            out.sample(name, "endpoint=\"" + backend.endpoint + '"', static_cast<double>(backend.*figure));
        }
    };
    count("archaeologist_backend_requests_total", "Requests to servers elsewhere.", &BackendFigures::requests);
    count("archaeologist_backend_retries_total", "Their further attempts.", &BackendFigures::retries);
    count("archaeologist_backend_failures_total", "Those that failed after all.", &BackendFigures::failures);
    count("archaeologist_backend_sent_bytes_total", "Bytes of bodies sent.", &BackendFigures::bytes_sent);
    count("archaeologist_backend_received_bytes_total", "Bytes of bodies received.", &BackendFigures::bytes_received);
    constexpr std::string_view duration = "archaeologist_backend_request_duration_seconds";
    out.family(duration, "From a request's begin to its end, with all its attempts.", "histogram");
    constexpr auto& bounds = BackendFigures::latency_bounds_s;
    for (const auto& backend : backends) {
        const std::string endpoint = "endpoint=\"" + backend.endpoint + '"';
        std::uint64_t sum = 0;
        for (std::size_t i = 0; i <= bounds.size(); ++i) {
            sum += backend.latency_counts[i];
            const std::string bound = i < bounds.size() ? number(bounds[i]) : "+Inf";
            out.sample(std::string(duration) + "_bucket", endpoint + ",le=\"" + bound + '"', static_cast<double>(sum));
        }
        out.sample(std::string(duration) + "_sum", endpoint, backend.latency_sum_s);
        out.sample(std::string(duration) + "_count", endpoint, static_cast<double>(sum));
    }
}

void write_process_metrics(MetricsText& out) {
    std::ifstream statm("/proc/self/statm");
    double pages = 0;
    double resident = 0;
    statm >> pages >> resident;
    out.gauge("process_resident_memory_bytes", "Resident memory.",
              resident * static_cast<double>(::sysconf(_SC_PAGESIZE)));
    rusage usage{};
    if (::getrusage(RUSAGE_SELF, &usage) == 0) {
        const auto seconds = [](const timeval& time) {
            return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
        };
        out.counter("process_cpu_seconds_total", "Processor time.", seconds(usage.ru_utime) + seconds(usage.ru_stime));
    }
    std::error_code failure;
    const auto descriptors = std::distance(std::filesystem::directory_iterator("/proc/self/fd", failure), {});
    out.gauge("process_open_fds", "Open file descriptors.", static_cast<double>(descriptors));
}

}  // namespace archaeologist::host
