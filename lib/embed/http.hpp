// Embedders that stand behind a URL: servers of OpenAI's shape, Ollama, Text Embeddings Inference, llama.cpp.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/embedder.hpp"
#include "base/log.hpp"
#include "embed/cache.hpp"
#include "embed/http/location.hpp"
#include "net/client.hpp"

namespace archaeologist {

struct HttpEmbedderTools {
    std::string api_key;
    std::unique_ptr<net::Client> client;
    std::shared_ptr<embed::VectorCache> cache;  // null = none
    Logger log;
};

// The location's api, model, size and max_tokens are known (embed/http/recognise.hpp).
//
// Documents of all callers share requests of bounded size, of which few are under way at once; a query goes at once and
// waits little. While the server is away calls fail at once, and one of them tries again after growing pauses.
[[nodiscard]] std::shared_ptr<Embedder> make_http_embedder(embed::Location location, HttpEmbedderTools tools);

// "MODEL/SIZE", and a digest of the prefixes where there are any.
[[nodiscard]] std::string model_id_of(const embed::Location& location);

}  // namespace archaeologist
