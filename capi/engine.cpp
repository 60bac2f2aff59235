#include "archaeologist/engine.hpp"

#include <algorithm>
#include <cstring>

#include "archaeologist/json.hpp"
#include "arguments.hpp"
#include "config.hpp"
#include "embedder.hpp"
#include "engine_state.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

namespace {

constexpr std::size_t ingest_paths_max = 10'000;
constexpr std::size_t embed_texts_max = 10'000;
constexpr std::uint64_t embed_text_bytes_max = 1 << 20;

Status open_engine(const archaeo_options* options, Config config, archaeo_engine** engine_out) {
    ARCHAEO_ASSIGN(auto setup, engine_setup(options, std::move(config)));
    ARCHAEO_TRY(check_may_open());
    OpenMark mark;
    ARCHAEO_ASSIGN(auto engine, Engine::open(setup.config));
    *engine_out = make_handle<archaeo_engine>(std::make_shared<EngineState>(std::move(engine), std::move(mark)));
    if (setup.embedder) setup.embedder->adopt();
    return {};
}

Result<TextRole> text_role(int32_t given) {
    if (given == ARCHAEO_ROLE_DOCUMENT) return TextRole::document;
    if (given == ARCHAEO_ROLE_QUERY) return TextRole::query;
    return bad_number("role", given, "must be an ARCHAEO_ROLE_...");
}

Result<Interrupted> interrupted(int32_t given) {
    if (given == 0) return Interrupted::all;
    if (given == ARCHAEO_INTERRUPT_WAITS) return Interrupted::waits;
    if (given == ARCHAEO_INTERRUPT_INGESTS) return Interrupted::ingests;
    return bad_number("what", given, "must be an ARCHAEO_INTERRUPT_..., or 0");
}

Result<IngestRequest> ingest_request(const archaeo_ingest_options* given) {
    ARCHAEO_ASSIGN(const auto known, options("options", given));
    IngestRequest request;
    request.all = known.all_files != 0;
    ARCHAEO_ASSIGN(request.priority, priority(known.priority));
    ARCHAEO_ASSIGN(request.if_unchanged, if_unchanged(known.if_unchanged));
    return request;
}

Result<IngestReport> ingest(const Call& call, const IngestRequest& request) {
    const StopFlag stop(call);
    ARCHAEO_ASSIGN(auto report, call->ingest(request, {}, stop.get()));
    if (!report.stopped) return report;
    if (call.engine_closes()) return closed_meanwhile();
    return Error{Code::cancelled, "ingest into \"" + request.project +
                                      "\" was interrupted: what it has stored stays, and the next one goes on with it"};
}

std::string check_json(const std::vector<Check>& checks) {
    JsonWriter json;
    json.begin_array();
    for (const Check& check : checks) json.raw(to_json(check));
    json.end_array();
    return std::move(json).text();
}

Status embed(Embedder& embedder, std::span<const archaeo_str> texts, TextRole role, std::span<float> vectors) {
    std::vector<std::string_view> views;
    for (const archaeo_str& one : texts) {
        ARCHAEO_ASSIGN(const auto view,
                       bytes("texts[" + std::to_string(views.size()) + ']', one.data, one.size, embed_text_bytes_max));
        views.push_back(view);
    }
    ARCHAEO_ASSIGN(const auto matrix, embedder.embed(views, role));
    std::copy(matrix.values.begin(), matrix.values.end(), vectors.begin());
    return {};
}

}  // namespace

extern "C" {

int32_t archaeo_engine_open(const char* data_dir, const archaeo_options* options, archaeo_engine** engine_out,
                            archaeo_error** error_out) {
    clear(engine_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("engine_out", engine_out));
        Config config;
        ARCHAEO_ASSIGN(config.data_dir, text("data_dir", data_dir));
        return open_engine(options, std::move(config), engine_out);
    });
}

int32_t archaeo_engine_open_file(const char* config_path, const archaeo_options* options, archaeo_engine** engine_out,
                                 archaeo_error** error_out) {
    clear(engine_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("engine_out", engine_out));
        ARCHAEO_ASSIGN(const std::string path, text("config_path", config_path));
        ARCHAEO_ASSIGN(auto config, read_config(path));
        if (config.data_dir.empty()) {
            return Error{Code::invalid_argument,
                         "configuration file " + path + ": data is missing, must name a folder"};
        }
        return open_engine(options, std::move(config), engine_out);
    });
}

void archaeo_engine_close(archaeo_engine* engine) {
    guard(nullptr, [&]() -> Status {
        const auto handle = find(engine);
        // A forked child leaves its parent's engine alone.
        if (!handle || handle->is_of_parent()) return {};
        if (handle->state->close()) retire(engine);
        return {};
    });
}

int32_t archaeo_engine_interrupt(archaeo_engine* engine, int32_t what, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const Interrupted which, interrupted(what));
        call.state()->interrupt(which);
        return {};
    });
}

int32_t archaeo_engine_ingest(archaeo_engine* engine, const char* project_name, const char* const* paths,
                              size_t path_count, const archaeo_ingest_options* options, archaeo_buffer** report_out,
                              archaeo_error** error_out) {
    clear(report_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(auto request, ingest_request(options));
        ARCHAEO_ASSIGN(request.project, text("project_name", project_name));
        ARCHAEO_ASSIGN(request.paths, texts("paths", paths, path_count, ingest_paths_max));
        ARCHAEO_ASSIGN(const auto report, ingest(call, request));
        if (report_out != nullptr) *report_out = make_handle<archaeo_buffer>(to_json(report));
        return {};
    });
}

int32_t archaeo_engine_check(archaeo_engine* engine, archaeo_buffer** checks_out, archaeo_error** error_out) {
    clear(checks_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("checks_out", checks_out));
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        *checks_out = make_handle<archaeo_buffer>(check_json(call->check()));
        return {};
    });
}

size_t archaeo_engine_dimension(const archaeo_engine* engine) {
    std::size_t dimension = 0;
    guard(nullptr, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        dimension = call->embedder().dimension();
        return {};
    });
    return dimension;
}

int32_t archaeo_engine_embed(archaeo_engine* engine, const archaeo_str* texts, size_t text_count, int32_t role,
                             float* vectors, size_t vector_floats, archaeo_error** error_out) {
    return guard(error_out, [&]() -> Status {
        ARCHAEO_ASSIGN(const Call call, enter(engine));
        ARCHAEO_ASSIGN(const TextRole known_role, text_role(role));
        if (text_count > embed_texts_max) {
            return Error{Code::too_large, "texts are " + std::to_string(text_count) + ", must be at most 10000"};
        }
        if (text_count == 0) return {};
        ARCHAEO_TRY(require_pointer("texts", texts));
        ARCHAEO_TRY(require_pointer("vectors", vectors));
        const std::size_t needed = text_count * call->embedder().dimension();
        if (vector_floats < needed) {
            return Error{Code::invalid_argument, "vector_floats is " + std::to_string(vector_floats) +
                                                     ", must be at least " + std::to_string(needed)};
        }
        return embed(call->embedder(), std::span(texts, text_count), known_role, std::span(vectors, needed));
    });
}

}  // extern "C"
