#include "archaeologist/chunker.hpp"

#include "arguments.hpp"
#include "config.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

struct archaeo_chunks final : Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_chunks(std::vector<Chunk> all) : chunks(std::move(all)) {}
    std::vector<Chunk> chunks;
};

namespace {

constexpr std::uint64_t text_bytes_max = std::uint64_t{2} << 30;
constexpr std::size_t copied_numbers = 8;
constexpr std::size_t language_bytes_max = 100;

Result<TextKind> text_kind(int32_t given) {
    if (given == 0) return TextKind::plain;
    if (given < ARCHAEO_TEXT_PLAIN || given > ARCHAEO_TEXT_TABLE) {
        return bad_number("kind", given, "must be an ARCHAEO_TEXT_..., or 0");
    }
    return static_cast<TextKind>(given - 1);
}

Result<ChunkOptions> known_options(const archaeo_chunk_options* given) {
    ARCHAEO_ASSIGN(const auto known, options("options", given));
    auto chunks = chunk_options(known.target_tokens, known.max_tokens, known.overlap, {});
    ARCHAEO_ASSIGN(chunks.kind, text_kind(known.kind));
    ARCHAEO_ASSIGN(chunks.language, text_or("options.language", known.language, "", language_bytes_max));
    return chunks;
}

void copy_chunk(const Chunk& chunk, uint64_t* values) {
    const std::uint64_t numbers[copied_numbers] = {chunk.core.begin,  chunk.core.end,      chunk.context.begin,
                                                   chunk.context.end, chunk.lines.first,   chunk.lines.last,
                                                   chunk.tokens,      chunk.heading.size()};
    std::copy(std::begin(numbers), std::end(numbers), values);
}

template <class Field>
auto chunk_number(const archaeo_chunks* chunks, std::size_t index, Field field) {
    return number_at(
        chunks, index, [](const archaeo_chunks& one) -> const std::vector<Chunk>& { return one.chunks; }, field);
}

}  // namespace

extern "C" {

int32_t archaeo_chunk(const char* text, size_t text_size, const archaeo_chunk_options* options,
                      archaeo_chunks** chunks_out, archaeo_error** error_out) {
    clear(chunks_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("chunks_out", chunks_out));
        ARCHAEO_ASSIGN(const auto known, known_options(options));
        ARCHAEO_ASSIGN(const auto view, bytes("text", text, text_size, text_bytes_max));
        ARCHAEO_ASSIGN(auto chunks, chunk(view, known));
        *chunks_out = make_handle<archaeo_chunks>(std::move(chunks));
        return {};
    });
}

size_t archaeo_chunks_count(const archaeo_chunks* chunks) {
    return number_of(chunks, [](const archaeo_chunks& one) { return one.chunks.size(); });
}

uint64_t archaeo_chunks_begin(const archaeo_chunks* chunks, size_t index) {
    return chunk_number(chunks, index, [](const Chunk& one) { return one.core.begin; });
}

uint64_t archaeo_chunks_end(const archaeo_chunks* chunks, size_t index) {
    return chunk_number(chunks, index, [](const Chunk& one) { return one.core.end; });
}

uint64_t archaeo_chunks_context_begin(const archaeo_chunks* chunks, size_t index) {
    return chunk_number(chunks, index, [](const Chunk& one) { return one.context.begin; });
}

uint64_t archaeo_chunks_context_end(const archaeo_chunks* chunks, size_t index) {
    return chunk_number(chunks, index, [](const Chunk& one) { return one.context.end; });
}

uint64_t archaeo_chunks_first_line(const archaeo_chunks* chunks, size_t index) {
    return chunk_number(chunks, index, [](const Chunk& one) { return one.lines.first; });
}

uint64_t archaeo_chunks_last_line(const archaeo_chunks* chunks, size_t index) {
    return chunk_number(chunks, index, [](const Chunk& one) { return one.lines.last; });
}

uint32_t archaeo_chunks_tokens(const archaeo_chunks* chunks, size_t index) {
    return chunk_number(chunks, index, [](const Chunk& one) { return one.tokens; });
}

archaeo_str archaeo_chunks_heading(const archaeo_chunks* chunks, size_t index) {
    return text_at(
        chunks, index, [](const archaeo_chunks& one) -> const std::vector<Chunk>& { return one.chunks; },
        [](const Chunk& one) -> const std::string& { return one.heading; });
}

void archaeo_chunks_free(archaeo_chunks* chunks) { free_handle(chunks); }

size_t archaeo_chunks_copy(const archaeo_chunks* chunks, size_t first, size_t capacity, uint64_t* values) {
    if (values == nullptr) return 0;
    return number_of(chunks, [&](const archaeo_chunks& one) -> std::size_t {
        const std::size_t begin = std::min(first, one.chunks.size());
        const std::size_t count = std::min(capacity, one.chunks.size() - begin);
        for (std::size_t i = 0; i < count; ++i) copy_chunk(one.chunks[begin + i], values + i * copied_numbers);
        return count;
    });
}

}  // extern "C"
