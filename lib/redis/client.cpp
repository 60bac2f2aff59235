#include "redis/client.hpp"

#include <sys/eventfd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <functional>
#include <optional>
#include <unordered_map>

#include "base/errno_error.hpp"
#include "redis/retry.hpp"
#include "redis/routes.hpp"

namespace archaeologist::redis {

namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

enum class Kind : std::uint8_t { call, wait };
enum class Asking : std::uint8_t { no, yes };  // whether ASKING goes before the call

// What is to be done on a connection; may be done several times.
using Work = std::function<Result<Answer>(Connection&, const Patience&)>;

struct Task {
    std::string_view key;
    const Work& work;
    milliseconds answer_max;
    Kind kind = Kind::call;
    int wake_fd = -1;
};

// Where the next attempt goes instead of where the routes say.
struct Detour {
    std::shared_ptr<Node> node;
    Asking asking = Asking::no;
};

// How an attempt ended: with what the caller gets, or with a reason to try again.
struct Attempt {
    std::optional<Result<Reply>> outcome;
    Error reason;
    Haste haste = Haste::backoff;
    Detour detour;
};

Attempt again(Error reason, Haste haste, Detour detour = {}) {
    return {.outcome = std::nullopt, .reason = std::move(reason), .haste = haste, .detour = std::move(detour)};
}

Attempt ended(Result<Reply> outcome) {
    return {.outcome = std::move(outcome), .reason = {}, .haste = Haste::backoff, .detour = {}};
}

// Only `unavailable` is worth another attempt.
Attempt failed(Error error) {
    return error.code == Code::unavailable ? again(std::move(error), Haste::backoff) : ended(std::move(error));
}

class RoutedClient final : public Client {
public:
    RoutedClient(const Url& url, const ClientOptions& options)
        : options_(options), routes_(make_routes(url, options)) {}

    Result<Reply> run(const ScriptCall& call) override;
    Result<Reply> command(std::string_view key, std::span<const std::string> words) override;
    Result<std::vector<Reply>> command_all(std::span<const std::string> words) override;
    Result<Reply> block_pop(const std::string& key, milliseconds wait) override;
    void interrupt() override;

private:
    [[nodiscard]] Result<Reply> serve(const Task& task);
    [[nodiscard]] Attempt attempt(const Task& task, const Retry& retry, const Detour& detour);
    [[nodiscard]] Attempt attempt_on(const std::shared_ptr<Node>& node, const Task& task, const Retry& retry,
                                     Asking asking);
    [[nodiscard]] Attempt judged(const std::shared_ptr<Node>& node, Answer answer);
    [[nodiscard]] Attempt attempt_all(const Task& task, const Retry& retry, std::vector<Reply>& replies);

    [[nodiscard]] std::string digest_of(const Script& script);
    [[nodiscard]] Result<Answer> load(Connection& connection, const Script& script, const Patience& patience);
    [[nodiscard]] Result<Answer> evaluate(Connection& connection, const Script& script,
                                          std::span<std::string_view> words, const Patience& patience);

