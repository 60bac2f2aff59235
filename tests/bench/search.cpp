#include <algorithm>
#include <array>
#include <filesystem>

#include "archaeologist/chunker.hpp"
#include "archaeologist/engine.hpp"
#include "bench/benchmarks.hpp"
#include "bench/corpus.hpp"
#include "bench/figures.hpp"
#include "bench/folder.hpp"

namespace archaeologist::bench {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t generated_file_bytes = 32'768;
constexpr std::uint64_t tree_bytes_max = 256 << 20;
constexpr std::uint64_t query_text_bytes_max = 16 << 20;  // counts as the process's memory, too

// Writes files until they make enough chunks; each call gives the next file.
template <class NextFile>
Status write_chunks(const std::string& folder, std::uint64_t chunks, NextFile next_file) {
    for (std::uint64_t made = 0; made < chunks;) {
        const TextFile file = next_file();
        ARCHAEO_ASSIGN(const auto cut, archaeologist::chunk(file.text, {}));
        made += std::max<std::size_t>(cut.size(), 1);
        ARCHAEO_TRY(write_file(folder + '/' + file.name, file.text));
    }
    return {};
}

// Made once: a second run finds the marker.
Status make_corpus(const std::string& folder, const SearchOptions& options) {
    const std::string marker = folder + ".complete";
    if (fs::exists(marker)) return {};
    std::uint64_t made = 0;
    if (options.tree.empty()) {
        TextMaker maker(2);
        ARCHAEO_TRY(write_chunks(folder, options.chunks, [&] {
            const bool is_code = made++ % 2 == 1;
            const std::string name = std::to_string(made / 100) + '/' + std::to_string(made);
            return is_code ? TextFile{name + ".c", maker.code(generated_file_bytes)}
                           : TextFile{name + ".md", maker.prose(generated_file_bytes)};
        }));
    } else {
        ARCHAEO_ASSIGN(const auto files, read_tree(options.tree, tree_bytes_max));
        ARCHAEO_TRY(write_chunks(folder, options.chunks, [&] {
            const auto& file = files[made % files.size()];
            const std::uint64_t copy = made++ / files.size();
            return TextFile{std::to_string(copy) + '/' + file.name, varied(file.text, copy)};
        }));
    }
    return write_file(marker, "");
}

Result<std::uint64_t> stored_chunks(Engine& engine, ProjectId project) {
    SourceFilter filter;
    filter.project_id = project;
    filter.per_page = 1'000;
    for (std::uint64_t chunks = 0;; ++filter.page) {
        ARCHAEO_ASSIGN(const auto page, engine.sources(filter));
        for (const auto& source : page.sources) chunks += source.chunks;
        if (!page.has_more) return chunks;
    }
}

// What somebody who knows a file might ask: three words of it, or a piece of it word for word.
class QueryMaker {
public:
    explicit QueryMaker(std::vector<TextFile> files) : files_(std::move(files)) {}

    [[nodiscard]] std::string words() {
        const auto& text = any_text();
        return word_at(text, rng_()) + ' ' + word_at(text, rng_()) + ' ' + word_at(text, rng_());
    }
    [[nodiscard]] std::string piece() {
        const auto& text = any_text();
        std::string piece;
        // A piece of one line, so that it reads like what people paste.
        for (int tries = 0; tries < 100 && piece.size() < 8; ++tries) {
            const std::size_t at = word_start(text, rng_());
            piece = text.substr(at, std::min<std::size_t>(24, text.find('\n', at) - at));
            while (!piece.empty() && (static_cast<unsigned char>(piece.back()) & 0xC0) == 0x80) piece.pop_back();
            if (!piece.empty() && static_cast<unsigned char>(piece.back()) >= 0xC0) piece.pop_back();
        }
        return piece.empty() ? "lease" : piece;
    }

private:
    static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
    const std::string& any_text() { return files_[rng_() % files_.size()].text; }
    static std::size_t word_start(const std::string& text, std::uint64_t random) {
        const std::size_t from = random % text.size();
        for (std::size_t at = from; at + 1 < text.size(); ++at) {
            if (is_letter(text[at]) && (at == 0 || !is_letter(text[at - 1]))) return at;
        }
        return 0;
    }
    static std::string word_at(const std::string& text, std::uint64_t random) {
        std::size_t at = word_start(text, random);
        std::string word;
        while (at < text.size() && is_letter(text[at])) word += text[at++];
        return word.empty() ? "data" : word;
    }

    std::vector<TextFile> files_;
    Rng rng_{3};
};

Result<std::vector<double>> query_times_ms(Engine& engine, ProjectId project, SearchMode mode, QueryMaker& maker,
                                           std::uint64_t queries) {
    constexpr std::uint64_t warm_up = 5;
    std::vector<double> times_ms;
    for (std::uint64_t i = 0; i < queries + warm_up; ++i) {
        SearchRequest request;
        request.query = mode == SearchMode::literal ? maker.piece() : maker.words();
        request.mode = mode;
        request.projects = {project};
        const Stopwatch watch;
        ARCHAEO_ASSIGN(const auto reply, engine.search(request));
        if (i >= warm_up) times_ms.push_back(watch.ms());
        if (mode == SearchMode::literal && reply.total_found == 0) {
            return Error{Code::internal, "search: \"" + request.query + "\" is in the corpus and was not found"};
        }
    }
    return times_ms;
}

}  // namespace

Status search(const SearchOptions& options) {
    const Folder data(options.data_dir);
    const std::string corpus = data.path() + "/corpus-" + std::to_string(options.chunks);
    ARCHAEO_TRY(make_corpus(corpus, options));
    Config config;
    config.data_dir = data.path() + "/data-" + std::to_string(options.chunks);
    ARCHAEO_ASSIGN(auto engine, Engine::open(config));
    IngestRequest request;
    request.project = "bench";
    request.paths = {corpus};
    ARCHAEO_ASSIGN(const auto report, engine->ingest(request));
    ARCHAEO_ASSIGN(const auto chunks, stored_chunks(*engine, report.project_id));
    ARCHAEO_ASSIGN(auto texts, read_tree(corpus, query_text_bytes_max));
    QueryMaker maker(std::move(texts));

    Figures figures("search");
    for (const auto mode : {SearchMode::hybrid, SearchMode::words, SearchMode::semantic, SearchMode::literal}) {
        const std::string name(to_string(mode));
        if (!options.mode.empty() && name != options.mode) continue;
        ARCHAEO_ASSIGN(const auto times_ms, query_times_ms(*engine, report.project_id, mode, maker, options.queries));
        figures.add(name + "_p50_ms", percentile(times_ms, 50));
        figures.add(name + "_p99_ms", percentile(times_ms, 99));
    }
    figures.add("chunks", chunks);
    figures.add("rss_max_mb", rss_max_mb());
    std::move(figures).print();
    return {};
}

}  // namespace archaeologist::bench
