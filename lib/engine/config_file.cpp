#include <charconv>
#include <functional>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <string_view>

#include "archaeologist/analyzer.hpp"
#include "archaeologist/config.hpp"
#include "base/utf8.hpp"
#include "job/validate.hpp"
#include "lake/file_source.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t file_bytes_max = 1 << 20;
constexpr std::int64_t seconds_max = std::int64_t{7} * 86'400;

struct Line {
    std::string name;
    std::string value;
};

Error bad_value(const Line& line, std::string_view rule) {
    return {Code::invalid_argument, line.name + " is " + quoted(line.value) + ", must be " + std::string(rule)};
}

template <class Number>
std::optional<Number> number_of(std::string_view text) {
    Number number{};
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return number;
}

Result<std::int64_t> integer(const Line& line, std::int64_t least, std::int64_t most) {
    const auto number = number_of<std::int64_t>(line.value);
    if (number && *number >= least && *number <= most) return *number;
    return bad_value(line, "a number from " + std::to_string(least) + " to " + std::to_string(most));
}

template <class Duration>
Status seconds(const Line& line, Duration& duration) {
    ARCHAEO_ASSIGN(const std::int64_t count, integer(line, 1, seconds_max));
    duration = std::chrono::seconds(count);
    return {};
}

Status bytes(const Line& line, std::uint64_t& size) {
    std::string_view digits = line.value;
    int shift = 0;
    for (const auto& [unit, bits] : {std::pair{'K', 10}, {'M', 20}, {'G', 30}, {'T', 40}}) {
        if (digits.ends_with(unit)) shift = bits;
    }
    if (shift > 0) digits.remove_suffix(1);
    const auto number = number_of<std::uint64_t>(digits);
    if (!number || *number < 1 || *number > std::numeric_limits<std::uint64_t>::max() >> shift) {
        return bad_value(line, "bytes, at least 1, like 65536, 64K, 16M or 4G");
    }
    size = *number << shift;
    return {};
}

Status queue_place(const Line& line, Config& config) {
    if (line.value == "kept")
        config.queue_place = QueuePlace::kept;
    else if (line.value == "sqlite")
        config.queue_place = QueuePlace::catalog;
    else if (line.value == "redis")
        config.queue_place = QueuePlace::redis;
    else
        return bad_value(line, "kept, sqlite or redis");
    return {};
}

Status log_level(const Line& line, Config& config) {
    for (const auto level : {LogLevel::debug, LogLevel::info, LogLevel::warning, LogLevel::error}) {
        if (line.value != to_string(level)) continue;
        config.log_level = level;
        return {};
    }
    return bad_value(line, "debug, info, warning or error");
}

