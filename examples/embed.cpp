// Ingests files and searches them: embed DATA_DIR FILE_OR_FOLDER QUERY
#include <archaeologist/engine.hpp>
#include <cstdio>

namespace {

int fail(const archaeologist::Error& error) {
    std::fprintf(stderr, "embed: %s\n", error.message.c_str());
    return 1;
}

}  // namespace

int main(int argc, char** argv) {
    if (argc != 4) return std::fputs("usage: embed DATA_DIR FILE_OR_FOLDER QUERY\n", stderr), 2;
    archaeologist::Config config;
    config.data_dir = argv[1];
    auto engine = archaeologist::Engine::open(config);
    if (!engine) return fail(engine.error());

    archaeologist::IngestRequest files;
    files.project = "example";
    files.paths = {argv[2]};
    if (auto report = (*engine)->ingest(files); !report) return fail(report.error());

    archaeologist::SearchRequest question;
    question.query = argv[3];
    auto reply = (*engine)->search(question);
    if (!reply) return fail(reply.error());
    for (const auto& hit : reply->results) {
        std::printf("%s:%llu\n", hit.source_name.c_str(), static_cast<unsigned long long>(hit.line_range.first));
    }
    return 0;
}
