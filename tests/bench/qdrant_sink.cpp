#include "bench/qdrant_sink.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <new>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "base/errno_error.hpp"
#include "base/fd.hpp"

namespace archaeologist::bench {
namespace {

constexpr std::string_view point_mark = R"(,"payload":{"project")";  // once a point
constexpr std::size_t buffer_bytes = 256 << 10;

void raise_to(std::atomic<std::uint64_t>& most, std::uint64_t value) {
    std::uint64_t seen = most;
    while (seen < value && !most.compare_exchange_weak(seen, value)) continue;
}

// Counts a mark in a text that comes in pieces.
class MarkCounter {
public:
    void push(std::string_view piece) {
        carried_.append(piece.substr(0, point_mark.size() - 1));
        count_in(carried_);
        count_in(piece);
        const std::string_view rest = piece.size() >= point_mark.size() ? piece : std::string_view(carried_);
        carried_ = std::string(rest.substr(rest.size() - std::min(rest.size(), point_mark.size() - 1)));
    }
    [[nodiscard]] std::uint64_t count() const { return count_; }

private:
    void count_in(std::string_view text) {
        const char* at = text.data();
        const char* const end = at + text.size();
        for (;;) {
            at = static_cast<const char*>(
                ::memmem(at, static_cast<std::size_t>(end - at), point_mark.data(), point_mark.size()));
            if (at == nullptr) return;
            ++count_;
            at += point_mark.size();
        }
    }

    std::string carried_;
    std::uint64_t count_ = 0;
};

std::string description(std::uint64_t dimension) {
    std::string schema;
    for (const char* field : {"project", "generation", "language", "file_type"}) {
        schema += "\"" + std::string(field) + R"(":{"data_type":"keyword","points":0},)";
    }
    schema += R"("source":{"data_type":"integer","points":0},"ordinal":{"data_type":"integer","points":0},)"
              R"("grams":{"data_type":"text","points":0})";
    return R"({"result":{"config":{"params":{"vectors":{"dense":{"size":)" + std::to_string(dimension) +
           R"(,"distance":"Cosine"}},"sparse_vectors":{"bm25":{"modifier":"idf"}}}},"payload_schema":{)" + schema +
           R"(}},"status":"ok","time":0})";
}

class Connection {
public:
    Connection(Fd fd, QdrantSink::Seen& seen, const std::string& description)
        : fd_(std::move(fd)), seen_(seen), description_(description), buffer_(buffer_bytes) {}

    void serve() {
        while (serve_one()) continue;
    }

private:
    [[nodiscard]] bool receive() {
        const ssize_t size = ::recv(fd_.get(), buffer_.data(), buffer_.size(), 0);
        if (size <= 0) return false;
        input_.append(buffer_.data(), static_cast<std::size_t>(size));
        return true;
    }

    [[nodiscard]] bool serve_one() {
        std::size_t head_end = 0;
        while ((head_end = input_.find("\r\n\r\n")) == std::string::npos) {
            if (!receive()) return false;
        }
        const std::string head = input_.substr(0, head_end);
        input_.erase(0, head_end + 4);
        const std::size_t at = head.find("Content-Length: ");
        const std::uint64_t size = at == std::string::npos ? 0 : std::strtoull(head.c_str() + at + 16, nullptr, 10);
        MarkCounter points;
        for (std::uint64_t left = size;;) {
            const std::size_t piece = std::min<std::uint64_t>(left, input_.size());
            points.push(std::string_view(input_).substr(0, piece));
            input_.erase(0, piece);
            left -= piece;
            if (left == 0) break;
            if (!receive()) return false;
        }
        ++seen_.requests;
        seen_.bytes += size;
        seen_.points += points.count();
        raise_to(seen_.body_bytes_max, size);
        raise_to(seen_.body_points_max, points.count());
        return answer(head);
    }

    [[nodiscard]] bool answer(const std::string& head) {
        std::string body = R"({"result":[],"status":"ok","time":0})";
        if (head.starts_with("GET ")) body = description_;
        if (head.starts_with("PUT "))
            body = R"({"result":{"operation_id":1,"status":"completed"},"status":"ok","time":0})";
        const std::string reply =
            "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
        return ::send(fd_.get(), reply.data(), reply.size(), MSG_NOSIGNAL) == static_cast<ssize_t>(reply.size());
    }

    const Fd fd_;
    QdrantSink::Seen& seen_;
    const std::string& description_;
    std::vector<char> buffer_;
    std::string input_;
};

[[noreturn]] void run(const Fd& listener, QdrantSink::Seen& seen, std::uint64_t dimension) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    const std::string described = description(dimension);
    for (;;) {
        Fd client(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
        if (!client) continue;
        const int on = 1;
        ::setsockopt(client.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        std::thread([&seen, &described, fd = std::move(client)]() mutable {
            Connection(std::move(fd), seen, described).serve();
        }).detach();
    }
}

}  // namespace

Result<std::unique_ptr<QdrantSink>> QdrantSink::start(std::uint64_t dimension) {
    std::unique_ptr<QdrantSink> sink(new QdrantSink());
    void* const shared = ::mmap(nullptr, sizeof(Seen), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED) return errno_error(errno, "share memory");
    sink->seen_ = new (shared) Seen{};
    const Fd listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    auto* const generic = reinterpret_cast<sockaddr*>(&address);
    const bool listens = ::bind(listener.get(), generic, size) == 0 && ::listen(listener.get(), 128) == 0 &&
                         ::getsockname(listener.get(), generic, &size) == 0;
    if (!listens) return errno_error(errno, "listen on loopback");
    sink->port_ = ntohs(address.sin_port);
    sink->id_ = ::fork();
    if (sink->id_ < 0) return errno_error(errno, "start a process");
    if (sink->id_ == 0) run(listener, *sink->seen_, dimension);
    return sink;
}

QdrantSink::~QdrantSink() {
    if (id_ > 0) {
        ::kill(id_, SIGKILL);
        ::waitpid(id_, nullptr, 0);
    }
    if (seen_ != nullptr) ::munmap(seen_, sizeof(Seen));
}

}  // namespace archaeologist::bench