Status concurrency(const Line& line, Config& config) {
    if (line.value == "auto") return {};
    const auto number = number_of<int>(line.value);
    if (!number || *number < 1 || *number > 1'024) return bad_value(line, "auto or a number from 1 to 1024");
    config.workers = *number;
    return {};
}

Status tokens(const Line& line, std::uint32_t& count) {
    ARCHAEO_ASSIGN(const std::int64_t number, integer(line, 1, 1 << 20));
    count = static_cast<std::uint32_t>(number);
    return {};
}

Status overlap(const Line& line, Config& config) {
    const auto number = number_of<double>(line.value);
    if (!number || !(*number >= 0 && *number <= 0.5)) return bad_value(line, "a number from 0 to 0.5");
    config.chunks.overlap = *number;
    return {};
}

S3Credentials& lake_keys(Config& config) { return config.lake.credentials; }

using Setter = std::function<Status(const Line&, Config&)>;

const std::map<std::string_view, Setter>& setters() {
    static const std::map<std::string_view, Setter> table{
        {"data", [](const Line& line, Config& config) { return config.data_dir = line.value, Status(); }},
        {"queue", queue_place},
        {"redis-url", [](const Line& line, Config& config) { return config.redis.url = line.value, Status(); }},
        {"queue-name", [](const Line& line, Config& config) { return config.redis.name = line.value, Status(); }},
        {"queue-shards",
         [](const Line& line, Config& config) -> Status {
             ARCHAEO_ASSIGN(const std::int64_t shards, integer(line, 1, 64));
             config.redis.shards = static_cast<int>(shards);
             return {};
         }},
        {"job-result-ttl",
         [](const Line& line, Config& config) -> Status {
             ARCHAEO_ASSIGN(const std::int64_t ttl, integer(line, 1, std::int64_t{30} * 86'400));
             config.redis.result_ttl = std::chrono::seconds(ttl);
             return {};
         }},
        {"lake", [](const Line& line, Config& config) { return config.lake.url = line.value, Status(); }},
        {"s3-access-key",
         [](const Line& line, Config& config) { return lake_keys(config).access_key = line.value, Status(); }},
        {"s3-secret-key",
         [](const Line& line, Config& config) { return lake_keys(config).secret_key = line.value, Status(); }},
        {"s3-session-token",
         [](const Line& line, Config& config) { return lake_keys(config).session_token = line.value, Status(); }},
        {"lake-ca-file", [](const Line& line, Config& config) { return config.lake.ca_file = line.value, Status(); }},
        {"lake-proxy", [](const Line& line, Config& config) { return config.lake.proxy = line.value, Status(); }},
        {"vectors", [](const Line& line, Config& config) { return config.vectors.url = line.value, Status(); }},
        {"qdrant-api-key",
         [](const Line& line, Config& config) { return config.vectors.api_key = line.value, Status(); }},
        {"vectors-ca-file",
         [](const Line& line, Config& config) { return config.vectors.ca_file = line.value, Status(); }},
        {"vectors-proxy", [](const Line& line, Config& config) { return config.vectors.proxy = line.value, Status(); }},
        {"embedder", [](const Line& line, Config& config) { return config.embedding.url = line.value, Status(); }},
        {"embedder-key",
         [](const Line& line, Config& config) { return config.embedding.api_key = line.value, Status(); }},
        {"embedder-ca-file",
         [](const Line& line, Config& config) { return config.embedding.ca_file = line.value, Status(); }},
        {"embedder-proxy",
         [](const Line& line, Config& config) { return config.embedding.proxy = line.value, Status(); }},
        {"embedder-cache",
         [](const Line& line, Config& config) {
             if (line.value == "0") return config.embedding.cache_bytes_max = 0, Status();
             return bytes(line, config.embedding.cache_bytes_max);
         }},
        {"worker-id", [](const Line& line, Config& config) { return config.worker_id = line.value, Status(); }},
        {"concurrency", concurrency},
        {"heartbeat", [](const Line& line, Config& config) { return seconds(line, config.heartbeat); }},
        {"grace", [](const Line& line, Config& config) { return seconds(line, config.grace); }},
        {"lease", [](const Line& line, Config& config) { return seconds(line, config.queue.lease); }},
        {"file-max", [](const Line& line, Config& config) { return bytes(line, config.limits.file_bytes_max); }},
        {"text-max", [](const Line& line, Config& config) { return bytes(line, config.limits.text_bytes_max); }},
        {"chunk-tokens", [](const Line& line, Config& config) { return tokens(line, config.chunks.target_tokens); }},
        {"chunk-tokens-max", [](const Line& line, Config& config) { return tokens(line, config.chunks.max_tokens); }},
        {"chunk-overlap", overlap},
        {"languages",
         [](const Line& line, Config& config) -> Status {
             ARCHAEO_TRY(validate_languages(line.value));
             config.languages = line.value;
             return {};
         }},
        {"log-level", log_level},
    };
    return table;
}

std::string_view trimmed(std::string_view text) {
    constexpr std::string_view blanks = " \t\r";
    const auto begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) return {};
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

Result<std::string> value_of(std::string_view text) {
    if (!text.starts_with('"')) return std::string(trimmed(text.substr(0, text.find('#'))));
    const auto end = text.find('"', 1);
    const auto rest = end == std::string_view::npos ? text : trimmed(text.substr(end + 1));
    if (end == std::string_view::npos || !(rest.empty() || rest.starts_with('#'))) {
        return Error{Code::invalid_argument, quoted(text) + " must end with a quote, with at most a comment behind it"};
    }
    return std::string(text.substr(1, end - 1));
}

// Nothing of an empty line, or of a comment.
Result<std::optional<Line>> parse_line(std::string_view text) {
    text = trimmed(text);
    if (text.empty() || text.starts_with('#')) return std::optional<Line>();
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) {
        return Error{Code::invalid_argument, quoted(text) + " must be a line NAME = VALUE"};
    }
    Line line{std::string(trimmed(text.substr(0, equals))), {}};
    ARCHAEO_ASSIGN(line.value, value_of(trimmed(text.substr(equals + 1))));
    return std::optional(std::move(line));
}

Status apply(const Line& line, std::set<std::string>& seen, Config& config) {
    const auto setter = setters().find(line.name);
    if (setter == setters().end()) return Error{Code::invalid_argument, quoted(line.name) + " is no setting"};
    if (!seen.insert(line.name).second) return Error{Code::invalid_argument, line.name + " is said twice"};
    return setter->second(line, config);
}

Result<std::string> read_file(const std::string& path) {
    ARCHAEO_ASSIGN(auto file, FileSource::open(path));
    std::string content(file_bytes_max + 1, '\0');
    std::size_t size = 0;
    while (size < content.size()) {
        ARCHAEO_ASSIGN(const std::size_t got, file.read(std::span(content).subspan(size)));
        if (got == 0) break;
        size += got;
    }
    if (size > file_bytes_max) {
        return Error{Code::too_large, "configuration file " + quoted(path) + " is longer than 1 MiB, the limit"};
    }
    content.resize(size);
    return content;
}

}  // namespace

Result<Config> read_config(const std::string& path) {
    ARCHAEO_ASSIGN(const std::string content, read_file(path));
    Config config;
    std::set<std::string> seen;
    std::size_t number = 0;
    for (std::size_t begin = 0; begin < content.size();) {
        const std::size_t end = std::min(content.find('\n', begin), content.size());
        ++number;
        auto line = parse_line(std::string_view(content).substr(begin, end - begin));
        Status done = line ? Status() : Status(line.error());
        if (line && *line) done = apply(**line, seen, config);
        if (!done) {
            return Error{done.error().code, "configuration file " + path + ", line " + std::to_string(number) + ": " +
                                                done.error().message};
        }
        begin = end + 1;
    }
    return config;
}

}  // namespace archaeologist
