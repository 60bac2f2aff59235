#include <doctest/doctest.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include <atomic>
#include <csignal>
#include <string>
#include <vector>

#include "archaeologist/command_handler.hpp"
#include "base/fd.hpp"
#include "support/temporary_folder.hpp"

using namespace archaeologist;
using namespace std::chrono_literals;

namespace {

// A job that remembers its progress, and is cancelled by it where a test says so.
class TestContext final : public JobContext {
public:
    [[nodiscard]] const Lease& lease() const override { return job; }
    void progress(std::int64_t current, std::int64_t total, std::string_view message) override {
        seen.push_back(std::to_string(current) + "/" + std::to_string(total) + " " + std::string(message));
        if (is_cancelled_by_progress) stop = true;
    }
    [[nodiscard]] bool stop_requested() const override { return stop; }

    Lease job;
    std::vector<std::string> seen;
    bool is_cancelled_by_progress = false;
    std::atomic<bool> stop = false;
};

Outcome run(TestContext& context, std::vector<std::string> command, std::chrono::milliseconds patience = 30s) {
    const auto handler = make_command_handler({.command = std::move(command), .patience = patience});
    REQUIRE(handler.has_value());
    return (*handler)(context);
}

Outcome run_script(TestContext& context, const std::string& script) {
    return run(context, {"/bin/sh", "-c", script, "script"});
}

std::string result_of(const std::string& script) {
    TestContext context;
    context.job.job_data = "{}";
    const Outcome outcome = run_script(context, script);
    REQUIRE(std::holds_alternative<Completed>(outcome));
    return std::get<Completed>(outcome).result_data;
}

Failed failure_of(const std::string& script) {
    TestContext context;
    context.job.job_data = "{}";
    const Outcome outcome = run_script(context, script);
    REQUIRE(std::holds_alternative<Failed>(outcome));
    return std::get<Failed>(outcome);
}

}  // namespace

TEST_CASE("a program gets the job's data and what tells of the job, and its output is the result") {
    TestContext context;
    context.job.job_data = R"({"n":1})";
    context.job.job_type = "resize";
    context.job.attempt = 2;
    context.job.id = JobId(Uuid::v7(from_ms(1'800'000'000'000)));
    const std::string script = R"sh(
        printf '{"data":%s,"id":"%s","type":"%s","attempt":%s}' "$(cat)" "$ARCHAEOLOGIST_JOB_ID" \
            "$ARCHAEOLOGIST_JOB_TYPE" "$ARCHAEOLOGIST_ATTEMPT")sh";
    const Outcome outcome = run_script(context, script);
    REQUIRE(std::holds_alternative<Completed>(outcome));
    CHECK(std::get<Completed>(outcome).result_data ==
          R"({"data":{"n":1},"id":")" + context.job.id.text() + R"(","type":"resize","attempt":2})");
}

TEST_CASE("a program that prints nothing has the result {}") { CHECK(result_of("cat >/dev/null; echo") == "{}"); }

TEST_CASE("the exit code says whether a failure is for good, and the last line of standard error why") {
    const Failed for_good = failure_of("echo one >&2; echo progress 1 2 >&2; echo 'no such image' >&2; exit 1");
    CHECK(for_good.permanent);
    CHECK(for_good.message == "no such image");
    const Failed for_now = failure_of("exit 75");
    CHECK_FALSE(for_now.permanent);
    CHECK(for_now.message == "command \"/bin/sh\" ended with exit status 75");
    CHECK(failure_of("printf 'half a line, \\377' >&2; exit 3").message == "half a line, \xEF\xBF\xBD");
}

TEST_CASE("a program that dies of a signal is tried again") {
    const Failed failed = failure_of("echo working >&2; kill -KILL $$");
    CHECK_FALSE(failed.permanent);
    CHECK(failed.message == "command \"/bin/sh\" was killed by signal 9: working");
}

TEST_CASE("an output that is no JSON object fails the job for good, with that said") {
    for (const char* script : {"echo '[1]'", "echo done", "printf '{\"a\":'", "echo '{} {}'"}) {
        INFO(script);
        const Failed failed = failure_of(script);
        CHECK(failed.permanent);
        CHECK(failed.message.find("must be a JSON object") != std::string::npos);
    }
}

TEST_CASE("an output past the limit fails the job for good, and the program is not waited for") {
    const Failed failed = failure_of("yes '{}'");
    CHECK(failed.permanent);
    CHECK(failed.message == "command \"/bin/sh\" printed more than 16777216 bytes, the result must be at most that");
}

