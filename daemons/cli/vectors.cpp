// Commands on the vector store itself.
#include <filesystem>
#include <memory>
#include <random>
#include <system_error>

#include "archaeologist/embedder.hpp"
#include "archaeologist/json.hpp"
#include "archaeologist/vector_store.hpp"
#include "cli/copy_command.hpp"
#include "host/figure.hpp"
#include "host/signals.hpp"
#include "host/vector_settings.hpp"

namespace archaeologist::cli {
namespace {

struct Place {
    VectorStoreConfig config;
    std::string folder;  // a data folder, where the store is not elsewhere, or whose it is to be
};

// "qdrant+http://…", or a data folder.
Place place_of(const std::string& text, std::string key) {
    if (text.starts_with("qdrant+")) return {{.url = text, .api_key = std::move(key), .ca_file = {}, .proxy = {}}, {}};
    return {{}, text};
}

Status require_store(const Place& place) {
    std::error_code failure;
    if (!place.config.url.empty() || std::filesystem::is_directory(place.folder + "/vectors", failure)) return {};
    return Error{Code::not_found,
                 "--from is \"" + place.folder +
                     "\", must be a data folder with vectors in it, or qdrant+http://HOST[:PORT]/PREFIX"};
}

// One that does not answer ends the command here rather than after it tried.
Result<std::unique_ptr<VectorStore>> open(const Place& place, const VectorModel& model) {
    ARCHAEO_ASSIGN(auto store, open_vector_store(place.config, place.folder, model));
    if (!place.config.url.empty()) ARCHAEO_TRY(store->probe());
    return store;
}

std::string progress_text(const VectorCopyProgress& now) {
    std::string text = host::grouped(now.points_copied) + " chunks of " + host::grouped(now.generations_copied) +
                       " files copied, " + host::grouped(now.generations_present) + " files there already, of " +
                       host::grouped(now.generations_found) + " found so far";
    if (now.points_counted > 0) {
        text += "; counted " + host::grouped(now.points_counted) + ", compared " + host::grouped(now.points_sampled);
    }
    return text;
}

std::string json_of(const VectorCopyReport& report) {
    JsonWriter json;
    json.begin_object()
        .field("generations", report.done.generations_found)
        .field("copied", report.done.generations_copied)
        .field("present", report.done.generations_present)
        .field("points_copied", report.done.points_copied)
        .field("counted", report.done.points_counted)
        .field("compared", report.done.points_sampled)
        .field("missing", report.points_missing)
        .field("problem_count", report.problem_count)
        .key("problems")
        .begin_array();
    for (const auto& problem : report.problems) {
        json.begin_object()
            .field("project_id", to_integer(problem.project))
            .field("source_id", to_integer(problem.generation.source_id))
            .field("generation", problem.generation.generation.text())
            .field("detail", problem.error.message)
            .end_object();
    }
    json.end_array().end_object();
    return std::move(json).text() + '\n';
}

std::string text_of(const VectorCopyReport& report) {
    const VectorCopyProgress& now = report.done;
    std::string text = host::grouped(now.generations_found) + " files · " + host::grouped(now.generations_copied) +
                       " copied (" + host::grouped(now.points_copied) + " chunks) · " +
                       host::grouped(now.generations_present) + " there already · " +
                       host::grouped(now.points_counted) + " chunks counted · " + host::grouped(now.points_sampled) +
                       " compared\n";
    if (report.is_whole()) return text;
    return text + host::grouped(report.points_missing) + " chunks missing · " + host::grouped(report.problem_count) +
           " files differ or cannot be read; the same command tries them again\n";
}

}  // namespace

Result<int> run(const VectorsCopy& command, const Session& session) {
    const auto& stop = host::stop_on_signals();
    const Place from = place_of(command.from, host::vectors_key_of(session.environment, "FROM_"));
    Place to = place_of(command.to, host::vectors_key_of(session.environment));
    // What is fresh there becomes the data folder's that the vectors come from.
    if (!to.config.url.empty()) to.folder = from.folder;
    ARCHAEO_TRY(require_store(from));
    VectorModel model{command.model, static_cast<std::size_t>(command.dimension)};
    if (model.id.empty()) {
        const auto builtin = make_builtin_embedder();
        model = {builtin->model_id(), builtin->dimension()};
    }
    ARCHAEO_ASSIGN(const auto source, open(from, model));
    ARCHAEO_ASSIGN(const auto target, open(to, model));
    const VectorCopyOptions options{
        .threads = command.threads, .samples = command.samples, .seed = std::random_device{}(), .stop = &stop};
    const auto report = [&] {
        CopyDisplay display;
        return copy_vectors(*source, *target, options,
                            [&](const VectorCopyProgress& now) { display.show(progress_text(now)); });
    }();
    return finish_copy(report, session, text_of, json_of);
}

}  // namespace archaeologist::cli
