// Feature hashing of the analyzer's words (Weinberger et al. 2009): what the built-in models are made of.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "archaeologist/embedder.hpp"

namespace archaeologist {

enum class QueryRarity { ignored, weighed };

// Another dimension or weight is another model, with an id of its own; tools/bench quality compares them. Weights are relative to those of a whole word.
struct HashRecipe {
    std::string model_id;
    std::size_t dimension = 384;
    double part_weight = 1;  // of an identifier's parts
    double gram_weight = 0;  // of the trigrams of letters of each word, all of a word together
    // Whether a query's words count by how rare they are in what is searched. Of no effect on what is stored.
    QueryRarity rarity = QueryRarity::weighed;
    double hybrid_weight = 0.1;
};

[[nodiscard]] std::shared_ptr<Embedder> make_hash_embedder(HashRecipe recipe);

}  // namespace archaeologist