TEST_CASE("lines of progress are the job's progress, other lines are not") {
    TestContext context;
    context.job.job_data = "{}";
    const Outcome outcome = run_script(context,
                                       "echo 'progress 1 3 first page' >&2; echo progress >&2; echo progress 2 >&2; "
                                       "echo progress -1 3 >&2; echo progress 2x 3 >&2; echo progress 3 3 >&2");
    CHECK(std::holds_alternative<Completed>(outcome));
    CHECK(context.seen == std::vector<std::string>{"1/3 first page", "3/3 "});
}

TEST_CASE("a cancelled job's program is ended with all that it started") {
    const TemporaryFolder folder;
    const std::string fifo = folder.path("fifo");
    REQUIRE(::mkfifo(fifo.c_str(), 0600) == 0);
    const Fd reader(::open(fifo.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    TestContext context;
    context.job.job_data = "{}";
    context.is_cancelled_by_progress = true;
    // The grandchild heeds no SIGTERM and holds the pipe as long as it lives.
    const std::string script = "(trap '' TERM; echo progress 1 1 >&2; exec sleep 1000) >\"$0\" & wait";
    SUBCASE("although the program ends at once") {
        CHECK(std::holds_alternative<Released>(run(context, {"/bin/sh", "-c", script, fifo})));
    }
    SUBCASE("although the program heeds no SIGTERM either") {
        CHECK(std::holds_alternative<Released>(run(context, {"/bin/sh", "-c", "trap '' TERM; " + script, fifo}, 50ms)));
    }
    pollfd end{reader.get(), POLLIN, 0};
    REQUIRE(::poll(&end, 1, 30'000) == 1);
    CHECK((end.revents & POLLHUP) != 0);
    CHECK(::waitpid(-1, nullptr, WNOHANG) == -1);  // no child is left, not even a zombie
    CHECK(errno == ECHILD);
}

TEST_CASE("a program that ends well although it was told to stop has its result taken") {
    TestContext context;
    context.job.job_data = "{}";
    context.is_cancelled_by_progress = true;
    const Outcome outcome = run_script(
        context,
        "trap 'echo \"{\\\"saved\\\":true}\"; exit 0' TERM; echo progress 0 1 >&2; while :; do sleep 0.01; done");
    REQUIRE(std::holds_alternative<Completed>(outcome));
    CHECK(std::get<Completed>(outcome).result_data == R"({"saved":true})");
}

TEST_CASE("what a program leaves behind neither keeps its job from ending nor outlives it") {
    CHECK(result_of("sleep 1000 & echo '{\"n\":1}'") == R"({"n":1})");
}

TEST_CASE("a program that reads nothing of much data, or closes its output early, does no harm") {
    TestContext context;
    context.job.job_data = R"({"text":")" + std::string(1 << 20, 'x') + R"("})";
    CHECK(std::holds_alternative<Completed>(run_script(context, "exec 0<&-; echo {}")));
    CHECK(std::holds_alternative<Completed>(run_script(context, "exec >&- 2>&-; cat >/dev/null")));
    CHECK(result_of("exec 0<&- >&- 2>&-") == "{}");
}

TEST_CASE("a program starts with no descriptor and no signal setting of this process") {
    const Fd ours(::open("/dev/null", O_RDONLY));  // would be inherited
    const auto before = std::signal(SIGTERM, SIG_IGN);
    sigset_t term;
    sigset_t mask;
    sigemptyset(&term);
    sigaddset(&term, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &term, &mask);
    const std::string descriptor = "/proc/$$/fd/" + std::to_string(ours.get());
    CHECK(result_of("if [ -e " + descriptor + " ]; then exit 1; fi; echo '{\"clean\":true}'") == R"({"clean":true})");
    CHECK(failure_of("kill -TERM $$; echo {}").message == "command \"/bin/sh\" was killed by signal 15");
    ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
    std::signal(SIGTERM, before);
}

TEST_CASE("a command that names no program is refused when its handler is made") {
    CHECK(make_command_handler({}).error().code == Code::invalid_argument);
    const auto missing = make_command_handler({.command = {"no-such-program-anywhere"}});
    CHECK(missing.error().code == Code::not_found);
    CHECK(missing.error().message == "command \"no-such-program-anywhere\" is not in PATH");
    CHECK(make_command_handler({.command = {"/etc"}}).error().message ==
          "command \"/etc\" is no program that may be run");
    CHECK(make_command_handler({.command = {"sh"}}).has_value());
}
