// One vector store's points into another.
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>
#include <random>
#include <thread>

#include "archaeologist/clock.hpp"
#include "archaeologist/vector_store.hpp"
#include "base/mutex.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;

constexpr std::size_t page_generations = 1'000;
constexpr std::size_t page_points = 256;
constexpr std::size_t problems_max = 100;
constexpr int threads_max = 64;
constexpr auto observe_every = 200ms;
// Eight bits a dimension turn a vector by less than this says.
constexpr double least_cosine = 0.99;

struct Generation {
    ProjectId project{};
    StoredGeneration stored;
};

// A point to be compared, by its place among the generation's.
struct Sample {
    Generation generation;
    std::uint64_t ordinal = 0;
};

// What is wrong with one generation alone; anything else ends the copy.
bool is_of_generation(const Error& error) {
    return error.code == Code::corrupt || error.code == Code::not_found || error.code == Code::invalid_argument ||
           error.code == Code::incompatible;
}

double cosine_of(const std::vector<float>& a, const std::vector<float>& b) {
    double product = 0;
    double a_squares = 0;
    double b_squares = 0;
    for (std::size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
        product += static_cast<double>(a[i]) * static_cast<double>(b[i]);
        a_squares += static_cast<double>(a[i]) * static_cast<double>(a[i]);
        b_squares += static_cast<double>(b[i]) * static_cast<double>(b[i]);
    }
    if (a_squares == 0 || b_squares == 0) return a_squares == b_squares ? 1 : 0;
    return product / std::sqrt(a_squares * b_squares);
}

bool is_same(const Point& a, const Point& b) {
    return a.ordinal == b.ordinal && a.core == b.core && a.context == b.context && a.lines == b.lines &&
           a.heading == b.heading && a.text == b.text && cosine_of(a.dense, b.dense) >= least_cosine;
}

class Copy {
public:
    Copy(VectorStore& from, VectorStore& to, const VectorCopyOptions& options, const VectorCopyObserver& observer)
        : from_(from), to_(to), options_(options), observer_(observer), rng_(options.seed) {}

    [[nodiscard]] Result<VectorCopyReport> run() {
        ARCHAEO_TRY(for_each_page([this](const std::vector<Generation>& page) {
            {
                const MutexLock lock(mutex_);
                report_.done.generations_found += page.size();
            }
            return for_each(
                page.size(), [&](std::size_t i) { return copy_one(page[i]); }, [&](std::size_t i) { return page[i]; });
        }));
        ARCHAEO_TRY(for_each_page([this](const std::vector<Generation>& page) {
            return for_each(
                page.size(), [&](std::size_t i) { return count_one(page[i]); }, [&](std::size_t i) { return page[i]; });
        }));
        const std::vector<Sample> samples = chosen();
        ARCHAEO_TRY(for_each(
            samples.size(), [&](std::size_t i) { return compare(samples[i]); },
            [&](std::size_t i) { return samples[i].generation; }));
        const MutexLock lock(mutex_);
        if (observer_) observer_(report_.done);
        return report_;
    }

private:
    [[nodiscard]] bool is_stopped() const { return options_.stop != nullptr && options_.stop->load(); }
    [[nodiscard]] Status go_on() {
        if (is_stopped()) return Error{Code::cancelled, "the copy was stopped; a second one goes on from here"};
        return {};
    }

    // All of the first store's, a page at a time.
    [[nodiscard]] Status for_each_page(const std::function<Status(const std::vector<Generation>&)>& work) {
        ARCHAEO_ASSIGN(const auto projects, from_.projects());
        for (const ProjectId project : projects) {
            std::optional<StoredGeneration> after;
            for (;;) {
                ARCHAEO_TRY(go_on());
                ARCHAEO_ASSIGN(const auto found, from_.generations(project, after, page_generations));
                if (found.empty()) break;
                after = found.back();
                std::vector<Generation> page;
                page.reserve(found.size());
                for (const StoredGeneration& one : found) page.push_back({project, one});
                ARCHAEO_TRY(work(page));
            }
        }
        return {};
    }

    [[nodiscard]] static Result<std::uint64_t> count(VectorStore& store, const Generation& of) {
        return store.count(of.project, of.stored.source_id, of.stored.generation);
    }

    [[nodiscard]] Status copy_one(const Generation& one) {
        ARCHAEO_ASSIGN(const std::uint64_t points, count(from_, one));
        ARCHAEO_ASSIGN(const std::uint64_t there, count(to_, one));
        if (points == there) {
            const MutexLock lock(mutex_);
            ++report_.done.generations_present;
            return {};
        }
        for (std::uint64_t ordinal = 0;;) {
            ARCHAEO_TRY(go_on());
            ARCHAEO_ASSIGN(const auto page, from_.points(one.project, one.stored.source_id, one.stored.generation,
                                                         ordinal, page_points));
            if (page.points.empty()) break;
            ARCHAEO_TRY(to_.upsert(page.document, page.points));
            ordinal += page.points.size();
            const MutexLock lock(mutex_);
            report_.done.points_copied += page.points.size();
        }
        const MutexLock lock(mutex_);
        ++report_.done.generations_copied;
        return {};
    }

