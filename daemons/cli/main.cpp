// archaeologist: the library on the command line.
#include <unistd.h>

#include <cstdio>
#include <exception>
#include <string>

#include "cli/session.hpp"
#include "host/logging.hpp"
#include "host/signals.hpp"
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
    const auto parsed = cli::parse_command_line(argc, argv);
    if (const auto* notice = std::get_if<cli::Notice>(&parsed)) return print(*notice);

    const auto& line = std::get<cli::CommandLine>(parsed);
    const cli::Session session{line.global, host::process_environment(),
                               host::stderr_log("archaeologist", line.global.log_level)};
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
