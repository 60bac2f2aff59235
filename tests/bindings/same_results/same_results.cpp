// The C++ way: same_results DATA FOLDER NAMES QUESTIONS; same_results_test.py says what it prints.
#include <archaeologist/engine.hpp>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

using namespace archaeologist;  // NOLINT(google-build-using-namespace)

namespace {

template <class T>
T need(Result<T> result) {
    if (result) return std::move(result).value();
    std::fprintf(stderr, "%s\n", result.error().message.c_str());
    std::exit(1);
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(file), {}};
}

std::vector<SourceId> ingest(Engine& engine, const std::filesystem::path& folder, const char* names) {
    const auto project = need(engine.create_project("same"));
    if (!engine.start_workers()) std::exit(1);
    std::vector<SourceId> sources;
    std::vector<JobId> jobs;
    std::ifstream list(names);
    for (std::string name; std::getline(list, name);) {
        UploadRequest request;
        request.project_id = project.id;
        request.filename = name;
        const std::string content = content_of(folder / name);
        MemorySource bytes(content);
        const auto reply = need(engine.upload(request, bytes));
        sources.push_back(reply.source.id);
        jobs.push_back(reply.job.value().id);
    }
    for (const JobId id : jobs) {
        while (!is_finished(need(engine.queue().wait_for(id, std::chrono::minutes(1))).status)) {
        }
    }
    return sources;
}

void tell_source(Engine& engine, SourceId id) {
    const auto source = need(engine.source(id));
    std::printf("source\t%s\t%d\t%llu\n", source.filename.c_str(), static_cast<int>(source.status) + 1,
                static_cast<unsigned long long>(source.chunks));
    std::printf("chunks\t%s\n", to_json(need(engine.chunks(id, 1, 1000))).c_str());
}

void ask(Engine& engine, const char* questions) {
    std::ifstream list(questions);
    int mode = 0;
    std::size_t limit = 0;
    std::string query;
    while (list >> mode >> limit && std::getline(list >> std::ws, query)) {
        SearchRequest request;
        request.query = query;
        request.mode = static_cast<SearchMode>(mode - 1);
        request.limit = limit;
        const auto reply = need(engine.search(request));
        std::printf("query\t%d\t%s\t%llu\n", mode, query.c_str(), static_cast<unsigned long long>(reply.total_found));
        for (const Hit& hit : reply.results) {
            std::printf("hit\t%s\t%.6f\t%s\t%llu\t%llu\n", hit.chunk_id.text().c_str(), hit.score,
                        hit.source_name.c_str(), static_cast<unsigned long long>(hit.byte_range.begin),
                        static_cast<unsigned long long>(hit.line_range.first));
        }
    }
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 5) return 2;
    Config config;
    config.data_dir = argv[1];
    const auto engine = need(Engine::open(config));
    for (const SourceId id : ingest(*engine, argv[2], argv[3])) tell_source(*engine, id);
    ask(*engine, argv[4]);
}
