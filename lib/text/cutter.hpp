// The machine behind Chunker. Pure.
//
// A cut is decided as soon as enough text lies behind the core's begin that no later byte can change it, and from that
// much text only: so chunks do not depend on how the text arrived. What a decision reads is bounded by max_tokens, and
// two neighbouring cores are together at least a fixed share of it: so the work is linear.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "archaeologist/chunker.hpp"
#include "text/boundary.hpp"
#include "text/outline/outline.hpp"

namespace archaeologist {

class Cutter {
public:
    explicit Cutter(const ChunkOptions& options);

    [[nodiscard]] const std::vector<Chunker::Piece>& push(std::string_view bytes);
    [[nodiscard]] const std::vector<Chunker::Piece>& finish();

    // Bytes read by all scans so far, counted once per scan: what "linear" is tested by.
    [[nodiscard]] std::uint64_t scanned_bytes() const { return scanned_bytes_; }
    // What is held now.
    [[nodiscard]] std::size_t held_bytes() const { return window_.size(); }

private:
    struct Context {
        std::size_t bytes = 0;  // before the core
        std::size_t quarters = 0;
    };
    struct Cut {
        std::size_t size = 0;  // of the core
        Context context;
    };

    [[nodiscard]] std::string_view rest() const;
    [[nodiscard]] std::string_view behind() const;
    void cut_next(std::string_view text, bool is_last_text);
    [[nodiscard]] Context choose_context();
    [[nodiscard]] Cut choose_cut(std::string_view text, bool is_last_text);
    [[nodiscard]] std::size_t find_cut(std::string_view text, const CutRange& range);
    [[nodiscard]] std::size_t find_line_cut_in(std::string_view text, const CutRange& range);
    [[nodiscard]] CutRange range_within(std::string_view text, std::size_t context_quarters);
    void emit(std::string_view core, const Context& context);
    void pass(std::string_view core);
    void forget();

    ChunkOptions options_;
    std::size_t overlap_quarters_;
    std::size_t lookahead_bytes_;
    std::string window_;              // from the oldest byte a context may still need
    std::uint64_t window_begin_ = 0;  // its offset in the text
    std::uint64_t core_begin_ = 0;    // offset of the next core
    std::uint64_t line_ = 1;          // line of the next core
    bool begins_line_ = true;         // whether the next core does
    std::uint32_t ordinal_ = 0;
    std::uint64_t scanned_bytes_ = 0;
    Outline outline_;  // read a little farther than a decision looks
    std::vector<Chunker::Piece> pieces_;
};

}  // namespace archaeologist
