// What the HTTP front-end does a second, seen by a client.
#include <algorithm>
#include <condition_variable>
#include <ctime>
#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <thread>

#include "bench/benchmarks.hpp"
#include "bench/corpus.hpp"
#include "bench/figures.hpp"
#include "bench/folder.hpp"
#include "bench/http_connection.hpp"
#include "bench/http_daemon.hpp"

namespace archaeologist::bench {
namespace {

constexpr std::size_t clients = 8;
constexpr std::size_t small_bytes = 4'096;
constexpr std::size_t text_bytes = 10'000;
constexpr std::string_view boundary = "archaeologist-bench-boundary";
constexpr std::chrono::milliseconds look_every{2};
constexpr std::chrono::seconds patience{60};
constexpr std::string_view project = "/api/v1/projects/1";

Result<HttpAnswer> expect(int status, Result<HttpAnswer> answer) {
    if (!answer || answer->status == status) return answer;
    return Error{Code::internal, "http: status is " + std::to_string(answer->status) + ", must be " +
                                     std::to_string(status) + ": " + answer->body.substr(0, 300)};
}

std::string part_head(const std::string& name, std::string_view type) {
    return "--" + std::string(boundary) + "\r\nContent-Disposition: form-data; name=\"file\"; filename=\"" + name +
           "\"\r\nContent-Type: " + std::string(type) + "\r\n\r\n";
}

const std::string part_end = "\r\n--" + std::string(boundary) + "--\r\n";

std::string upload_head() {
    return "POST " + std::string(project) +
           "/upload HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=" + std::string(boundary) + "\r\n";
}

// Returns the job's id.
Result<std::string> upload(HttpConnection& connection, const std::string& name, std::string_view text) {
    const std::string body = part_head(name, "text/plain") + std::string(text) + part_end;
    ARCHAEO_ASSIGN(const auto answer, expect(202, connection.ask(upload_head(), body)));
    // The first text that is called id: those of sources are numbers.
    auto id = json_text(answer.body, "id");
    if (id.empty()) return Error{Code::internal, "http: the upload's reply has no job: " + answer.body.substr(0, 300)};
    return id;
}

Result<HttpAnswer> get(HttpConnection& connection, const std::string& target) {
    return expect(200, connection.ask("GET " + target + " HTTP/1.1\r\n", ""));
}

Status wait_until(const std::function<Result<bool>()>& is_done, const std::string& what) {
    for (const Stopwatch watch; watch.seconds() < static_cast<double>(patience.count());) {
        ARCHAEO_ASSIGN(const bool done, is_done());
        if (done) return {};
        std::this_thread::sleep_for(look_every);
    }
    return Error{Code::timed_out, "http: " + what + " took more than " + std::to_string(patience.count()) + " s"};
}

Status wait_for_end(HttpConnection& connection, const std::string& job) {
    return wait_until(
        [&]() -> Result<bool> {
            ARCHAEO_ASSIGN(const auto answer, get(connection, "/api/v1/jobs/" + job));
            const auto status = json_text(answer.body, "status");
            return status != "queued" && status != "running" && status != "pending";
        },
        "job " + job);
}

// Each client's work on a connection of its own; how many seconds all took.
Result<double> with_clients(std::uint16_t port,
                            const std::function<Status(HttpConnection& connection, std::size_t client)>& work) {
    std::vector<HttpConnection> connections;
    for (std::size_t i = 0; i < clients; ++i) {
        ARCHAEO_ASSIGN(auto connection, HttpConnection::open(port));
        connections.push_back(std::move(connection));
    }
    std::vector<Status> outcomes(clients);
    const Stopwatch watch;
    std::vector<std::thread> threads;
    for (std::size_t i = 0; i < clients; ++i) {
        threads.emplace_back([&, i] { outcomes[i] = work(connections[i], i); });
    }
    for (auto& thread : threads) thread.join();
    const double seconds = watch.seconds();
    for (const auto& outcome : outcomes) ARCHAEO_TRY(outcome);
    return seconds;
}

// Follows all events and says when each came.
class Listener {
public:
    struct Seen {
        TimePoint arrived;
        TimePoint at;
    };

    explicit Listener(HttpConnection& connection) : connection_(connection), reader_([this] { read(); }) {}
    Listener(const Listener&) = delete;
    Listener& operator=(const Listener&) = delete;
    ~Listener() {
        connection_.shut_down();
        reader_.join();
    }

