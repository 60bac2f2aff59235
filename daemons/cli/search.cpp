#include <unistd.h>

#include "cli/hit_text.hpp"
#include "cli/session.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

std::string output_of(const SearchReply& reply, const Session& session) {
    switch (session.global.format) {
        case Format::json: return to_json(reply) + '\n';
        case Format::grep: return grep_lines_of(reply);
        case Format::vimgrep: return vimgrep_lines_of(reply);
        case Format::text: break;
    }
    return passages_of(reply, host::emphasis_for(STDOUT_FILENO, session.environment));
}

}  // namespace

Result<int> run(const Search& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto project, session.project(*service, command.project));
    SearchRequest request = command.request;
    request.projects = {project.id};
    ARCHAEO_ASSIGN(const auto reply, service->search(request));
    ARCHAEO_TRY(host::write_output(output_of(reply, session)));
    if (session.global.format != Format::json) host::StatusLine::standard_error().message(remarks_of(reply));
    return done;
}

}  // namespace archaeologist::cli
