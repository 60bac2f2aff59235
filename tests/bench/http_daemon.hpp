// The daemon that is measured: the real program, on a free port and a folder of its own.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>

#include "archaeologist/result.hpp"

namespace archaeologist::bench {

// Runs until it is destroyed, which stops it in an orderly way.
class HttpDaemon {
public:
    // `workers` as --workers takes it. Errors: unavailable (it does not say where it listens).
    [[nodiscard]] static Result<std::unique_ptr<HttpDaemon>> start(const std::string& program,
                                                                   const std::string& data_dir,
                                                                   const std::string& workers);
    ~HttpDaemon();
    HttpDaemon(const HttpDaemon&) = delete;
    HttpDaemon& operator=(const HttpDaemon&) = delete;

    [[nodiscard]] std::uint16_t port() const { return port_; }
    [[nodiscard]] double rss_mb() const { return status_mb("VmRSS:"); }
    // The most since the last forget_rss_max().
    [[nodiscard]] double rss_max_mb() const { return status_mb("VmHWM:"); }
    void forget_rss_max() const;

private:
    HttpDaemon() = default;
    [[nodiscard]] double status_mb(const std::string& name) const;

    pid_t id_ = -1;
    std::uint16_t port_ = 0;
    std::FILE* output_ = nullptr;
};

}  // namespace archaeologist::bench
