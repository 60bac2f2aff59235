// The handler of file_processing: detect, decode, chunk, embed, store under a new generation. It reads the job's payload
// and the lake and writes lake and vector store only; the catalog learns of it from the result.
#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "archaeologist/chunker.hpp"
#include "archaeologist/embedder.hpp"
#include "archaeologist/lake.hpp"
#include "archaeologist/vector_store.hpp"
#include "archaeologist/worker.hpp"
#include "text/natural_language.hpp"

namespace archaeologist {

// A model other than the worker's own, whose vectors are searched while its own one's are not complete.
struct OtherModel {
    VectorStore* store = nullptr;
    Embedder* embedder = nullptr;  // null: it is not to be had here, and its chunks are found by their words alone
};

struct FileHandlerParts {
    Lake& lake;
    VectorStore& store;  // of the embedder's model
    Embedder& embedder;
    // By id and dimension; empty = there is no other.
    std::function<Result<OtherModel>(const std::string& model_id, std::size_t dimension)> find_model;
    ChunkOptions chunks;           // kind is chosen by the file's type
    LanguageSet languages;         // that prose is looked at in
    std::uint64_t text_bytes_max;  // a longer text fails its job
};

// The parts must outlive the handler. Memory use does not grow with the file.
// Ends completed with a reason where there is nothing to search ("empty", "unsupported type image/png"), failed where a
// file that should be readable is not.
[[nodiscard]] JobHandler make_file_handler(const FileHandlerParts& parts);

}  // namespace archaeologist
