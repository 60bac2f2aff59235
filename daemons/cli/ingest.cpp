#include <unistd.h>

#include "cli/ingest_text.hpp"
#include "cli/progress.hpp"
#include "cli/session.hpp"
#include "host/printable.hpp"
#include "host/signals.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

Status print_report(const IngestReport& report, const std::string& project, const Session& session) {
    host::StatusLine::standard_error().message(problems_of(report));
    if (session.global.format == Format::json) return host::write_output(to_json(report) + '\n');
    std::string text = summary_of(report) + '\n';
    if (report.failed > 0) {
        text += session.command_to_type("jobs list --status failed --project " + host::shell_word(project)) + '\n';
    }
    return host::write_output(text);
}

}  // namespace

Result<int> run(const Ingest& command, const Session& session) {
    const auto& stop = host::stop_on_signals();
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::make));
    IngestRequest request;
    request.project = session.project_choice(command.project, command.paths.front()).name;
    request.paths = command.paths;
    request.all = command.all;
    request.priority = command.priority;
    request.if_unchanged = command.if_unchanged;

    ARCHAEO_TRY(session.mention_pause(*service));
    ProgressDisplay display;
    auto report = service->ingest(
        request, [&](const IngestProgress& progress) { display.show(progress); }, &stop);
    display.end();
    if (!report) return report.error();
    ARCHAEO_TRY(print_report(*report, request.project, session));
    if (const int stopped = host::stop_exit_code(); stopped != 0) {
        host::StatusLine::standard_error().message("interrupted; the same command continues where this one stopped\n");
        return stopped;
    }
    return report->failed > 0 || report->problem_count > 0 ? work_failed : done;
}

}  // namespace archaeologist::cli