    Result<Seen> wait_for(const std::string& kind, const std::string& job) {
        std::unique_lock lock(mutex_);
        const auto key = kind + ' ' + job;
        if (came_.wait_for(lock, patience, [&] { return seen_.contains(key); })) return seen_.at(key);
        return Error{Code::timed_out, "http: no event " + key + " within " + std::to_string(patience.count()) + " s"};
    }

private:
    void read() {
        constexpr std::string_view data = "data: {";
        for (auto line = connection_.line(); line; line = connection_.line()) {
            if (!line->starts_with(data)) continue;
            const auto arrived = std::chrono::system_clock::now();
            const auto key = json_text(*line, "kind") + ' ' + json_text(*line, "job_id");
            const std::lock_guard lock(mutex_);
            seen_[key] = {std::chrono::time_point_cast<TimePoint::duration>(arrived), time_of(json_text(*line, "at"))};
            came_.notify_all();
        }
    }

    // 2026-11-24T10:00:00.000Z
    static TimePoint time_of(const std::string& text) {
        std::tm parts{};
        const char* rest = ::strptime(text.c_str(), "%Y-%m-%dT%H:%M:%S", &parts);
        const int ms = rest != nullptr && *rest == '.' ? std::atoi(rest + 1) : 0;
        return std::chrono::time_point_cast<TimePoint::duration>(
            std::chrono::system_clock::from_time_t(::timegm(&parts)) + std::chrono::milliseconds(ms));
    }

    HttpConnection& connection_;
    std::mutex mutex_;
    std::condition_variable came_;
    std::map<std::string, Seen> seen_;
    std::thread reader_;
};

double ms_between(TimePoint begin, TimePoint end) {
    return std::chrono::duration<double, std::milli>(end - begin).count();
}

Status measure_searchable(HttpConnection& connection, std::uint64_t rounds, Figures& figures) {
    TextMaker maker(1);
    std::vector<double> times_ms;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        const std::string word = "zqfind" + std::to_string(i) + "end";
        const std::string text = "here stands " + word + "\n" + maker.prose(text_bytes);
        const Stopwatch watch;
        ARCHAEO_ASSIGN(const auto job, upload(connection, "find/" + std::to_string(i) + ".txt", text));
        ARCHAEO_TRY(wait_until(
            [&]() -> Result<bool> {
                ARCHAEO_ASSIGN(const auto answer,
                               get(connection, std::string(project) + "/search?mode=literal&q=" + word));
                return answer.body.find("\"total_found\":1") != std::string::npos;
            },
            "finding " + word));
        times_ms.push_back(watch.ms());
        ARCHAEO_TRY(wait_for_end(connection, job));
    }
    figures.add("upload_to_searchable_p50_ms", percentile(times_ms, 50));
    figures.add("upload_to_searchable_p99_ms", percentile(times_ms, 99));
    return {};
}

Status measure_events(std::uint16_t port, HttpConnection& connection, std::uint64_t rounds, Figures& figures) {
    ARCHAEO_ASSIGN(auto stream, HttpConnection::open(port));
    ARCHAEO_TRY(stream.send("GET /api/v1/events HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"));
    for (std::string line; !line.starts_with("id: ");) {  // it follows from here on
        ARCHAEO_ASSIGN(line, stream.line());
    }
    Listener listener(stream);
    std::vector<double> queued_ms;
    std::vector<double> completed_ms;
    for (std::uint64_t i = 0; i < rounds; ++i) {
        ARCHAEO_ASSIGN(const auto job, upload(connection, "event/" + std::to_string(i) + ".txt",
                                              "an event's file " + std::to_string(i) + "\n"));
        const auto replied = std::chrono::time_point_cast<TimePoint::duration>(std::chrono::system_clock::now());
        ARCHAEO_ASSIGN(const auto queued, listener.wait_for("job.queued", job));
        ARCHAEO_ASSIGN(const auto completed, listener.wait_for("job.completed", job));
        queued_ms.push_back(std::max(0.0, ms_between(replied, queued.arrived)));
        completed_ms.push_back(ms_between(completed.at, completed.arrived));
    }
    auto all = queued_ms;
    all.insert(all.end(), completed_ms.begin(), completed_ms.end());
    figures.add("event_to_client_p50_ms", percentile(all, 50));
    figures.add("event_to_client_p99_ms", percentile(all, 99));
    figures.add("queued_event_p99_ms", percentile(queued_ms, 99));
    figures.add("completed_event_p99_ms", percentile(completed_ms, 99));
    return {};
}

Status measure_status(std::uint16_t port, HttpConnection& connection, std::uint64_t requests, Figures& figures) {
    ARCHAEO_ASSIGN(const auto job, upload(connection, "status.txt", "a file whose job is asked for\n"));
    ARCHAEO_TRY(wait_for_end(connection, job));
    const auto each = std::max<std::uint64_t>(1, requests / clients);
    ARCHAEO_ASSIGN(const double seconds, with_clients(port, [&](HttpConnection& mine, std::size_t) -> Status {
                       for (std::uint64_t i = 0; i < each; ++i) ARCHAEO_TRY(get(mine, "/api/v1/jobs/" + job));
                       return {};
                   }));
    figures.add("status_get_per_s", static_cast<double>(each * clients) / seconds);
    return {};
}

Status measure_large(const HttpDaemon& daemon, HttpConnection& connection, std::uint64_t mb, Figures& figures) {
    constexpr std::size_t block_bytes = 1 << 20;
    Rng rng(7);
    std::string block(block_bytes, '\0');
    for (char& byte : block) byte = static_cast<char>(rng());
    const std::string head = part_head("large.bin", "application/octet-stream");
    const auto body_bytes = head.size() + mb * block_bytes + part_end.size();
    daemon.forget_rss_max();
    const double before_mb = daemon.rss_mb();
    const Stopwatch watch;
    ARCHAEO_TRY(connection.send(upload_head() + "Host: 127.0.0.1\r\nContent-Length: " + std::to_string(body_bytes) +
                                "\r\n\r\n" + head));
    for (std::uint64_t i = 0; i < mb; ++i) {
        block.replace(0, 20, std::to_string(10'000'000'000'000'000'000U + i));
        ARCHAEO_TRY(connection.send(block));
    }
    ARCHAEO_TRY(connection.send(part_end));
    ARCHAEO_ASSIGN(const auto answer, expect(202, connection.answer()));
    const double seconds = watch.seconds();
    ARCHAEO_TRY(wait_for_end(connection, json_text(answer.body, "id")));
    figures.add("upload_large_mb", mb);
    figures.add("upload_large_mb_per_s", mb_per_s(mb * block_bytes, seconds));
    figures.add("upload_large_more_rss_mb", std::max(0.0, daemon.rss_max_mb() - before_mb));
    return {};
}

Result<double> small_uploads_per_s(std::uint16_t port, std::uint64_t uploads) {
    const auto each = std::max<std::uint64_t>(1, uploads / clients);
    TextMaker maker(2);
    std::vector<std::string> texts;
    for (std::size_t i = 0; i < clients; ++i) texts.push_back(maker.prose(small_bytes));
    ARCHAEO_ASSIGN(const double seconds, with_clients(port, [&](HttpConnection& mine, std::size_t client) -> Status {
                       for (std::uint64_t i = 0; i < each; ++i) {
                           const auto name = std::to_string(client) + '/' + std::to_string(i) + ".txt";
                           ARCHAEO_TRY(upload(mine, "small/" + name, varied(texts[client], client * each + i)));
                       }
                       return {};
                   }));
    return static_cast<double>(each * clients) / seconds;
}

Result<HttpConnection> connection_with_project(std::uint16_t port) {
    ARCHAEO_ASSIGN(auto connection, HttpConnection::open(port));
    ARCHAEO_TRY(expect(201, connection.ask("POST /api/v1/projects HTTP/1.1\r\nContent-Type: application/json\r\n",
                                           R"({"name":"bench"})")));
    return connection;
}

}  // namespace

