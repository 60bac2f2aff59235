#include "engine/backends.hpp"

#include <algorithm>

#include "catalog/sources.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;
using Verdict = Check::Verdict;

constexpr auto look_every = 1s;
constexpr auto slow = 2'000ms;

// What to do about an error of a lake elsewhere, by what its server said.
std::string advice_for(const std::string& message) {
    const auto says = [&message](const char* word) { return message.find(word) != std::string::npos; };
    if (says("RequestTimeTooSkewed")) return "set this machine's clock: signatures hold for 15 minutes";
    if (says("NoSuchBucket")) return "make the bucket, or name another";
    if (says("AuthorizationHeaderMalformed") || says("PermanentRedirect")) {
        return "name the bucket's own region and endpoint (?region=…&endpoint=… of the lake's URL)";
    }
    if (says(": 401") || says(": 403")) {
        return "see the keys ($AWS_ACCESS_KEY_ID, $AWS_SECRET_ACCESS_KEY, $AWS_SESSION_TOKEN), and that they may "
               "read, write, delete and list in the bucket";
    }
    if (says("certificate")) return "let the server show a certificate for its name that a known authority signed";
    return "see that it runs and can be reached from here; jobs and uploads wait meanwhile";
}

bool is_in_clear(const std::string& url) {
    const bool is_plain =
        url.find("endpoint=http:") != std::string::npos || url.find("endpoint=http%3") != std::string::npos;
    const bool is_near = url.find("//127.") != std::string::npos || url.find("//localhost") != std::string::npos;
    return is_plain && !is_near;
}

Status store_and_remove(Lake& lake, const std::string& content) {
    MemorySource source(content);
    ARCHAEO_ASSIGN(const auto stored, lake.put(source, content.size()));
    ARCHAEO_ASSIGN(const auto read, lake.read(stored.hash, content.size()));
    if (read != content) return Error{Code::corrupt, "what was read back is not what was stored"};
    ARCHAEO_TRY(lake.remove(stored.hash));
    ARCHAEO_ASSIGN(const bool is_left, lake.contains(stored.hash));
    if (is_left) return Error{Code::io_error, "what was removed is still there"};
    return {};
}

}  // namespace

std::vector<Check> Backends::reach(Lake& lake) {
    if (config_.lake.url.empty()) return {};
    const MutexLock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (looked_at_ && now - *looked_at_ < look_every) return found_;
    const Status answer = lake.probe();
    found_ = {{"lake", answer ? Verdict::good : Verdict::bad, answer ? "answers" : answer.error().message,
               answer ? "" : advice_for(answer.error().message)}};
    looked_at_ = std::chrono::steady_clock::now();
    if (!answer && !was_away_) log_(LogLevel::warning, "lake: " + answer.error().message);
    if (answer && was_away_) log_(LogLevel::info, "lake: answers again");
    was_away_ = !answer;
    return found_;
}

Status check_lake_of(const Config& config, sqlite::Database& catalog, Lake& lake) {
    ARCHAEO_ASSIGN(const auto hashes,
                   catalog.read([](sqlite::Connection& tx) { return catalog::oldest_and_newest_content(tx); }));
    if (hashes.empty() || !lake.probe()) return {};
    for (const ContentHash& hash : hashes) {
        const auto has = lake.contains(hash);
        if (!has || *has) return {};
    }
    // A local lake that lost some blobs is damage, which doctor tells of; one that is empty is another one.
    if (config.lake.url.empty()) {
        const auto any = lake.list({}, 1);
        if (!any || !any->empty()) return {};
    }
    return Error{Code::incompatible,
                 "the files of " + config.data_dir + " are not in lake " + to_string(config.lake, config.data_dir) +
                     ": name the lake where they are ($ARCHAEOLOGIST_LAKE), or bring them there (archaeologist lake "
                     "copy)"};
}

Check probe_lake_elsewhere(const Config& config, Lake& lake, const Clock& clock) {
    const std::string where = to_string(config.lake, config.data_dir);
    const auto begin = std::chrono::steady_clock::now();
    const Status done = store_and_remove(lake, "archaeologist doctor " + Uuid::v7(clock.now()).text());
    const auto took = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (!done) {
        return {"lake", Verdict::bad, where + ": " + done.error().message, advice_for(done.error().message)};
    }
    const std::string found =
        where + ": a blob was stored, read back and removed in " + std::to_string(took.count()) + " ms";
    if (is_in_clear(config.lake.url)) {
        return {"lake", Verdict::warning, found, "use https: contents go over the network in clear"};
    }
    if (took > slow) return {"lake", Verdict::warning, found, "every upload takes such a time: see the line to it"};
    return {"lake", Verdict::good, found, ""};
}

}  // namespace archaeologist
