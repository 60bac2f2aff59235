#include "host/embedder_settings.hpp"

namespace archaeologist::host {

std::vector<Setting> embedder_settings() {
    Setting key = Setting::text("embedder-key", "ARCHAEOLOGIST_EMBEDDER_KEY", "", "TEXT",
                                "Of the embedding server; sent as a bearer token");
    key.kind = Setting::Kind::secret;
    return {
        Setting::text("embedder", "ARCHAEOLOGIST_EMBEDDER", "", "URL",
                      "What makes vectors: builtin, or an embedding server (OpenAI's API, Ollama, TEI, llama.cpp): "
                      "http[s]://HOST[:PORT][/PATH]?model=NAME; default: what the data folder used last"),
        std::move(key),
        Setting::text("embedder-ca-file", "", "", "FILE",
                      "Authorities that the embedding server is trusted by (PEM), instead of the system's"),
        Setting::text("embedder-proxy", "", "", "URL",
                      "HTTP proxy on the way to the embedding server; the environment's is not used"),
        Setting::size("embedder-cache", "1G", 0, std::int64_t{1} << 50,
                      "Of vectors kept in the data folder, so that none is made twice; 0 = none"),
    };
}

EmbedderConfig embedder_of(const Settings& settings) {
    EmbedderConfig embedder;
    embedder.url = settings.text("embedder");
    embedder.api_key = settings.text("embedder-key");
    embedder.ca_file = settings.text("embedder-ca-file");
    embedder.proxy = settings.text("embedder-proxy");
    embedder.cache_bytes_max = static_cast<std::uint64_t>(settings.integer("embedder-cache"));
    return embedder;
}

}  // namespace archaeologist::host