    const ClientOptions options_;
    const std::unique_ptr<Routes> routes_;
    Mutex mutex_;
    std::unordered_map<const char*, std::string> digests_ ARCHAEO_GUARDED_BY(mutex_);  // by the text's address
    std::vector<int> waiting_ ARCHAEO_GUARDED_BY(mutex_);                              // eventfds of block_pop calls
};

Attempt RoutedClient::judged(const std::shared_ptr<Node>& node, Answer answer) {
    if (auto* reply = std::get_if<Reply>(&answer)) return ended(std::move(*reply));
    const std::string& text = std::get_if<ErrorReply>(&answer)->text;
    Meaning meaning = meaning_of(text, node->name);
    switch (meaning.remedy) {
        case Remedy::none: return ended(std::move(meaning.error));
        case Remedy::load_script:
        case Remedy::wait: return again(std::move(meaning.error), Haste::backoff);
        case Remedy::find_primary: routes_->doubt(*node); return again(std::move(meaning.error), Haste::backoff);
        case Remedy::move:
        case Remedy::ask: break;
    }
    auto target = routes_->redirected(*node, text);
    if (!target) return failed(std::move(target).error());
    if (meaning.remedy == Remedy::move) routes_->doubt(*node);
    return again(std::move(meaning.error), Haste::at_once,
                 {*target, meaning.remedy == Remedy::ask ? Asking::yes : Asking::no});
}

Attempt RoutedClient::attempt_on(const std::shared_ptr<Node>& node, const Task& task, const Retry& retry,
                                 Asking asking) {
    Pool& pool = task.kind == Kind::call ? *node->calls : *node->waits;
    auto connection = pool.take({retry.attempt_until(options_.connect_max), task.wake_fd});
    if (!connection) {
        if (connection.error().code == Code::unavailable) routes_->doubt(*node);
        return failed(std::move(connection).error());
    }
    const Patience patience{retry.attempt_until(task.answer_max), task.wake_fd};
    Result<Answer> answer = Answer{};
    if (asking == Asking::yes) {
        const std::string_view words[] = {"ASKING"};
        answer = (*connection)->call(words, patience);
    }
    if (answer) answer = task.work(**connection, patience);
    if (answer) return judged(node, std::move(*answer));
    if (answer.error().code != Code::unavailable) return ended(std::move(answer).error());
    if (connection->origin() == Borrowed::Origin::idle && steady_clock::now() < patience.until) {
        node->calls->close_idle();  // the server was restarted: the others are as dead
        node->waits->close_idle();
        return again(std::move(answer).error(), Haste::at_once, {node, asking});
    }
    routes_->doubt(*node);
    return again(std::move(answer).error(), Haste::backoff);
}

Attempt RoutedClient::attempt(const Task& task, const Retry& retry, const Detour& detour) {
    if (detour.node != nullptr) return attempt_on(detour.node, task, retry, detour.asking);
    auto node = routes_->node_for(task.key, {retry.attempt_until(options_.command_max), task.wake_fd});
    if (!node) return failed(std::move(node).error());
    return attempt_on(*node, task, retry, Asking::no);
}

Result<Reply> RoutedClient::serve(const Task& task) {
    Retry retry(options_);
    Detour detour;
    while (true) {
        Attempt ending = attempt(task, retry, detour);
        if (ending.outcome) return std::move(*ending.outcome);
        ARCHAEO_TRY(retry.pause(ending.haste, ending.reason, task.wake_fd));
        detour = std::move(ending.detour);
    }
}

std::string RoutedClient::digest_of(const Script& script) {
    const MutexLock lock(mutex_);
    const auto known = digests_.find(script.text.data());
    return known == digests_.end() ? std::string() : known->second;
}

Result<Answer> RoutedClient::load(Connection& connection, const Script& script, const Patience& patience) {
    const std::string_view words[] = {"SCRIPT", "LOAD", script.text};
    ARCHAEO_ASSIGN(Answer answer, connection.call(words, patience));
    if (const auto* error = std::get_if<ErrorReply>(&answer)) {
        if (meaning_of(error->text, "").error.code != Code::internal) return answer;
        return Answer{ErrorReply{"ERR script " + std::string(script.name) + ": " + error->text}};
    }
    const MutexLock lock(mutex_);
    digests_[script.text.data()] = std::get_if<Reply>(&answer)->text();
    return answer;
}

Result<Answer> RoutedClient::evaluate(Connection& connection, const Script& script, std::span<std::string_view> words,
                                      const Patience& patience) {
    std::string digest = digest_of(script);
    for (int loads = 0;; ++loads) {
        if (digest.empty()) {
            ARCHAEO_ASSIGN(Answer loaded, load(connection, script, patience));
            if (std::holds_alternative<ErrorReply>(loaded)) return loaded;
            digest = std::get_if<Reply>(&loaded)->text();
        }
        words[1] = digest;
        ARCHAEO_ASSIGN(Answer answer, connection.call(words, patience));
        const auto* error = std::get_if<ErrorReply>(&answer);
        if (error == nullptr || loads > 0 || error->text.substr(0, 8) != "NOSCRIPT") return answer;
        digest.clear();
    }
}

Result<Reply> RoutedClient::run(const ScriptCall& call) {
    const std::string key_count = std::to_string(call.keys.size());
    std::vector<std::string_view> words{"EVALSHA", {}, key_count};
    words.reserve(3 + call.keys.size() + call.arguments.size());
    words.insert(words.end(), call.keys.begin(), call.keys.end());
    words.insert(words.end(), call.arguments.begin(), call.arguments.end());
    const Work work = [&](Connection& connection, const Patience& patience) {
        return evaluate(connection, *call.script, words, patience);
    };
    const std::string_view key = call.keys.empty() ? std::string_view() : std::string_view(call.keys.front());
    return serve({.key = key, .work = work, .answer_max = options_.command_max});
}

Result<Reply> RoutedClient::command(std::string_view key, std::span<const std::string> words) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    const Work work = [&](Connection& connection, const Patience& patience) {
        return connection.call(views, patience);
    };
    return serve({.key = key, .work = work, .answer_max = options_.command_max});
}

