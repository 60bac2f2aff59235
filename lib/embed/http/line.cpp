#include "embed/http/line.hpp"

#include <chrono>
#include <optional>
#include <string>
#include <utility>

#include "text/token_estimate.hpp"

namespace archaeologist::embed {
namespace {

constexpr std::chrono::milliseconds look_every{100};  // whether a caller's work was stopped

}  // namespace

// Lives until the last of its texts came back, also when its caller has gone.
struct Line::Call {
    std::vector<std::string> texts;
    std::vector<std::string_view> prefixes;
    std::vector<Result<Vector>> results;
    std::size_t left = 0;
    std::optional<Error> failure;
};

Line::~Line() {
    std::vector<std::thread> threads;
    {
        const MutexLock lock(mutex_);
        is_stopping_ = true;
        while (!waiting_.empty()) {
            answer(waiting_.front(), Error{Code::cancelled, "embedder: stopped"});
            waiting_.pop_front();
        }
        threads = std::move(threads_);
        arrived_.notify_all();
        answered_.notify_all();
    }
    for (std::thread& thread : threads) thread.join();
}

std::vector<Result<Vector>> Line::run(std::span<const Prefixed> texts, const std::function<bool()>& is_stopped) {
    const auto call = std::make_shared<Call>();
    call->left = texts.size();
    call->results.resize(texts.size(), Error{Code::cancelled, "embedder: stopped"});
    for (const Prefixed& text : texts) {
        call->texts.emplace_back(text.text);
        call->prefixes.push_back(text.prefix);
    }
    const MutexLock lock(mutex_);
    if (is_stopping_) return call->results;
    start();
    for (std::size_t i = 0; i < texts.size(); ++i) {
        const std::size_t quarters = estimate_quarters(texts[i].prefix) + estimate_quarters(texts[i].text);
        waiting_.push_back({call, i, tokens_of(quarters)});
    }
    arrived_.notify_all();
    while (call->left > 0) {
        if (!is_stopped) {
            answered_.wait(mutex_);
        } else if (is_stopped()) {
            std::erase_if(waiting_, [&call](const Place& place) { return place.call == call; });
            return call->results;
        } else {
            answered_.wait_for(mutex_, look_every);
        }
    }
    return std::move(call->results);
}

void Line::start() {
    while (threads_.size() < thread_count_) threads_.emplace_back([this] { work(); });
}

std::vector<Line::Place> Line::take() {
    std::vector<Place> batch;
    std::size_t tokens = 0;
    while (!waiting_.empty() && batch.size() < caps_.texts()) {
        const Place& next = waiting_.front();
        if (next.call->failure) {
            answer(next, *next.call->failure);
            waiting_.pop_front();
            continue;
        }
        if (!batch.empty() && tokens + next.tokens > caps_.tokens()) break;
        tokens += next.tokens;
        batch.push_back(next);
        waiting_.pop_front();
    }
    return batch;
}

void Line::answer(const Place& place, Result<Vector> result) {
    if (!result && !place.call->failure) place.call->failure = result.error();
    place.call->results[place.index] = std::move(result);
    if (--place.call->left == 0) answered_.notify_all();
}

void Line::work() {
    for (;;) {
        std::vector<Place> batch;
        {
            const MutexLock lock(mutex_);
            while (waiting_.empty() && !is_stopping_) arrived_.wait(mutex_);
            if (is_stopping_) return;
            batch = take();
        }
        if (batch.empty()) continue;
        std::vector<Prefixed> texts;
        texts.reserve(batch.size());
        for (const Place& place : batch) {
            texts.push_back({place.call->prefixes[place.index], place.call->texts[place.index]});
        }
        auto results = send_(texts);
        const MutexLock lock(mutex_);
        for (std::size_t i = 0; i < batch.size(); ++i) answer(batch[i], std::move(results[i]));
    }
}

}  // namespace archaeologist::embed
