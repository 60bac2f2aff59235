#include <unistd.h>

#include "cli/hit_text.hpp"
#include "cli/session.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

HitStyle style_of(const Search& command, const Session& session) {
    auto emphasis = host::emphasis_for(STDOUT_FILENO, session.environment);
    if (command.colour == Colour::always) emphasis = host::Emphasis::bold;
    if (command.colour == Colour::never) emphasis = host::Emphasis::none;
    return {emphasis, command.context};
}

std::string output_of(const SearchReply& reply, const Search& command, const Session& session) {
    switch (session.global.format) {
        case Format::json: return to_json(reply) + '\n';
        case Format::grep: return grep_lines_of(reply, style_of(command, session));
        case Format::vimgrep: return vimgrep_lines_of(reply);
        case Format::text: break;
    }
    return passages_of(reply, style_of(command, session));
}

Result<int> find(const Search& command, const Session& session) {
    ARCHAEO_ASSIGN(auto service, session.open(IfMissing::refuse));
    ARCHAEO_ASSIGN(const auto project, session.project(*service, command.project));
    SearchRequest request = command.request;
    request.projects = {project.id};
    ARCHAEO_ASSIGN(const auto reply, service->search(request));
    ARCHAEO_TRY(host::write_output(output_of(reply, command, session)));
    if (session.global.format != Format::json) host::StatusLine::standard_error().message(remarks_of(reply));
    return reply.results.empty() ? nothing_found : done;
}

}  // namespace

// As grep does: 1 says that there is nothing, and no failure may look like that.
Result<int> run(const Search& command, const Session& session) {
    const auto outcome = find(command, session);
    if (outcome) return outcome;
    complain(outcome.error().message);
    return wrong_request;
}

}  // namespace archaeologist::cli
