#include "embed/open.hpp"

#include <chrono>

#include "embed/http.hpp"
#include "embed/http/recognise.hpp"

namespace archaeologist {
namespace {

using namespace std::chrono_literals;

constexpr std::string_view builtin = "builtin";

// Jobs wait for an embedder that is away, so a call need not outlast its restart.
net::ClientOptions client_options(const EmbedderConfig& config) {
    net::ClientOptions options;
    options.connect_max = 3s;
    options.attempt_max = 60s;
    options.total_max = 90s;
    options.retry.attempts_max = 3;
    options.retry.cap = 2s;
    options.retry.retry_after_max = 10s;
    options.ca_file = config.ca_file;
    options.proxy = config.proxy;
    return options;
}

}  // namespace

Status validate(const EmbedderConfig& config) {
    if (config.url.empty() || config.url == builtin) return {};
    ARCHAEO_TRY(embed::parse_location(config.url));
    for (const char c : config.api_key) {
        if (c > ' ' && c < 0x7F) continue;
        return Error{Code::invalid_argument,
                     "embedder: the key holds a space or another character that no key has, must be visible ASCII"};
    }
    ARCHAEO_TRY(net::Client::open(client_options(config)));
    return {};
}

std::string to_string(const EmbedderConfig& config) {
    if (config.url.empty() || config.url == builtin) return "built-in";
    const auto location = embed::parse_location(config.url);
    return location ? embed::to_string(*location) : "?";
}

Result<OpenedEmbedder> open_embedder(const EmbedderConfig& config, EmbedderTools tools) {
    if (config.url == builtin) return OpenedEmbedder{make_builtin_embedder(), config.url};
    ARCHAEO_TRY(validate(config));
    net::ClientOptions options = client_options(config);
    options.log = tools.log;
    options.metrics = std::move(tools.metrics);
    ARCHAEO_ASSIGN(auto client, net::Client::open(std::move(options)));
    ARCHAEO_ASSIGN(auto location, embed::parse_location(tools.resolved.empty() ? config.url : tools.resolved));
    if (!location.api || location.model.empty() || location.size == 0 || location.max_tokens == 0) {
        ARCHAEO_ASSIGN(location, embed::recognise(*client, std::move(location), config.api_key));
    }
    HttpEmbedderTools parts;
    parts.api_key = config.api_key;
    parts.client = std::move(client);
    parts.log = std::move(tools.log);
    if (config.cache_bytes_max > 0 && !tools.cache_path.empty()) {
        ARCHAEO_ASSIGN(parts.cache, embed::VectorCache::open(tools.cache_path, config.cache_bytes_max));
    }
    std::string resolved = to_url(location);
    return OpenedEmbedder{make_http_embedder(std::move(location), std::move(parts)), std::move(resolved)};
}

}  // namespace archaeologist
