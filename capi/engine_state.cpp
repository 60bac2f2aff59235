#include "engine_state.hpp"

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <system_error>

#include "arguments.hpp"

namespace archaeologist::capi {
namespace {

using namespace std::chrono_literals;

constexpr long tick_ns = 250'000'000;  // as often as a waiting claim looks

Error no_descriptor() {
    return {Code::io_error, "wake descriptor: " + std::error_code(errno, std::generic_category()).message()};
}

void drain(int descriptor) {
    std::array<char, 8> count{};
    while (::read(descriptor, count.data(), count.size()) < 0 && errno == EINTR) {
    }
}

}  // namespace

WakeDescriptor::~WakeDescriptor() {
    for (const int descriptor : {both_, changed_, tick_}) {
        if (descriptor >= 0) ::close(descriptor);
    }
}

Status WakeDescriptor::open() {
    changed_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    tick_ = ::timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
    both_ = ::epoll_create1(EPOLL_CLOEXEC);
    if (changed_ < 0 || tick_ < 0 || both_ < 0) return no_descriptor();
    itimerspec every{};
    every.it_interval.tv_nsec = every.it_value.tv_nsec = tick_ns;
    if (::timerfd_settime(tick_, 0, &every, nullptr) != 0) return no_descriptor();
    for (const int descriptor : {changed_, tick_}) {
        epoll_event readable{};
        readable.events = EPOLLIN;
        if (::epoll_ctl(both_, EPOLL_CTL_ADD, descriptor, &readable) != 0) return no_descriptor();
    }
    return {};
}

void WakeDescriptor::signal() const { ::eventfd_write(changed_, 1); }

void WakeDescriptor::clear() const {
    drain(changed_);
    drain(tick_);
}

Error closed_meanwhile() { return {Code::conflict, "the engine was closed meanwhile"}; }

Result<Call> Call::enter(std::shared_ptr<EngineState> state) {
    state->calls_.fetch_add(1);
    Call call(std::move(state));
    if (call.state_->closing_.load()) return Error{Code::conflict, "the engine is closed"};
    return call;
}

Call::~Call() {
    if (!state_ || state_->calls_.fetch_sub(1) != 1 || !state_->closing_.load()) return;
    const std::lock_guard lock(state_->mutex_);
    state_->changed_.notify_all();
}

Result<bool> Call::must_return(std::uint64_t interrupts) const {
    if (state_->closing_.load()) return closed_meanwhile();
    return state_->interrupts_.load() != interrupts;
}

void Call::pause(std::chrono::milliseconds at_most) const {
    std::unique_lock lock(state_->mutex_);
    if (!state_->closing_.load()) state_->changed_.wait_for(lock, at_most);
}

void EngineState::interrupt(Interrupted which) {
    if (which != Interrupted::ingests) {
        interrupts_.fetch_add(1);
        engine_->queue().interrupt();
    }
    const std::lock_guard lock(mutex_);
    if (which != Interrupted::waits) {
        for (StopFlag* const flag : stop_flags_) flag->set();
    }
    changed_.notify_all();
}

bool EngineState::close() {
    if (closing_.exchange(true)) return false;
    std::unique_lock lock(mutex_);
    // Again and again: a call that was about to wait has not heard the last interruption.
    while (calls_.load() > 0) {
        engine_->queue().interrupt();
        for (StopFlag* const flag : stop_flags_) flag->set();
        changed_.notify_all();
        changed_.wait_for(lock, 10ms);
    }
    const auto dependents = std::exchange(dependents_, {});
    lock.unlock();
    for (const auto& weak : dependents) {
        if (const auto dependent = weak.lock()) dependent->engine_closes();
    }
    engine_->queue().watch({});
    engine_.reset();
    mark_.reset();
    const std::lock_guard wake_lock(wake_mutex_);
    wake_.reset();
    return true;
}

void EngineState::add(const std::shared_ptr<Dependent>& dependent) {
    const std::lock_guard lock(mutex_);
    std::erase_if(dependents_, [](const auto& weak) { return weak.expired(); });
    dependents_.push_back(dependent);
}

Result<int> EngineState::wake_descriptor() {
    const std::lock_guard lock(wake_mutex_);
    if (!wake_) {
        auto wake = std::make_unique<WakeDescriptor>();
        ARCHAEO_TRY(wake->open());
        wake_ = std::move(wake);
        engine_->queue().watch([descriptor = wake_.get()] { descriptor->signal(); });
        wake_->signal();  // there may be something already
    }
    return wake_->descriptor();
}

void EngineState::clear_wake() {
    const std::lock_guard lock(wake_mutex_);
    if (wake_) wake_->clear();
}

StopFlag::StopFlag(const Call& call) : state_(*call.state()) {
    const std::lock_guard lock(state_.mutex_);
    state_.stop_flags_.push_back(this);
}

StopFlag::~StopFlag() {
    const std::lock_guard lock(state_.mutex_);
    std::erase(state_.stop_flags_, this);
}

Result<Deadline> Deadline::in(std::int64_t timeout_ms) {
    if (timeout_ms < ARCHAEO_FOREVER) {
        return bad_number("timeout_ms", timeout_ms, "must be at least 0, or ARCHAEO_FOREVER");
    }
    constexpr std::int64_t year_ms = std::int64_t{365} * 24 * 3'600 * 1'000;
    Deadline deadline;
    if (timeout_ms != ARCHAEO_FOREVER) {
        deadline.at_ = std::chrono::steady_clock::now() + std::chrono::milliseconds(std::min(timeout_ms, year_ms));
    }
    return deadline;
}

std::chrono::milliseconds Deadline::left() const {
    constexpr std::chrono::milliseconds slice = 1s;
    if (!at_) return slice;
    // Rounded up, so that what is left of a millisecond is not spun away.
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(*at_ - std::chrono::steady_clock::now());
    return std::clamp(left, std::chrono::milliseconds(0), slice);
}

Result<Call> enter(const archaeo_engine* engine) {
    ARCHAEO_ASSIGN(const auto handle, require(engine, "engine"));
    return Call::enter(handle->state);
}

}  // namespace archaeologist::capi
