// The commands for the queue as a whole.
#include "cli/list_text.hpp"
#include "cli/session.hpp"
#include "host/terminal.hpp"

namespace archaeologist::cli {
namespace {

Result<int> print_stats(Engine& engine, const Session& session) {
    ARCHAEO_ASSIGN(const auto stats, engine.queue().stats());
    const bool wants_json = session.global.format == Format::json;
    ARCHAEO_TRY(host::write_output(wants_json ? to_json(stats) + '\n' : description_of(stats)));
    return done;
}

}  // namespace

Result<int> run(const QueueShow&, const Session& session) {
    ARCHAEO_ASSIGN(auto engine, session.open(IfMissing::refuse));
    return print_stats(*engine, session);
}

Result<int> run(const QueuePause&, const Session& session) {
    ARCHAEO_ASSIGN(auto engine, session.open(IfMissing::refuse));
    ARCHAEO_TRY(engine->queue().pause());
    return print_stats(*engine, session);
}

Result<int> run(const QueueResume&, const Session& session) {
    ARCHAEO_ASSIGN(auto engine, session.open(IfMissing::refuse));
    ARCHAEO_TRY(engine->queue().resume());
    return print_stats(*engine, session);
}

}  // namespace archaeologist::cli
