#include <doctest/doctest.h>

#include <map>

#include "contract/vector_store_samples.hpp"
#include "support/qdrant_server.hpp"
#include "support/temporary_folder.hpp"
#include "vector/embedded.hpp"
#include "vector/memory.hpp"

using namespace archaeologist;

namespace {

// Ten sources of one to ten points, in two projects.
void fill(VectorStore& store) {
    for (int source = 1; source <= 10; ++source) {
        std::string text;
        std::vector<std::size_t> cuts;
        for (int i = 0; i < source; ++i) {
            if (i > 0) cuts.push_back(text.size());
            text += "word" + std::to_string(i) + " of source " + std::to_string(source) + "\n";
        }
        Sample made = sample(text, SourceId{source}, "folder/file" + std::to_string(source));
        made.document.project_id = ProjectId{1 + source % 2};
        made.cut_at(cuts, 5);
        archaeologist::store(store, made);
    }
}

std::uint64_t points_in(VectorStore& store) {
    std::uint64_t points = 0;
    const auto projects = store.projects().value();
    for (const ProjectId project : projects) {
        const auto generations = store.generations(project, {}, 1'000).value();
        for (const StoredGeneration& one : generations) {
            points += store.count(project, one.source_id, one.generation).value();
        }
    }
    return points;
}

std::unique_ptr<VectorStore> in_qdrant() {
    QdrantServer& server = QdrantServer::shared();
    return open_qdrant_store(server.location(server.fresh_prefix()), server.options(), {"model", sample_dimension})
        .value();
}

}  // namespace

TEST_CASE("everything is copied, from a folder to Qdrant and back, and found under the same ids") {
    const TemporaryFolder folder;
    const auto here = open_embedded_store(folder.path("here"), {sample_dimension, 1 << 20}).value();
    const auto qdrant = in_qdrant();
    const auto back = open_embedded_store(folder.path("back"), {sample_dimension, 1 << 20}).value();
    fill(*here);
    for (const auto& [from, to] : {std::pair{here.get(), qdrant.get()}, std::pair{qdrant.get(), back.get()}}) {
        VectorCopyProgress last;
        const auto report = copy_vectors(*from, *to, {.threads = 3, .samples = 30},
                                         [&last](const VectorCopyProgress& now) { last = now; });
        if (!report) FAIL(report.error().message);
        CHECK(report->is_whole());
        CHECK(report->done.generations_found == 10);
        CHECK(report->done.generations_copied == 10);
        CHECK(report->done.points_copied == 55);
        CHECK(report->done.points_counted == 55);
        CHECK(report->done.points_sampled == 30);
        CHECK(last.points_sampled == 30);
        CHECK(points_in(*to) == 55);
    }
    for (VectorStore* store : {qdrant.get(), back.get()}) {
        const auto hits = store->query({ProjectId{1}, "word7", {}, {}, 0, 10}).value();
        const auto original = here->query({ProjectId{1}, "word7", {}, {}, 0, 10}).value();
        REQUIRE(hits.size() == original.size());
        std::map<PointId, std::string> texts;
        for (const VectorHit& hit : original) texts[hit.id] = hit.text;
        for (const VectorHit& hit : hits) CHECK(texts.at(hit.id) == hit.text);
    }
}

TEST_CASE("a second copy goes on where the first one ended") {
    const auto from = make_memory_store(sample_dimension);
    const auto to = make_memory_store(sample_dimension);
    fill(*from);
    std::atomic<bool> stop = false;
    const auto stopped = copy_vectors(*from, *to, {.threads = 1, .stop = &stop}, [&](const VectorCopyProgress&) {});
    REQUIRE(stopped.has_value());
    REQUIRE(to->erase(ProjectId{2}, SourceId{9}, generation(1)).has_value());
    stop = true;
    CHECK(copy_vectors(*from, *to, {.stop = &stop}).error().code == Code::cancelled);
    stop = false;
    const auto report = copy_vectors(*from, *to, {.stop = &stop});
    REQUIRE(report.has_value());
    CHECK(report->done.generations_present == 9);
    CHECK(report->done.generations_copied == 1);
    CHECK(report->done.points_copied == 9);
    CHECK(report->is_whole());
}

TEST_CASE("points that differ are told of") {
    const auto from = make_memory_store(sample_dimension);
    const auto to = make_memory_store(sample_dimension);
    archaeologist::store(*from, sample("one text"));
    archaeologist::store(*to, sample("another "));
    const auto report = copy_vectors(*from, *to);
    REQUIRE(report.has_value());
    CHECK_FALSE(report->is_whole());
    REQUIRE(report->problems.size() == 1);
    CHECK(report->problems[0].generation.source_id == SourceId{1});
    CHECK(report->problems[0].error.message.find("point 0 is not the same") != std::string::npos);
}

TEST_CASE("a copy's options are checked") {
    const auto store = make_memory_store(sample_dimension);
    const auto other = make_memory_store(sample_dimension);
    for (const int threads : {0, 65}) {
        CHECK(copy_vectors(*store, *other, {.threads = threads}).error().code == Code::invalid_argument);
    }
}
