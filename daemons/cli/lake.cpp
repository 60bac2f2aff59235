// Commands on the lake itself.
#include <filesystem>
#include <random>
#include <system_error>

#include "archaeologist/json.hpp"
#include "cli/copy_command.hpp"
#include "host/figure.hpp"
#include "host/lake_settings.hpp"
#include "host/signals.hpp"

namespace archaeologist::cli {
namespace {

struct Place {
    LakeConfig config;
    std::string folder;  // of a local lake; of one elsewhere, where large contents wait to be sent
};

// "s3://…", or a data folder.
Place place_of(const std::string& text, S3Credentials credentials) {
    Place place;
    if (text.starts_with("s3://")) {
        place.config.url = text;
        place.config.credentials = std::move(credentials);
        std::error_code failure;
        place.folder = (std::filesystem::temp_directory_path(failure) / "archaeologist-lake-copy").string();
    } else {
        place.folder = text;
    }
    return place;
}

Status require_lake(const Place& place) {
    std::error_code failure;
    if (!place.config.url.empty() || std::filesystem::is_directory(place.folder + "/lake", failure)) return {};
    return Error{Code::not_found, "--from is \"" + place.folder +
                                      "\", must be a data folder with a lake in it, or s3://BUCKET[/PREFIX]"};
}

std::string progress_text(const LakeCopyProgress& now) {
    std::string text = host::grouped(now.blobs_copied) + " copied, " + host::size_text(now.bytes_copied) + ", " +
                       host::grouped(now.blobs_present) + " there already, of " + host::grouped(now.blobs_found) +
                       " found so far";
    if (now.blobs_counted > 0) {
        text += "; counted " + host::grouped(now.blobs_counted) + ", read back " + host::grouped(now.blobs_sampled);
    }
    return text;
}

std::string json_of(const LakeCopyReport& report) {
    JsonWriter json;
    json.begin_object()
        .field("blobs", report.done.blobs_found)
        .field("copied", report.done.blobs_copied)
        .field("present", report.done.blobs_present)
        .field("bytes_copied", report.done.bytes_copied)
        .field("counted", report.done.blobs_counted)
        .field("read_back", report.done.blobs_sampled)
        .field("missing", report.blobs_missing)
        .field("problem_count", report.problem_count)
        .key("problems")
        .begin_array();
    for (const auto& problem : report.problems) {
        json.begin_object().field("hash", problem.hash.hex()).field("detail", problem.error.message).end_object();
    }
    json.end_array().end_object();
    return std::move(json).text() + '\n';
}

std::string text_of(const LakeCopyReport& report) {
    const LakeCopyProgress& now = report.done;
    std::string text = host::grouped(now.blobs_found) + " blobs · " + host::grouped(now.blobs_copied) + " copied (" +
                       host::size_text(now.bytes_copied) + ") · " + host::grouped(now.blobs_present) +
                       " there already · " + host::grouped(now.blobs_counted) + " counted · " +
                       host::grouped(now.blobs_sampled) + " read back\n";
    if (report.is_whole()) return text;
    return text + host::grouped(report.blobs_missing) + " missing · " + host::grouped(report.problem_count) +
           " damaged or not to be read; the same command tries them again\n";
}

}  // namespace

Result<int> run(const LakeCopy& command, const Session& session) {
    const auto& stop = host::stop_on_signals();
    const Place from = place_of(command.from, host::credentials_of(session.environment, "FROM_"));
    Place to = place_of(command.to, host::credentials_of(session.environment));
    ARCHAEO_TRY(require_lake(from));
    ARCHAEO_ASSIGN(const auto source, open_lake(from.config, from.folder));
    ARCHAEO_ASSIGN(const auto target, open_lake(to.config, to.folder));
    const LakeCopyOptions options{
        .threads = command.threads, .samples = command.samples, .seed = std::random_device{}(), .stop = &stop};
    const auto report = [&] {
        CopyDisplay display;
        return copy_lake(*source, *target, options,
                         [&](const LakeCopyProgress& now) { display.show(progress_text(now)); });
    }();
    return finish_copy(report, session, text_of, json_of);
}

}  // namespace archaeologist::cli
