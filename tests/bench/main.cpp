// archaeologist-bench: each subcommand prints one JSON line of figures.
#include <sqlite3.h>

#include <CLI/CLI.hpp>
#include <cstdio>

#include "bench/benchmarks.hpp"

namespace {

using namespace archaeologist;

struct Commands {
    bench::IngestOptions ingest;
    bench::SearchOptions search;
    bench::ChunkOptions chunk;
    bench::QueueOptions queue;
    bench::VectorsOptions vectors;
    bench::CapiOptions capi;
    bench::HttpOptions http;
    bench::QueueWorkerOptions queue_worker;
    bench::QualityOptions quality;
    Status outcome;
};

void add_quality(CLI::App& app, Commands& commands) {
    auto* quality =
        app.add_subcommand("quality", "Whether search finds what was asked for; a line for each kind of question");
    quality->add_option("--corpus", commands.quality.corpus, "Folder of texts and questions")->required();
    quality->add_option("--recipe", commands.quality.recipes, "Of the hashing embedder; default: the built-in one");
    quality->add_option("--weight", commands.quality.weights, "Of vectors in hybrid search; default: the model's own");
    quality->add_option("--languages", commands.quality.languages,
                        "That texts are looked at in; en: none is stemmed but as English");
    quality->callback([&] { commands.outcome = bench::quality(commands.quality); });
}

void add_commands(CLI::App& app, Commands& commands) {
    auto* ingest = app.add_subcommand("ingest", "How fast a tree becomes searchable");
    ingest->add_option("--tree", commands.ingest.trees, "Files and folders");
    ingest->add_option("--small", commands.ingest.small_files, "This many generated files of 4 KB instead");
    ingest->add_option("--data", commands.ingest.data_dir, "Data folder, kept; default: a temporary one");
    ingest->callback([&] { commands.outcome = bench::ingest(commands.ingest); });

    auto* search = app.add_subcommand("search", "How long a query takes");
    search->add_option("--chunks", commands.search.chunks, "Size of the corpus")->check(CLI::Range(1, 100'000'000));
    search->add_option("--mode", commands.search.mode, "Only this one; default all");
    search->add_option("--queries", commands.search.queries, "A mode; default 200")->check(CLI::Range(1, 1'000'000));
    search->add_option("--tree", commands.search.tree, "Real files, repeated with variations; default: generated text");
    search->add_option("--data", commands.search.data_dir, "Kept, so that a second run is quick");
    search->callback([&] { commands.outcome = bench::search(commands.search); });

    auto* chunk = app.add_subcommand("chunk", "What cutting, analysing and embedding cost");
    chunk->add_option("--tree", commands.chunk.tree, "Default: generated text");
    chunk->add_option("--kind", commands.chunk.kind, "plain, code, markdown or table");
    chunk->add_option("--language", commands.chunk.language, "Of code; default: judged by the text");
    chunk->add_option("--write", commands.chunk.written_to, "Also write the text to this file");
    chunk->add_option("--mb", commands.chunk.mb_max, "At most this much text; default 32")->check(CLI::Range(1, 4'096));
    chunk->callback([&] { commands.outcome = bench::chunk(commands.chunk); });

    auto* queue = app.add_subcommand("queue", "What the queue itself costs");
    queue->add_option("--backend", commands.queue.backend,
                      "sqlite, memory, or a Redis as --redis-url names it; default sqlite");
    queue->add_option("--part", commands.queue.part, "On Redis: whole, broker (what Redis does of it); default all")
        ->check(CLI::IsMember({"all", "whole", "broker"}));
    queue->add_option("--jobs", commands.queue.jobs, "Default 20,000")->check(CLI::Range(2, 100'000'000));
    queue->add_option("--concurrency", commands.queue.concurrency, "Slots of the worker; default 50")
        ->check(CLI::Range(1, 1'024));
    queue->add_option("--backlog", commands.queue.backlog, "This many waiting jobs more; default none")
        ->check(CLI::Range(0, 100'000'000));
    queue->add_option("--data", commands.queue.data_dir, "Data folder, must be new; default: a temporary one");
    queue->callback([&] { commands.outcome = bench::queue(commands.queue); });

    auto* vectors = app.add_subcommand("vectors", "How fast points go to a vector store elsewhere");
    vectors->add_option("--backend", commands.vectors.backend, "qdrant");
    vectors->add_option("--points", commands.vectors.points, "Default 1,000,000")->check(CLI::Range(1, 100'000'000));
    vectors->add_option("--dimension", commands.vectors.dimension, "Default 384")->check(CLI::Range(1, 65'536));
    vectors->add_option("--text-bytes", commands.vectors.text_bytes, "Of a point; default 200")
        ->check(CLI::Range(1, 1 << 20));
    vectors->add_option("--threads", commands.vectors.threads, "Default 4")->check(CLI::Range(1, 64));
    vectors->callback([&] { commands.outcome = bench::vectors(commands.vectors); });

    auto* capi = app.add_subcommand("capi", "What the C ABI costs on top of the C++ interface");
    capi->add_option("--jobs", commands.capi.jobs, "Through each; default 4,000")->check(CLI::Range(1, 1'000'000));
    capi->callback([&] { commands.outcome = bench::capi(commands.capi); });

    auto* http = app.add_subcommand("http", "What a client of archaeologist-httpd sees");
    http->add_option("--httpd", commands.http.httpd, "The program; default: the one beside this one");
    http->add_option("--requests", commands.http.requests, "For a job's status; default 80,000")
        ->check(CLI::Range(8, 100'000'000));
    http->add_option("--uploads", commands.http.uploads, "Of 4 KB; default 8,000")->check(CLI::Range(8, 10'000'000));
    http->add_option("--large-mb", commands.http.large_mb, "Of one upload, in MiB; default 1,024")
        ->check(CLI::Range(1, 16'000));
    http->add_option("--rounds", commands.http.rounds, "Files sent one by one; default 100")
        ->check(CLI::Range(1, 100'000));
    http->callback([&] { commands.outcome = bench::http(commands.http); });

    add_quality(app, commands);
    auto* worker = app.add_subcommand("queue-worker")->group("");  // started by queue
    worker->add_option("--data", commands.queue_worker.data_dir)->required();
    worker->add_flag("--hold", commands.queue_worker.is_holding);
    worker->callback([&] { commands.outcome = bench::queue_worker(commands.queue_worker); });
}

int run(int argc, char** argv) {
    static_cast<void>(::sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0));  // as the programs do
    CLI::App app("Measures the library; one JSON line a benchmark.", "archaeologist-bench");
    app.require_subcommand(1);
    Commands commands;
    add_commands(app, commands);
    CLI11_PARSE(app, argc, argv);
    if (commands.outcome) return 0;
    std::fprintf(stderr, "archaeologist-bench: %s\n", commands.outcome.error().message.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {  // CLI11's, or no memory
        std::fprintf(stderr, "archaeologist-bench: %s\n", error.what());
        return 1;
    }
}
