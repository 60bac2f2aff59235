#include "redis/resolve.hpp"

#include <poll.h>
#include <sys/eventfd.h>

#include <atomic>
#include <map>
#include <string>
#include <system_error>
#include <thread>

#include "base/fd.hpp"
#include "base/mutex.hpp"

namespace archaeologist::redis {
namespace {

addrinfo hints_with(int flags) {
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = flags;
    return hints;
}

Addresses owned(addrinfo* list) {
    return {list, [](const addrinfo* held) { ::freeaddrinfo(const_cast<addrinfo*>(held)); }};
}

// One question and its answer.
struct Lookup {
    Fd done{::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)};  // readable for ever once there is an answer
    std::atomic<bool> is_done = false;
    int failed = 0;
    Addresses addresses;
};

void answer(const std::shared_ptr<Lookup>& lookup, const LookUp& look_up, const std::string& host,
            const std::string& port) {
    const addrinfo hints = hints_with(0);
    addrinfo* list = nullptr;
    lookup->failed = look_up(host.c_str(), port.c_str(), &hints, &list);
    if (lookup->failed == 0) lookup->addresses = owned(list);
    lookup->is_done = true;
    ::eventfd_write(lookup->done.get(), 1);
}

// Thread-safe. The lookups under way, which only their threads and those who wait for them keep alive.
class UnderWay {
public:
    // Errors: unavailable.
    [[nodiscard]] Result<std::shared_ptr<Lookup>> join(const std::string& host, const std::string& port,
                                                       const LookUp& look_up) {
        const MutexLock lock(mutex_);
        std::erase_if(lookups_, [](const auto& one) { return one.second.expired(); });
        auto& known = lookups_[host + ":" + port];
        auto lookup = known.lock();
        if (lookup != nullptr && !lookup->is_done) return lookup;
        lookup = std::make_shared<Lookup>();
        if (!lookup->done) return Error{Code::unavailable, "no descriptor is left"};
        known = lookup;
        try {
            std::thread([=] { answer(lookup, look_up, host, port); }).detach();
        } catch (const std::system_error& error) {  // the standard library's
            return Error{Code::unavailable, "no thread is left: " + std::string(error.what())};
        }
        return lookup;
    }

private:
    Mutex mutex_;
    std::map<std::string, std::weak_ptr<Lookup>> lookups_ ARCHAEO_GUARDED_BY(mutex_);
};

UnderWay& under_way() {
    static UnderWay all;
    return all;
}

Error not_found(int failed) { return {Code::unavailable, std::string("host not found: ") + ::gai_strerror(failed)}; }

}  // namespace

Result<Addresses> resolve(const Endpoint& endpoint, const Patience& patience, const LookUp& look_up) {
    const std::string port = std::to_string(endpoint.port);
    const addrinfo hints = hints_with(AI_NUMERICHOST | AI_NUMERICSERV);
    addrinfo* list = nullptr;
    if (::getaddrinfo(endpoint.host.c_str(), port.c_str(), &hints, &list) == 0) return owned(list);
    const auto started = std::chrono::steady_clock::now();
    ARCHAEO_ASSIGN(const auto lookup, under_way().join(endpoint.host, port, look_up));
    const Ready ready = wait_for(lookup->done.get(), POLLIN, patience);
    if (ready == Ready::woken) return interrupted();
    if (!lookup->is_done) {
        const auto waited =
            std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - started);
        return Error{Code::unavailable, "its name was not resolved within " + std::to_string(waited.count()) + " ms"};
    }
    if (lookup->failed != 0) return not_found(lookup->failed);
    return lookup->addresses;
}

}  // namespace archaeologist::redis
