#include "archaeologist/engine.hpp"
#include "bench/benchmarks.hpp"
#include "bench/corpus.hpp"
#include "bench/figures.hpp"
#include "bench/folder.hpp"

namespace archaeologist::bench {
namespace {

constexpr std::size_t small_file_bytes = 4'096;

Result<IngestReport> ingest_into(const std::string& data_dir, const std::vector<std::string>& trees) {
    Config config;
    config.data_dir = data_dir;
    ARCHAEO_ASSIGN(auto engine, Engine::open(config));
    IngestRequest request;
    request.project = "bench";
    request.paths = trees;
    return engine->ingest(request);
}

}  // namespace

Status ingest(const IngestOptions& options) {
    const Folder data(options.data_dir);
    const Folder generated("");
    auto trees = options.trees;
    if (options.small_files > 0) {
        ARCHAEO_TRY(write_generated(generated.path(), options.small_files, small_file_bytes));
        trees = {generated.path()};
    }
    if (trees.empty()) return Error{Code::invalid_argument, "ingest: nothing to read, needs --tree or --small"};

    const Stopwatch watch;
    ARCHAEO_ASSIGN(const auto report, ingest_into(data.path(), trees));
    const double seconds = watch.seconds();  // until the data folder is closed

    const std::uint64_t data_bytes = disk_bytes(data.path());
    Figures figures("ingest");
    figures.add("seconds", seconds);
    figures.add("files", report.files);
    figures.add("bytes", report.bytes);
    figures.add("mb_per_s", mb_per_s(report.bytes, seconds));
    figures.add("files_per_s", static_cast<double>(report.files) / seconds);
    figures.add("unchanged", report.unchanged);
    figures.add("failed", report.failed);
    figures.add("chunks", report.chunks);
    figures.add("data_bytes", data_bytes);
    figures.add("data_ratio",
                report.bytes == 0 ? 0 : static_cast<double>(data_bytes) / static_cast<double>(report.bytes));
    figures.add("rss_max_mb", rss_max_mb());
    std::move(figures).print();
    return {};
}

}  // namespace archaeologist::bench
