#include "embed/http/models.hpp"

#include <algorithm>
#include <array>

namespace archaeologist::embed {
namespace {

struct Known {
    std::string_view part;  // of the name in lower case; the first that fits decides
    ModelFacts facts;
};

constexpr std::string_view retrieval = "Represent this sentence for searching relevant passages: ";
constexpr std::string_view instruction =
    "Instruct: Given a web search query, retrieve relevant passages that answer the query\nQuery: ";

constexpr std::array<Known, 20> models{{
    {"nomic-embed-text", {"search_query: ", "search_document: ", 2'048}},
    {"multilingual-e5-large-instruct", {instruction, "", 512}},
    {"e5-mistral", {instruction, "", 4'096}},
    {"e5-", {"query: ", "passage: ", 512}},
    {"bge-m3", {"", "", 8'192}},
    {"bge-small-en", {retrieval, "", 512}},
    {"bge-base-en", {retrieval, "", 512}},
    {"bge-large-en", {retrieval, "", 512}},
    {"bge-large", {retrieval, "", 512}},
    {"mxbai-embed", {retrieval, "", 512}},
    {"snowflake-arctic-embed2", {"query: ", "", 8'192}},
    {"arctic-embed-l-v2", {"query: ", "", 8'192}},
    {"arctic-embed-m-v2", {"query: ", "", 8'192}},
    {"arctic-embed", {retrieval, "", 512}},
    {"embeddinggemma", {"task: search result | query: ", "title: none | text: ", 2'048}},
    {"qwen3-embedding", {instruction, "", 8'192}},
    {"all-minilm", {"", "", 256}},
    {"jina-embeddings-v2", {"", "", 8'192}},
    {"text-embedding-3", {"", "", 8'191}},
    {"text-embedding-ada-002", {"", "", 8'191}},
}};

}  // namespace

ModelFacts known_model(std::string_view name) {
    std::string lower(name);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    for (const Known& known : models) {
        if (lower.find(known.part) != std::string::npos) return known.facts;
    }
    return {};
}

}  // namespace archaeologist::embed
