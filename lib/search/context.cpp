#include "search/context.hpp"

#include <algorithm>

#include "text/lines.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t context_bytes_max = 1 << 20;
constexpr std::size_t step_chunks = 4;

struct Place {
    ProjectId project{};
    SourceId source{};
    GenerationId generation;
};

// The end of `text` from `lines` lines before its last one.
std::string last_lines(const std::string& text, std::size_t lines) {
    std::size_t begin = text.size();
    for (std::size_t newlines = 0; begin > 0; --begin) {
        if (text[begin - 1] == '\n' && ++newlines > lines) break;
    }
    return text.substr(begin);
}

// The beginning of `text` up to its newline number `newlines`.
std::string first_lines(const std::string& text, std::size_t newlines) {
    std::size_t end = 0;
    for (; end < text.size() && newlines > 0; ++end) newlines -= text[end] == '\n' ? 1 : 0;
    return text.substr(0, end);
}

Result<std::string> text_before(VectorStore& store, const Place& place, std::size_t ordinal, std::size_t lines) {
    std::string text;
    while (ordinal > 0 && count_newlines(text) <= lines && text.size() < context_bytes_max) {
        const std::size_t count = std::min(ordinal, step_chunks);
        ordinal -= count;
        ARCHAEO_ASSIGN(const auto chunks, store.chunks(place.project, place.source, place.generation, ordinal, count));
        std::string more;
        for (const StoredChunk& chunk : chunks) more += chunk.text;
        text = more + text;
    }
    return last_lines(text, lines);
}

Result<std::string> text_after(VectorStore& store, const Place& place, std::size_t ordinal, std::size_t newlines) {
    std::string text;
    while (count_newlines(text) < newlines && text.size() < context_bytes_max) {
        ARCHAEO_ASSIGN(const auto chunks,
                       store.chunks(place.project, place.source, place.generation, ordinal + 1, step_chunks));
        if (chunks.empty()) break;
        for (const StoredChunk& chunk : chunks) text += chunk.text;
        ordinal += chunks.size();
    }
    return first_lines(text, newlines);
}

}  // namespace

Status add_context(VectorStore& store, ActiveSources& active, std::size_t lines, std::span<Hit> hits) {
    for (Hit& hit : hits) {
        ARCHAEO_ASSIGN(const GenerationId* generation, active.generation(hit.source_id));
        if (generation == nullptr) continue;
        const Place place{hit.project_id, hit.source_id, *generation};
        ARCHAEO_ASSIGN(hit.before, text_before(store, place, hit.ordinal, lines));
        const std::size_t newlines = lines + (hit.content.ends_with('\n') ? 0 : 1);
        ARCHAEO_ASSIGN(hit.after, text_after(store, place, hit.ordinal, newlines));
    }
    return {};
}

}  // namespace archaeologist
