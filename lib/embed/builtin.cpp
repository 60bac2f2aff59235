#include "archaeologist/embedder.hpp"
#include "embed/hashing.hpp"

namespace archaeologist {

std::shared_ptr<Embedder> make_builtin_embedder() { return make_hash_embedder({.model_id = "builtin-hash-1"}); }

}  // namespace archaeologist
