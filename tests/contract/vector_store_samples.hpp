// Documents for the vector store's tests: text, cut into points as the chunker would.
#pragma once

#include <doctest/doctest.h>

#include <memory>
#include <string>
#include <vector>

#include "archaeologist/vector_store.hpp"
#include "text/lines.hpp"

namespace archaeologist {

inline constexpr std::size_t sample_dimension = 8;

inline GenerationId generation(std::uint8_t number) {
    Uuid id;
    id.bytes[15] = number;
    return GenerationId(id);
}

inline std::vector<float> axis(std::size_t dimension) {
    std::vector<float> vector(sample_dimension, 0);
    vector[dimension] = 1;
    return vector;
}

// A document and the text its points borrow.
struct Sample {
    Document document{ProjectId{1}, SourceId{1}, generation(1), "a.txt", "text", ""};
    std::shared_ptr<const std::string> text;  // stays where it is when this moves
    std::vector<Point> points;

    // A core ends at each of the offsets and at the text's end; the context reaches `overlap` bytes back.
    void cut_at(const std::vector<std::size_t>& offsets, std::size_t overlap = 0) {
        points.clear();
        std::size_t begin = 0;
        std::vector<std::size_t> ends = offsets;
        ends.push_back(text->size());
        for (const std::size_t end : ends) {
            add(begin, end, overlap);
            begin = end;
        }
    }

private:
    void add(std::size_t begin, std::size_t end, std::size_t overlap) {
        std::size_t context = begin > overlap ? begin - overlap : 0;
        while (context > 0 && (static_cast<unsigned char>((*text)[context]) & 0xC0) == 0x80) --context;
        Point point;
        point.ordinal = static_cast<std::uint32_t>(points.size());
        point.core = {begin, end};
        point.context = {context, end};
        point.lines = LineIndex(*text).lines_of(point.core);
        point.text = std::string_view(*text).substr(context, end - context);
        point.dense = axis(points.size() % sample_dimension);
        points.push_back(std::move(point));
    }
};

inline Sample sample(std::string text, SourceId source = SourceId{1}, std::string name = "a.txt") {
    Sample made;
    made.document.source_id = source;
    made.document.source_name = std::move(name);
    made.text = std::make_shared<const std::string>(std::move(text));
    made.cut_at({});
    return made;
}

inline void store(VectorStore& target, const Sample& made) {
    const Status done = target.upsert(made.document, made.points);
    if (!done) FAIL(done.error().message);
}

}  // namespace archaeologist