    [[nodiscard]] Status count_one(const Generation& one) {
        ARCHAEO_ASSIGN(const std::uint64_t there, count(to_, one));
        // Asked last, so that what was erased under way is not missed.
        ARCHAEO_ASSIGN(const std::uint64_t wanted, count(from_, one));
        const MutexLock lock(mutex_);
        report_.done.points_counted += std::min(there, wanted);
        report_.points_missing += wanted - std::min(there, wanted);
        choose(one, std::min(there, wanted));
        return {};
    }

    // Each point as likely as the others.
    void choose(const Generation& one, std::uint64_t points) ARCHAEO_REQUIRES(mutex_) {
        for (std::uint64_t ordinal = 0; ordinal < points; ++ordinal) {
            ++seen_;
            if (samples_.size() < options_.samples) {
                samples_.push_back({one, ordinal});
                continue;
            }
            const auto place = std::uniform_int_distribution<std::uint64_t>(0, seen_ - 1)(rng_);
            if (place < samples_.size()) samples_[static_cast<std::size_t>(place)] = {one, ordinal};
        }
    }
    [[nodiscard]] std::vector<Sample> chosen() {
        const MutexLock lock(mutex_);
        return samples_;
    }

    [[nodiscard]] Status compare(const Sample& sample) {
        const Generation& of = sample.generation;
        const auto read = [&](VectorStore& store) {
            return store.points(of.project, of.stored.source_id, of.stored.generation, sample.ordinal, 1);
        };
        ARCHAEO_ASSIGN(const auto copied, read(to_));
        ARCHAEO_ASSIGN(const auto original, read(from_));
        if (original.points.empty()) return {};  // erased meanwhile
        const bool is_equal = copied.points.size() == 1 && is_same(original.points[0], copied.points[0]) &&
                              original.document.source_name == copied.document.source_name;
        if (!is_equal) {
            return Error{Code::corrupt, "source " + std::to_string(to_integer(of.stored.source_id)) + " of project " +
                                            std::to_string(to_integer(of.project)) + ", generation " +
                                            of.stored.generation.text() + ": point " + std::to_string(sample.ordinal) +
                                            " is not the same in both stores"};
        }
        const MutexLock lock(mutex_);
        ++report_.done.points_sampled;
        return {};
    }

    // On all threads, while this one tells the observer. The first error that is not of one generation alone ends it.
    [[nodiscard]] Status for_each(std::size_t size, const std::function<Status(std::size_t)>& work,
                                  const std::function<Generation(std::size_t)>& generation_of) {
        std::atomic<std::size_t> next = 0;
        std::atomic<int> working = std::min(options_.threads, static_cast<int>(std::min<std::size_t>(size, 64)));
        std::optional<Error> failure;
        const auto work_all = [&] {
            for (std::size_t at = next++; at < size && !is_stopped(); at = next++) {
                const Status done = work(at);
                if (done) continue;
                const MutexLock lock(mutex_);
                if (!is_of_generation(done.error())) {
                    if (!failure) failure = done.error();
                    next = size;
                } else if (++report_.problem_count <= problems_max) {
                    report_.problems.push_back({generation_of(at).project, generation_of(at).stored, done.error()});
                }
            }
            const MutexLock lock(mutex_);
            --working;
            ended_.notify_all();
        };
        std::vector<std::thread> threads;
        for (int i = 0, count = working; i < count; ++i) threads.emplace_back(work_all);
        observe_until(working);
        for (std::thread& thread : threads) thread.join();
        if (failure) return *std::move(failure);
        return go_on();
    }

    void observe_until(const std::atomic<int>& working) {
        while (true) {
            VectorCopyProgress progress;
            {
                const MutexLock lock(mutex_);
                if (working > 0) ended_.wait_for(mutex_, observe_every);
                if (working == 0) return;
                progress = report_.done;
            }
            if (observer_) observer_(progress);
        }
    }

    VectorStore& from_;
    VectorStore& to_;
    const VectorCopyOptions& options_;
    const VectorCopyObserver& observer_;
    Mutex mutex_;
    Condition ended_;
    Rng rng_ ARCHAEO_GUARDED_BY(mutex_);
    std::uint64_t seen_ ARCHAEO_GUARDED_BY(mutex_) = 0;
    std::vector<Sample> samples_ ARCHAEO_GUARDED_BY(mutex_);
    VectorCopyReport report_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace

Result<VectorCopyReport> copy_vectors(VectorStore& from, VectorStore& to, const VectorCopyOptions& options,
                                      const VectorCopyObserver& observer) {
    if (options.threads < 1 || options.threads > threads_max) {
        return Error{Code::invalid_argument, "vectors copy: threads is " + std::to_string(options.threads) +
                                                 ", must be 1 to " + std::to_string(threads_max)};
    }
    return Copy(from, to, options, observer).run();
}

}  // namespace archaeologist
