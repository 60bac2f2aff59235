#include "archaeologist/chunker.hpp"

#include <algorithm>
#include <map>

#include "archaeologist/embedder.hpp"
#include "bench/benchmarks.hpp"
#include "bench/corpus.hpp"
#include "bench/figures.hpp"
#include "text/analyzer.hpp"

namespace archaeologist::bench {
namespace {

constexpr std::size_t piece_bytes = 64 << 10;  // as a worker reads
constexpr std::size_t batch_texts = 64;
constexpr int rounds = 7;  // the best one counts: the others were disturbed

Result<TextKind> kind_of(const std::string& name) {
    const std::map<std::string, TextKind> kinds{{"plain", TextKind::plain},
                                                {"code", TextKind::code},
                                                {"markdown", TextKind::markdown},
                                                {"table", TextKind::table}};
    const auto found = kinds.find(name);
    if (found == kinds.end()) {
        return Error{Code::invalid_argument,
                     "chunk: --kind is \"" + name + "\", must be one of plain, code, markdown, table"};
    }
    return found->second;
}

Result<std::vector<TextFile>> texts_of(const ChunkOptions& options) {
    const std::uint64_t bytes_max = options.mb_max * 1'000'000;
    if (!options.tree.empty()) return read_tree(options.tree, bytes_max);
    TextMaker maker(4);
    std::vector<TextFile> files;
    for (std::uint64_t bytes = 0; bytes < bytes_max; bytes += files.back().text.size()) {
        const std::size_t size = std::min<std::uint64_t>(1'000'000, bytes_max - bytes);
        files.push_back({"", options.kind == "code"    ? maker.code(size)
                             : options.kind == "table" ? maker.rows(size)
                                                       : maker.prose(size)});
    }
    return files;
}

std::uint64_t bytes_of(const std::vector<TextFile>& files) {
    std::uint64_t bytes = 0;
    for (const auto& file : files) bytes += file.text.size();
    return bytes;
}

template <class Take>
void cut(const std::string& text, const archaeologist::ChunkOptions& options, Take take) {
    Chunker chunker(options);
    for (std::size_t at = 0; at < text.size(); at += piece_bytes) {
        take(chunker.push(std::string_view(text).substr(at, piece_bytes)));
    }
    take(chunker.finish());
}

// What a worker does with a text before it looks at the chunks.
double chunk_seconds(const std::vector<TextFile>& files, const archaeologist::ChunkOptions& options) {
    double best = 0;
    for (int round = 0; round < rounds; ++round) {
        std::uint64_t chunks = 0;
        const Stopwatch watch;
        for (const auto& file : files) cut(file.text, options, [&](const auto& pieces) { chunks += pieces.size(); });
        const double seconds = chunks == 0 ? 0 : watch.seconds();
        best = round == 0 ? seconds : std::min(best, seconds);
    }
    return best;
}

std::vector<std::string> chunk_texts(const std::vector<TextFile>& files, const archaeologist::ChunkOptions& options) {
    std::vector<std::string> texts;
    for (const auto& file : files) {
        cut(file.text, options, [&](const auto& pieces) {
            for (const auto& piece : pieces) texts.emplace_back(piece.text);
        });
    }
    return texts;
}

Status write_texts(const std::vector<TextFile>& files, const std::string& path) {
    std::string all;
    for (const auto& file : files) all += file.text;
    return write_file(path, all);
}

double analyze_seconds(const std::vector<TextFile>& files) {
    const Stopwatch watch;
    Analyzer analyzer;
    std::uint64_t terms = 0;
    for (const auto& file : files) analyzer.analyze(file.text, [&](const Term&) { ++terms; });
    return terms == 0 ? 0 : watch.seconds();
}

Result<double> embed_seconds(const std::vector<std::string>& texts) {
    const auto embedder = make_builtin_embedder();
    const Stopwatch watch;
    for (std::size_t at = 0; at < texts.size(); at += batch_texts) {
        const std::vector<std::string_view> batch(
            texts.begin() + static_cast<std::ptrdiff_t>(at),
            texts.begin() + static_cast<std::ptrdiff_t>(std::min(at + batch_texts, texts.size())));
        ARCHAEO_TRY(embedder->embed(batch, TextRole::document));
    }
    return watch.seconds();
}

}  // namespace

Status chunk(const ChunkOptions& options) {
    archaeologist::ChunkOptions chunking;
    ARCHAEO_ASSIGN(chunking.kind, kind_of(options.kind));
    chunking.language = options.language;
    ARCHAEO_ASSIGN(const auto files, texts_of(options));
    const std::uint64_t bytes = bytes_of(files);

    if (!options.written_to.empty()) ARCHAEO_TRY(write_texts(files, options.written_to));
    const auto texts = chunk_texts(files, chunking);
    std::uint64_t context_bytes = 0;
    for (const auto& text : texts) context_bytes += text.size();
    ARCHAEO_ASSIGN(const double embedding_seconds, embed_seconds(texts));

    Figures figures("chunk");
    figures.add("kind", options.kind);
    figures.add("bytes", bytes);
    figures.add("chunks", std::uint64_t{texts.size()});
    figures.add("chunk_mb_per_s", mb_per_s(bytes, chunk_seconds(files, chunking)));
    figures.add("analyze_mb_per_s", mb_per_s(bytes, analyze_seconds(files)));
    figures.add("embed_mb_per_s", mb_per_s(context_bytes, embedding_seconds));
    std::move(figures).print();
    return {};
}

}  // namespace archaeologist::bench
