#include "host/http/problem.hpp"
#include "httpd/api.hpp"
#include "httpd/shapes.hpp"

namespace archaeologist::httpd {
namespace {

using host::Call;
using host::HttpReply;
using host::Parameter;
using host::Route;
using host::Schema;

Result<HttpReply> search(Api& api, const Call& call, std::vector<ProjectId> projects) {
    SearchRequest request;
    request.query = call.text("q");
    request.pattern = call.flag("regex") ? TextPattern::regex : TextPattern::literal;
    const auto mode = call.flag("regex") && !call.has("mode") ? SearchMode::literal : SearchMode::hybrid;
    request.mode = parse_search_mode(call.text("mode")).value_or(mode);
    request.projects = std::move(projects);
    request.filter.path_glob = call.text("path");
    request.filter.languages = call.texts("lang");
    request.filter.file_types = call.texts("type");
    request.letter_case = call.text("case") == "ignore" ? LetterCase::ignore : LetterCase::exact;
    request.whole_word = call.flag("word");
    request.limit = static_cast<std::size_t>(call.integer("limit"));
    request.offset = static_cast<std::size_t>(call.integer("offset"));
    request.per_source = static_cast<std::size_t>(call.integer("per_source"));
    request.context_lines = static_cast<std::size_t>(call.integer("context"));
    ARCHAEO_ASSIGN(const auto reply, api.engine.search(request));
    return json_reply(200, to_json(reply));
}

std::vector<Parameter> search_parameters() {
    return {
        {"q",
         Schema::text(
             1, 4'096,
             "What to look for, UTF-8. In mode literal as it is; else words, of which any may match, \"these words\" "
             "together, begin*, path:GLOB, lang:NAME, type:NAME, symbol:NAME, and -word, -\"words\", -begin*, "
             "-path:GLOB ... for what must not be there"),
         {},
         Parameter::Times::required},
        {"mode", Schema::choice({"hybrid", "words", "semantic", "literal"}, "How; hybrid unless regex is true")},
        {"limit", Schema::integer(1, 1'000, "Hits"), "10"},
        {"offset", Schema::integer(0, 10'000, "Skip the best so many"), "0"},
        {"path", Schema::text(1, 1'024, "Only names like this glob: * within a folder, ** across, ? one character")},
        {"lang",
         Schema::text(1, 64, "Only this language, of code (python) or prose (german); repeatable"),
         {},
         Parameter::Times::any},
        {"type", Schema::text(1, 64, "Only this type of file; repeatable"), {}, Parameter::Times::any},
        {"case", Schema::choice({"exact", "ignore"}, "Literal mode"), "exact"},
        {"word", Schema::flag("Literal mode: whole words"), "false"},
        {"regex", Schema::flag("q is a regular expression (RE2) that matches within a line; mode is literal then"),
         "false"},
        {"context", Schema::integer(0, 100, "Lines around each hit's content, in before and after"), "0"},
        {"per_source", Schema::integer(0, 1'000, "Hits of one source at most; 0 = no bound"), "3"},
    };
}

}  // namespace

std::vector<Route> search_routes(Api& api) {
    return {
        Route("GET", "/api/v1/projects/{project_id}/search", "searchProject", "search", "Finds passages in a project")
            .part(project_id())
            .query(search_parameters())
            .replies(200, "The best hits, and what could be looked at", "SearchReply")
            .by([&api](Call& call) { return search(api, call, {project_of(call)}); }),
        Route("GET", "/api/v1/search", "search", "search", "Finds passages in all projects, or in those named")
            .query(search_parameters())
            .query({{"project_id",
                     Schema::integer(1, id_max, "Only in this project; repeatable"),
                     {},
                     Parameter::Times::any}})
            .replies(200, "The best hits, and what could be looked at", "SearchReply")
            .replies(404, "No such project")
            .by([&api](Call& call) {
                std::vector<ProjectId> projects;
                for (const auto& id : call.texts("project_id")) projects.push_back(ProjectId{std::stoll(id)});
                return search(api, call, std::move(projects));
            }),
    };
}

}  // namespace archaeologist::httpd