Status http(const HttpOptions& options) {
    std::string program = options.httpd;
    if (program.empty()) {
        std::error_code failure;
        program = (std::filesystem::read_symlink("/proc/self/exe", failure).parent_path() / "archaeologist-httpd");
    }
    Figures figures("http");
    {
        const Folder data("");
        ARCHAEO_ASSIGN(const auto daemon, HttpDaemon::start(program, data.path(), "auto"));
        ARCHAEO_ASSIGN(auto connection, connection_with_project(daemon->port()));
        ARCHAEO_TRY(measure_searchable(connection, options.rounds, figures));
        ARCHAEO_TRY(measure_events(daemon->port(), connection, options.rounds, figures));
        ARCHAEO_TRY(measure_status(daemon->port(), connection, options.requests, figures));
        ARCHAEO_TRY(measure_large(*daemon, connection, options.large_mb, figures));
        ARCHAEO_ASSIGN(const double per_s, small_uploads_per_s(daemon->port(), options.uploads));
        figures.add("upload_4k_per_s", per_s);
    }
    const Folder data("");
    ARCHAEO_ASSIGN(const auto daemon, HttpDaemon::start(program, data.path(), "0"));
    ARCHAEO_ASSIGN(const auto connection, connection_with_project(daemon->port()));
    ARCHAEO_ASSIGN(const double per_s, small_uploads_per_s(daemon->port(), options.uploads));
    figures.add("upload_4k_no_workers_per_s", per_s);
    std::move(figures).print();
    return {};
}

}  // namespace archaeologist::bench
