#include <sys/resource.h>

#include <algorithm>
#include <atomic>
#include <optional>
#include <random>
#include <thread>

#include "archaeologist/vector_store.hpp"
#include "base/mutex.hpp"
#include "bench/benchmarks.hpp"
#include "bench/corpus.hpp"
#include "bench/figures.hpp"
#include "bench/qdrant_sink.hpp"

namespace archaeologist::bench {
namespace {

constexpr std::size_t points_a_document = 1'024;
constexpr std::size_t vectors_made = 2'048;  // used again and again

std::vector<std::vector<float>> random_vectors(std::size_t dimension) {
    std::mt19937_64 rng(7);
    std::normal_distribution<float> normal;
    std::vector<std::vector<float>> vectors(vectors_made, std::vector<float>(dimension));
    for (auto& vector : vectors) std::generate(vector.begin(), vector.end(), [&] { return normal(rng); });
    return vectors;
}

double rss_mb() {
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) / 1'024;
}

// Documents of many chunks, of which each thread stores its own.
class Load {
public:
    Load(VectorStore& store, const VectorsOptions& options)
        : store_(store),
          options_(options),
          vectors_(random_vectors(options.dimension)),
          text_(TextMaker(4).prose(points_a_document * options.text_bytes)) {}

    [[nodiscard]] Status run() {
        std::vector<std::thread> threads;
        for (int i = 0; i < options_.threads; ++i) threads.emplace_back([this] { store_documents(); });
        for (std::thread& thread : threads) thread.join();
        const MutexLock lock(mutex_);
        if (failure_) return *failure_;
        return {};
    }

private:
    void store_documents() {
        for (std::uint64_t first = next_.fetch_add(points_a_document); first < options_.points;
             first = next_.fetch_add(points_a_document)) {
            const std::size_t points = std::min<std::uint64_t>(points_a_document, options_.points - first);
            const Status done = store_one(SourceId{static_cast<std::int64_t>(first)}, points);
            if (done) continue;
            const MutexLock lock(mutex_);
            failure_ = done.error();
            next_ = options_.points;
        }
    }

    [[nodiscard]] Status store_one(SourceId source, std::size_t size) {
        const Document document{ProjectId{1}, source, GenerationId{}, "folder/file.txt", "text", ""};
        std::vector<Point> points;
        points.reserve(size);
        for (std::size_t i = 0; i < size; ++i) {
            Point point;
            point.ordinal = static_cast<std::uint32_t>(i);
            point.core = point.context = {i * options_.text_bytes, (i + 1) * options_.text_bytes};
            point.text = std::string_view(text_).substr(point.core.begin, options_.text_bytes);
            point.dense = vectors_[i % vectors_made];
            points.push_back(std::move(point));
        }
        return store_.upsert(document, points);
    }

    VectorStore& store_;
    const VectorsOptions& options_;
    const std::vector<std::vector<float>> vectors_;
    const std::string text_;
    std::atomic<std::uint64_t> next_ = 0;
    Mutex mutex_;
    std::optional<Error> failure_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace

Status vectors(const VectorsOptions& options) {
    if (options.backend != "qdrant") {
        return Error{Code::invalid_argument, "vectors: --backend is \"" + options.backend + "\", must be qdrant"};
    }
    ARCHAEO_ASSIGN(const auto sink, QdrantSink::start(options.dimension));
    const VectorStoreConfig config{.url = "qdrant+http://127.0.0.1:" + std::to_string(sink->port()) + "/bench",
                                   .api_key = {},
                                   .ca_file = {},
                                   .proxy = {}};
    ARCHAEO_ASSIGN(const auto store, open_vector_store(config, "", {"bench", options.dimension}));
    Load load(*store, options);
    const double rss_before_mb = rss_mb();
    const Stopwatch watch;
    ARCHAEO_TRY(load.run());
    const double seconds = watch.seconds();
    const QdrantSink::Seen& seen = sink->seen();
    if (seen.points != options.points) {
        return Error{Code::internal, "vectors: " + std::to_string(seen.points) + " points came, must be " +
                                         std::to_string(options.points)};
    }
    Figures figures("vectors");
    figures.add("backend", options.backend);
    figures.add("points", options.points);
    figures.add("dimension", std::uint64_t{options.dimension});
    figures.add("text_bytes", std::uint64_t{options.text_bytes});
    figures.add("points_per_s", static_cast<double>(options.points) / seconds);
    figures.add("mb_per_s", mb_per_s(seen.bytes, seconds));
    figures.add("bytes_per_point", static_cast<double>(seen.bytes) / static_cast<double>(options.points));
    figures.add("requests", seen.requests.load());
    figures.add("body_mb_max", static_cast<double>(seen.body_bytes_max) / (1 << 20));
    figures.add("body_points_max", seen.body_points_max.load());
    figures.add("rss_before_mb", rss_before_mb);
    figures.add("rss_max_mb", rss_mb());
    std::move(figures).print();
    return {};
}

}  // namespace archaeologist::bench
