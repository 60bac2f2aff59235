// The handler of file_processing: detect, decode, chunk, embed, store under a new generation. It reads the job's payload
// and the lake and writes lake and vector store only; the catalog learns of it from the result.
#pragma once

#include <cstdint>

#include "archaeologist/chunker.hpp"
#include "archaeologist/embedder.hpp"
#include "archaeologist/lake.hpp"
#include "archaeologist/vector_store.hpp"
#include "archaeologist/worker.hpp"

namespace archaeologist {

struct FileHandlerParts {
    Lake& lake;
    VectorStore& store;
    Embedder& embedder;
    ChunkOptions chunks;           // kind is chosen by the file's type
    std::uint64_t text_bytes_max;  // a longer text fails its job
};

// The parts must outlive the handler. Memory use does not grow with the file.
// Ends completed with a reason where there is nothing to search ("empty", "unsupported type image/png"), failed where a
// file that should be readable is not.
[[nodiscard]] JobHandler make_file_handler(const FileHandlerParts& parts);

}  // namespace archaeologist
