#include "engine/backends.hpp"

#include <algorithm>
#include <span>
#include <thread>

#include "catalog/file_job.hpp"
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

// The same of an embedder.
std::string embedder_advice(const std::string& message) {
    const auto says = [&message](const char* word) { return message.find(word) != std::string::npos; };
    if (says(": 401") || says(": 403")) return "see its key ($ARCHAEOLOGIST_EMBEDDER_KEY)";
    if (says("insufficient_quota") || says("quota")) return "see to the account's quota; jobs wait meanwhile";
    if (says(": 404") || says("model_not_found")) return "let the server have the model, or name another (--embedder)";
    if (says("another model answers"))
        return "let the server serve the model that is named, or name the other (--embedder)";
    if (says("not to be had here")) return "name the model (--embedder), or run the program that brings it";
    return "see that it runs and can be reached from here; jobs wait meanwhile, and search goes by words";
}

std::string vectors_advice_for(const Error& error) {
    const auto says = [&error](const char* word) { return error.message.find(word) != std::string::npos; };
    if (error.code == Code::incompatible && says("data folder")) {
        return "name a prefix of this data folder's own (--vectors …/PREFIX) and bring its vectors there "
               "(archaeologist vectors copy), or process its files again (archaeologist sources reprocess)";
    }
    if (error.code == Code::incompatible) {
        return "name another prefix (--vectors …/PREFIX) and bring the vectors there (archaeologist vectors copy), or "
               "remove the collection and process its files again (archaeologist sources reprocess)";
    }
    if (error.code == Code::not_found) {
        return "the collection is gone; its files are to be processed again (archaeologist sources reprocess), which "
               "makes it";
    }
    if (says(": 401") || says(": 403"))
        return "see the API key ($QDRANT_API_KEY), and that it may read, write and make collections";
    if (says("certificate")) return "let the server show a certificate for its name that a known authority signed";
    return "see that Qdrant runs and can be reached from here; jobs wait meanwhile, and searches fail";
}

bool is_near(const std::string& url) {
    return url.find("//127.") != std::string::npos || url.find("//localhost") != std::string::npos;
}

bool is_in_clear(const std::string& url) {
    const bool is_plain =
        url.find("endpoint=http:") != std::string::npos || url.find("endpoint=http%3") != std::string::npos;
    return is_plain && !is_near(url);
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

std::vector<Check> Backends::reach(Lake& lake, VectorStore& vectors, Embedder& embedder) {
    const bool has_lake = !config_.lake.url.empty();
    const bool has_vectors = !config_.vectors.url.empty();
    const bool has_embedder = embedder.model_id() != builtin_model_id;
    if (!has_lake && !has_vectors && !has_embedder) return {};
    const MutexLock lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (looked_at_ && now - *looked_at_ < look_every) return found_;
    // All are asked at once: who waits for the answer waits for the slowest alone.
    Status lake_answer;
    Status vectors_answer;
    Status embedder_answer;
    {
        const std::jthread second([&] {
            if (has_vectors) vectors_answer = vectors.probe();
        });
        const std::jthread third([&] {
            if (has_embedder) embedder_answer = embedder.probe();
        });
        if (has_lake) lake_answer = lake.probe();
    }
    const auto message = [](const Status& answer) { return answer ? std::string() : answer.error().message; };
    found_.clear();
    if (has_lake) found_.push_back(judge("lake", lake_answer, advice_for(message(lake_answer))));
    if (has_vectors) {
        found_.push_back(
            judge("vector store", vectors_answer, vectors_answer ? "" : vectors_advice_for(vectors_answer.error())));
    }
    if (has_embedder) found_.push_back(judge("embedder", embedder_answer, embedder_advice(message(embedder_answer))));
    looked_at_ = std::chrono::steady_clock::now();
    return found_;
}

Check probe_embedder(Embedder& embedder) {
    const std::string model = embedder.model_id() + ", " + std::to_string(embedder.dimension()) + " dimensions";
    const std::string_view word = "archaeologist";
    const auto begin = std::chrono::steady_clock::now();
    const auto made = embedder.embed(std::span(&word, 1), TextRole::query);
    const auto took = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (!made) {
        return {"embedder", Verdict::bad, model + ": " + made.error().message, embedder_advice(made.error().message)};
    }
    const std::string found = model + ": a word was embedded in " + std::to_string(took.count()) + " ms";
    if (took > slow) return {"embedder", Verdict::warning, found, "every search takes such a time: see its server"};
    return {"embedder", Verdict::good, found, ""};
}

Check Backends::judge(const std::string& name, const Status& answer, const std::string& advice) {
    if (!answer) {
        if (away_.insert(name).second) log_(LogLevel::warning, name + ": " + answer.error().message);
        return {name, Verdict::bad, answer.error().message, advice};
    }
    if (away_.erase(name) > 0) log_(LogLevel::info, name + ": answers again");
    return {name, Verdict::good, "answers", ""};
}

Check probe_vectors_elsewhere(const Config& config, VectorStore& vectors) {
    const std::string where = to_string(config.vectors, config.data_dir);
    const auto begin = std::chrono::steady_clock::now();
    const Status answer = vectors.probe();
    const auto took = std::chrono::ceil<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    if (!answer) {
        return {"vector store", Verdict::bad, where + ": " + answer.error().message,
                vectors_advice_for(answer.error())};
    }
    const std::string found = where + ": answers in " + std::to_string(took.count()) + " ms";
    if (where.starts_with("http:") && !is_near(where)) {
        return {"vector store", Verdict::warning, found,
                "use https: texts and the API key go over the network in clear"};
    }
    if (took > slow) {
        return {"vector store", Verdict::warning, found, "every search takes such a time: see the line to it"};
    }
    return {"vector store", Verdict::good, found, ""};
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
