#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "archaeologist/command_handler.hpp"
#include "base/errno_error.hpp"
#include "base/utf8.hpp"
#include "job/validate.hpp"
#include "worker/handlers/child_group.hpp"

extern "C" char** environ;  // NOLINT(readability-redundant-declaration): glibc declares it for GNU programs only

namespace archaeologist {
namespace {

using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds look_every = 100ms;  // at stop_requested and at the program's end
constexpr std::size_t line_bytes_max = 8 << 10;          // longer ones are cut
constexpr int exit_tempfail = 75;                        // EX_TEMPFAIL

// Immutable; the handler's copies share it.
struct Command {
    std::string path;
    std::vector<std::string> arguments;
    std::vector<std::string> environment;  // without what tells of the job
    std::chrono::milliseconds patience;
};

bool is_program(const std::string& path) {
    struct stat status {};
    return ::stat(path.c_str(), &status) == 0 && S_ISREG(status.st_mode) && ::access(path.c_str(), X_OK) == 0;
}

Result<std::string> find_program(const std::string& name) {
    if (name.find('/') != std::string::npos) {
        if (is_program(name)) return name;
        return Error{Code::not_found, "command " + quoted(name) + " is no program that may be run"};
    }
    const char* const path = std::getenv("PATH");
    std::string_view folders = path != nullptr ? path : "/usr/local/bin:/usr/bin:/bin";
    while (!folders.empty()) {
        const std::string_view folder = folders.substr(0, folders.find(':'));
        folders.remove_prefix(std::min(folders.size(), folder.size() + 1));
        const std::string candidate = (folder.empty() ? "." : std::string(folder)) + "/" + name;
        if (is_program(candidate)) return candidate;
    }
    return Error{Code::not_found, "command " + quoted(name) + " is not in PATH"};
}

std::vector<std::string> environment_of_process() {
    std::vector<std::string> all;
    for (char** variable = environ; variable != nullptr && *variable != nullptr; ++variable) {
        const std::string_view text = *variable;
        const auto is_ours = [&](std::string_view name) { return text.starts_with(name); };
        if (is_ours("ARCHAEOLOGIST_JOB_ID=") || is_ours("ARCHAEOLOGIST_JOB_TYPE=") ||
            is_ours("ARCHAEOLOGIST_ATTEMPT=")) {
            continue;
        }
        all.emplace_back(text);
    }
    return all;
}

// Foreign bytes as UTF-8.
std::string as_utf8(std::string_view text) {
    std::string out;
    while (!text.empty()) {
        const std::size_t length = utf8_sequence_length(text);
        out += length > 0 ? text.substr(0, length) : "\xEF\xBF\xBD";
        text.remove_prefix(std::max<std::size_t>(length, 1));
    }
    return out;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r\n";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

struct Progress {
    std::int64_t current = 0;
    std::int64_t total = 0;
    std::string_view message;
};

// "progress CURRENT TOTAL MESSAGE"; nothing for any other line.
std::optional<Progress> parse_progress(std::string_view line) {
    constexpr std::string_view word = "progress ";
    if (!line.starts_with(word)) return std::nullopt;
    line.remove_prefix(word.size());
    Progress progress;
    for (std::int64_t* const number : {&progress.current, &progress.total}) {
        const auto [end, failed] = std::from_chars(line.data(), line.data() + line.size(), *number);
        if (failed != std::errc{} || *number < 0) return std::nullopt;
        line.remove_prefix(static_cast<std::size_t>(end - line.data()));
        if (!line.empty() && line.front() != ' ') return std::nullopt;
        line.remove_prefix(std::min<std::size_t>(line.size(), 1));
    }
    progress.message = trimmed(line);
    return progress;
}

// One run of the program for one job.
class CommandRun {
public:
    CommandRun(const Command& command, JobContext& context, ChildGroup child)
        : command_(command), context_(context), child_(std::move(child)), input_left_(context.lease().job_data) {}

    [[nodiscard]] Outcome run();

private:
    enum class Reading : std::uint8_t { more, all };
    void heed_stop();
    void exchange();
    void feed();
    void take_output(Reading reading);
    void take_error(Reading reading);
    void end_line();
    // What can be read now. False once nothing more can come.
    template <class Take>
    [[nodiscard]] static bool drain(const Fd& fd, Take take);
    [[nodiscard]] Outcome judge(const Exit& exit) const;
    [[nodiscard]] std::string name() const { return "command " + quoted(command_.arguments.front()); }

    const Command& command_;
    JobContext& context_;
    ChildGroup child_;
    std::string_view input_left_;
    std::string output_;
    bool is_too_large_ = false;
    std::string line_;        // of its standard error, begun
    std::string last_error_;  // the last one that was no progress
    std::chrono::milliseconds wait_ = 1ms;
    std::optional<SteadyClock::time_point> kill_at_;  // once it was asked to stop
    bool is_killed_ = false;
};

void CommandRun::heed_stop() {
    if (!kill_at_ && context_.stop_requested()) {
        child_.signal(SIGTERM);
        kill_at_ = SteadyClock::now() + command_.patience;
    }
    if (is_killed_ || !((kill_at_ && SteadyClock::now() >= *kill_at_) || is_too_large_)) return;
    child_.signal(SIGKILL);
    is_killed_ = true;
}

template <class Take>
bool CommandRun::drain(const Fd& fd, Take take) {
    std::array<char, 64 << 10> buffer;  // NOLINT(cppcoreguidelines-pro-type-member-init): read fills it
    const ssize_t count = ::read(fd.get(), buffer.data(), buffer.size());
    if (count > 0) take(std::string_view(buffer.data(), static_cast<std::size_t>(count)));
    return count > 0 || (count < 0 && (errno == EAGAIN || errno == EINTR));
}

void CommandRun::feed() {
    if (!input_left_.empty()) {
        const ssize_t count = ::write(child_.input.get(), input_left_.data(), input_left_.size());
        if (count > 0) input_left_.remove_prefix(static_cast<std::size_t>(count));
        if (count < 0 && errno != EAGAIN && errno != EINTR) input_left_ = {};  // it reads no more
    }
    if (input_left_.empty()) child_.input.reset();
}

void CommandRun::take_output(Reading reading) {
    std::size_t got = 0;
    do {
        got = 0;
        const bool is_open = drain(child_.output, [&](std::string_view bytes) {
            got = bytes.size();
            is_too_large_ = is_too_large_ || output_.size() + bytes.size() > JobLimits::result_bytes_max;
            if (!is_too_large_) output_ += bytes;
        });
        if (!is_open) child_.output.reset();
    } while (reading == Reading::all && got > 0 && !is_too_large_);
}

void CommandRun::take_error(Reading reading) {
    std::size_t got = 0;
    std::size_t total = 0;
    do {
        got = 0;
        const bool is_open = drain(child_.error, [&](std::string_view bytes) {
            got = bytes.size();
            for (const char c : bytes) {
                if (c == '\n') {
                    end_line();
                } else if (line_.size() < line_bytes_max) {
                    line_ += c;
                }
            }
        });
        if (!is_open) child_.error.reset();
        total += got;
    } while (reading == Reading::all && got > 0 && total <= JobLimits::result_bytes_max);
}

void CommandRun::end_line() {
    const std::string line = as_utf8(trimmed(line_));
    line_.clear();
    if (const auto progress = parse_progress(line)) {
        context_.progress(progress->current, progress->total, progress->message);
    } else if (!line.empty()) {
        last_error_ = line;
    }
}

// Waits until one of the pipes can go on, or for a moment.
void CommandRun::exchange() {
    std::array<pollfd, 3> pipes{{{child_.input.get(), POLLOUT, 0},
                                 {child_.output.get(), POLLIN, 0},
                                 {child_.error.get(), POLLIN, 0}}};  // negative ones are passed over
    const bool is_quiet = !child_.output && !child_.error;
    // Who closed both will most likely end now.
    wait_ = is_quiet ? std::min<std::chrono::milliseconds>(2 * wait_, look_every) : 1ms;
    const auto wait = is_quiet ? wait_ : look_every;
    if (::poll(pipes.data(), pipes.size(), static_cast<int>(wait.count())) <= 0) return;
    if (pipes[0].revents != 0) feed();
    if (pipes[1].revents != 0) take_output(Reading::more);
    if (pipes[2].revents != 0) take_error(Reading::more);
}

Outcome CommandRun::run() {
    std::optional<Exit> exit;
    while (!exit) {
        heed_stop();
        exchange();
        exit = child_.exited();
    }
    // What it wrote is in the pipes, whoever else still holds them.
    if (child_.output) take_output(Reading::all);
    if (child_.error) take_error(Reading::all);
    end_line();
    return judge(*exit);
}

Outcome CommandRun::judge(const Exit& exit) const {
    if (is_too_large_) {
        return Failed{.message = name() + " printed more than " + std::to_string(JobLimits::result_bytes_max) +
                                 " bytes, the result must be at most that",
                      .permanent = true};
    }
    if (exit.by_signal || exit.status != 0) {
        if (kill_at_) return Released{};  // it ended because it was told to
        std::string how = exit.by_signal ? name() + " was killed by signal " + std::to_string(exit.status)
                                         : name() + " ended with exit status " + std::to_string(exit.status);
        if (exit.by_signal && !last_error_.empty()) how += ": " + last_error_;
        return Failed{.message = exit.by_signal || last_error_.empty() ? how : last_error_,
                      .permanent = !exit.by_signal && exit.status != exit_tempfail};
    }
    const std::string_view result = trimmed(output_);
    if (result.empty()) return Completed{};
    if (const Status valid =
            validate_json_object(name() + ": its standard output", result, JobLimits::result_bytes_max);
        !valid) {
        return Failed{.message = valid.error().message, .permanent = true};
    }
    return Completed{std::string(result)};
}

Outcome run_command(const Command& command, JobContext& context) {
    const Lease& lease = context.lease();
    std::vector<std::string> environment = command.environment;
    environment.push_back("ARCHAEOLOGIST_JOB_ID=" + lease.id.text());
    environment.push_back("ARCHAEOLOGIST_JOB_TYPE=" + lease.job_type);
    environment.push_back("ARCHAEOLOGIST_ATTEMPT=" + std::to_string(lease.attempt));
    const NoPipeSignal no_signal;
    auto child = ChildGroup::start(command.path, command.arguments, environment);
    if (!child) return Failed{.message = child.error().message, .permanent = false};
    return CommandRun(command, context, std::move(child).value()).run();
}

}  // namespace

Result<JobHandler> make_command_handler(const CommandOptions& options) {
    if (options.command.empty() || options.command.front().empty()) {
        return Error{Code::invalid_argument, "command is empty, must name a program"};
    }
    ARCHAEO_ASSIGN(std::string path, find_program(options.command.front()));
    const auto command = std::make_shared<const Command>(
        Command{std::move(path), options.command, environment_of_process(), std::max(options.patience, 0ms)});
    return JobHandler([command](JobContext& context) { return run_command(*command, context); });
}

}  // namespace archaeologist
