// A server that answers as Qdrant does and keeps nothing, in a process of its own: what it costs is none of the client's.
#pragma once

#include <sys/types.h>

#include <atomic>
#include <cstdint>
#include <memory>

#include "archaeologist/result.hpp"

namespace archaeologist::bench {

class QdrantSink {
public:
    // Written by its process.
    struct Seen {
        std::atomic<std::uint64_t> requests;
        std::atomic<std::uint64_t> points;
        std::atomic<std::uint64_t> bytes;
        std::atomic<std::uint64_t> body_bytes_max;
        std::atomic<std::uint64_t> body_points_max;
    };

    // To be called before the program has a second thread. Errors: io_error.
    [[nodiscard]] static Result<std::unique_ptr<QdrantSink>> start(std::uint64_t dimension);
    QdrantSink(const QdrantSink&) = delete;
    QdrantSink& operator=(const QdrantSink&) = delete;
    ~QdrantSink();

    [[nodiscard]] int port() const { return port_; }
    [[nodiscard]] const Seen& seen() const { return *seen_; }

private:
    QdrantSink() = default;

    Seen* seen_ = nullptr;  // shared with the process
    pid_t id_ = -1;
    int port_ = 0;
};

}  // namespace archaeologist::bench
