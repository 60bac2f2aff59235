// archaeologist: the library on the command line.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>

#include "cli/session.hpp"
#include "host/logging.hpp"
#include "host/signals.hpp"
#include "host/sqlite_memory.hpp"
#include "host/terminal.hpp"

namespace {

using namespace archaeologist;

int print(const cli::Notice& notice) {
    host::StatusLine::standard_error().message(notice.error);
    if (const auto written = host::write_output(notice.output); !written) {
        cli::complain(written.error().message);
        return cli::work_failed;
    }
    return notice.exit_code;
}

int run(int argc, char** argv) {
    host::ignore_write_signals();
    host::leave_sqlite_memory_uncounted();
    const auto parsed = cli::parse_command_line(argc, argv);
    if (const auto* notice = std::get_if<cli::Notice>(&parsed)) return print(*notice);

    const auto& line = std::get<cli::CommandLine>(parsed);
    const auto environment = host::process_environment();
    const auto settings = cli::settings_of(line.global, environment);
    if (!settings) {
        cli::complain(settings.error().message);
        return cli::wrong_request;
    }
    const auto level = host::parse_log_level(settings->text("log-level")).value_or(LogLevel::warning);
    const cli::Session session{line.global, *settings, environment, host::stderr_log("archaeologist", level)};
    const auto outcome = std::visit([&](const auto& command) { return cli::run(command, session); }, line.command);
    if (outcome) return outcome.value();
    cli::complain(outcome.error().message);
    return cli::exit_code_of(outcome.error());
}

}  // namespace

int main(int argc, char** argv) {
    try {
        return run(argc, argv);
    } catch (const std::exception& error) {  // no memory
        std::fprintf(stderr, "archaeologist: %s\n", error.what());
        return cli::work_failed;
    }
}
