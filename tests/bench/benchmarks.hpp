// The benchmarks; each prints one line of figures.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "archaeologist/result.hpp"

namespace archaeologist::bench {

// How fast a tree becomes searchable, what it then takes on disk, and how much memory it took.
struct IngestOptions {
    std::vector<std::string> trees;
    std::uint64_t small_files = 0;  // generated ones of 4 KB instead of a tree
    std::string data_dir;           // empty: a temporary one
};
[[nodiscard]] Status ingest(const IngestOptions& options);

// How long a query takes, by mode.
struct SearchOptions {
    std::uint64_t chunks = 100'000;
    std::uint64_t queries = 200;  // a mode
    std::string tree;             // real files, repeated with variations; empty: generated text
    std::string data_dir;         // kept; empty: a temporary one
    std::string mode;             // only this one; empty: all
};
[[nodiscard]] Status search(const SearchOptions& options);

// What cutting, analysing and embedding cost, without storage.
struct ChunkOptions {
    std::string tree;  // empty: generated text
    std::string kind = "plain";
    std::string language;  // of code; empty: judged by the text
    std::uint64_t mb_max = 32;
    std::string written_to;  // a file that the text is written to, for a peer to cut it, too; empty: none
};
[[nodiscard]] Status chunk(const ChunkOptions& options);

// What the queue itself costs: jobs that do nothing.
struct QueueOptions {
    std::string backend = "sqlite";
    std::string part = "all";  // of the queue on Redis: whole, broker (without catalog), all
    std::uint64_t jobs = 20'000;
    int concurrency = 50;
    std::uint64_t backlog =
        0;  // jobs that wait while stats and one job's status are asked for, and a project's single job
    std::string data_dir;
};
[[nodiscard]] Status queue(const QueueOptions& options);

// How fast points go to a vector store elsewhere, which answers at once and keeps nothing.
struct VectorsOptions {
    std::string backend = "qdrant";
    std::uint64_t points = 1'000'000;
    std::size_t dimension = 384;
    std::size_t text_bytes = 200;  // of a point
    int threads = 4;
};
[[nodiscard]] Status vectors(const VectorsOptions& options);

// What the C ABI costs on top of the C++ interface.
struct CapiOptions {
    std::uint64_t jobs = 4'000;  // through each
};
[[nodiscard]] Status capi(const CapiOptions& options);

// What a client of the HTTP front-end sees: requests a second, and how soon what it sends is found and told of.
struct HttpOptions {
    std::string httpd;                // the program; empty: the one beside this one
    std::uint64_t requests = 80'000;  // for a job's status
    std::uint64_t uploads = 8'000;    // of 4 KB
    std::uint64_t large_mb = 1'024;   // of one upload
    std::uint64_t rounds = 100;       // of what is done one by one
};
[[nodiscard]] Status http(const HttpOptions& options);

// The other process of the queue's benchmark: a worker on the folder, until its stdin ends.
struct QueueWorkerOptions {
    std::string data_dir;
    bool is_holding = false;  // it never returns from its first job
};
[[nodiscard]] Status queue_worker(const QueueWorkerOptions& options);

// Whether search finds what was asked for: questions whose files are known (quality_corpus.py makes them), in every mode.
struct QualityOptions {
    std::string corpus;                // folder of quality_corpus.py
    std::vector<std::string> recipes;  // of the hashing embedder, "dimension=384 part=1 gram=0 rarity=1"
    std::vector<double> weights;       // of vectors in hybrid search; empty: the model's own
    std::string languages = "auto";    // that texts are looked at in; "en": all are stemmed as English
};
[[nodiscard]] Status quality(const QualityOptions& options);

}  // namespace archaeologist::bench