// All of them again when one of them moved: the set of primaries may be another by then.
Attempt RoutedClient::attempt_all(const Task& task, const Retry& retry, std::vector<Reply>& replies) {
    replies.clear();
    auto nodes = routes_->primaries({retry.attempt_until(options_.command_max), task.wake_fd});
    if (!nodes) return failed(std::move(nodes).error());
    for (const auto& node : *nodes) {
        Attempt one = attempt_on(node, task, retry, Asking::no);
        if (!one.outcome || !*one.outcome) return one;
        replies.push_back(std::move(**one.outcome));
    }
    return ended(Reply{});
}

Result<std::vector<Reply>> RoutedClient::command_all(std::span<const std::string> words) {
    const std::vector<std::string_view> views(words.begin(), words.end());
    const Work work = [&](Connection& connection, const Patience& patience) {
        return connection.call(views, patience);
    };
    const Task task{.key = {}, .work = work, .answer_max = options_.command_max};
    Retry retry(options_);
    std::vector<Reply> replies;
    while (true) {
        const Attempt ending = attempt_all(task, retry, replies);
        if (ending.outcome && !*ending.outcome) return ending.outcome->error();
        if (ending.outcome) return replies;
        ARCHAEO_TRY(retry.pause(ending.haste, ending.reason, task.wake_fd));
    }
}

Result<Reply> RoutedClient::block_pop(const std::string& key, milliseconds wait) {
    const Fd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    if (!wake) return errno_error(errno, "make an eventfd");
    {
        const MutexLock lock(mutex_);
        waiting_.push_back(wake.get());
    }
    const auto until = steady_clock::now() + wait;
    const Work work = [&](Connection& connection, const Patience& patience) {
        // 0 would be for ever.
        const auto left = std::chrono::ceil<milliseconds>(until - steady_clock::now()).count();
        std::array<char, 32> seconds;
        const int size = std::snprintf(seconds.data(), seconds.size(), "%lld.%03d",
                                       static_cast<long long>(std::max<std::int64_t>(left, 1) / 1'000),
                                       static_cast<int>(std::max<std::int64_t>(left, 1) % 1'000));
        const std::string_view words[] = {"BLPOP", key, {seconds.data(), static_cast<std::size_t>(size)}};
        return connection.call(words, patience);
    };
    auto reply = serve({.key = key,
                        .work = work,
                        .answer_max = wait + options_.command_max,
                        .kind = Kind::wait,
                        .wake_fd = wake.get()});
    const MutexLock lock(mutex_);
    waiting_.erase(std::find(waiting_.begin(), waiting_.end(), wake.get()));
    return reply;
}

void RoutedClient::interrupt() {
    const MutexLock lock(mutex_);
    for (const int fd : waiting_) ::eventfd_write(fd, 1);
}

}  // namespace

std::unique_ptr<Client> Client::open(const Url& url, const ClientOptions& options) {
    return std::make_unique<RoutedClient>(url, options);
}

}  // namespace archaeologist::redis
