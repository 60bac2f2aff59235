// One vector store's points into another.
#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "archaeologist/vector_store.hpp"
#include "base/crew.hpp"
#include "base/mutex.hpp"
#include "base/reservoir.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t page_generations = 1'000;
constexpr std::size_t page_points = 256;
constexpr std::size_t problems_max = 100;
constexpr int threads_max = 64;
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
           a.heading == b.heading && a.headings == b.headings && a.text == b.text &&
           cosine_of(a.dense, b.dense) >= least_cosine;
}

class Copy {
public:
    Copy(VectorStore& from, VectorStore& to, const VectorCopyOptions& options, const VectorCopyObserver& observer)
        : from_(from),
          to_(to),
          observer_(observer),
          crew_({.threads = options.threads, .stop = options.stop, .observe = [this] { observe(); }}),
          samples_(options.samples, options.seed) {}

    [[nodiscard]] Result<VectorCopyReport> run() {
        ARCHAEO_TRY(for_each_page([this](const std::vector<Generation>& page) {
            {
                const MutexLock lock(mutex_);
                report_.done.generations_found += page.size();
            }
            return crew_.for_each(page.size(), [&](std::size_t i) { return noted(copy_one(page[i]), page[i]); });
        }));
        ARCHAEO_TRY(for_each_page([this](const std::vector<Generation>& page) {
            return crew_.for_each(page.size(), [&](std::size_t i) { return noted(count_one(page[i]), page[i]); });
        }));
        const std::vector<Sample> samples = chosen();
        ARCHAEO_TRY(crew_.for_each(samples.size(),
                                   [&](std::size_t i) { return noted(compare(samples[i]), samples[i].generation); }));
        observe();
        const MutexLock lock(mutex_);
        return report_;
    }

private:
    // All of the first store's, a page at a time.
    [[nodiscard]] Status for_each_page(const std::function<Status(const std::vector<Generation>&)>& work) {
        ARCHAEO_ASSIGN(const auto projects, from_.projects());
        for (const ProjectId project : projects) {
            std::optional<StoredGeneration> after;
            for (;;) {
                ARCHAEO_TRY(crew_.go_on());
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
            ARCHAEO_TRY(crew_.go_on());
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
        for (std::uint64_t ordinal = 0; ordinal < std::min(there, wanted); ++ordinal) samples_.offer({one, ordinal});
        return {};
    }

    [[nodiscard]] std::vector<Sample> chosen() {
        const MutexLock lock(mutex_);
        return samples_.kept();
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

    // What is wrong with one generation alone does not end the copy.
    [[nodiscard]] Status noted(Status done, const Generation& of) {
        if (done || !is_of_generation(done.error())) return done;
        const MutexLock lock(mutex_);
        if (++report_.problem_count <= problems_max) report_.problems.push_back({of.project, of.stored, done.error()});
        return {};
    }

    void observe() {
        if (!observer_) return;
        VectorCopyProgress progress;
        {
            const MutexLock lock(mutex_);
            progress = report_.done;
        }
        observer_(progress);
    }

    VectorStore& from_;
    VectorStore& to_;
    const VectorCopyObserver& observer_;
    Crew crew_;
    Mutex mutex_;
    Reservoir<Sample> samples_ ARCHAEO_GUARDED_BY(mutex_);
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
