#include "host/vector_settings.hpp"

namespace archaeologist::host {
namespace {

// "http://host:6333" becomes a store with the default prefix; empty = nothing is said.
std::string url_of(const Environment& environment) {
    const auto server = environment("QDRANT_URL");
    return server.empty() ? std::string() : "qdrant+" + server;
}

}  // namespace

std::vector<Setting> vector_settings() {
    Setting key = Setting::text("qdrant-api-key", "QDRANT_API_KEY", "", "TEXT", "Of the vector store on Qdrant");
    key.kind = Setting::Kind::secret;
    return {
        Setting::text(
            "vectors", "ARCHAEOLOGIST_VECTORS", "", "URL",
            "Where chunks are kept for search: qdrant+http://HOST[:PORT][,HOST…]/PREFIX[?shards=N][&replicas=N]"
            "[&quantization=int8][&in_flight=N][&search_s=N]; else $QDRANT_URL; else the data folder"),
        std::move(key),
        Setting::text("vectors-ca-file", "", "", "FILE",
                      "Authorities that the vector store's server is trusted by (PEM), instead of the system's"),
        Setting::text("vectors-proxy", "", "", "URL",
                      "HTTP proxy on the way to the vector store; the environment's is not used"),
    };
}

VectorStoreConfig vectors_of(const Settings& settings) {
    VectorStoreConfig vectors;
    vectors.url = settings.text("vectors");
    vectors.ca_file = settings.text("vectors-ca-file");
    vectors.proxy = settings.text("vectors-proxy");
    // Without a store elsewhere the key is meant for other programs.
    if (!vectors.url.empty()) vectors.api_key = settings.text("qdrant-api-key");
    return vectors;
}

Result<VectorStoreConfig> vectors_choice(const Settings& settings, const Environment& environment) {
    VectorStoreConfig vectors = vectors_of(settings);
    if (vectors.url.empty()) {
        vectors.url = url_of(environment);
        if (!vectors.url.empty()) vectors.api_key = settings.text("qdrant-api-key");
    }
    ARCHAEO_TRY(validate(vectors));
    return vectors;
}

std::string vectors_key_of(const Environment& environment, const std::string& prefix) {
    const auto key = environment((prefix + "QDRANT_API_KEY").c_str());
    return key.empty() && !prefix.empty() ? vectors_key_of(environment) : key;
}

}  // namespace archaeologist::host
