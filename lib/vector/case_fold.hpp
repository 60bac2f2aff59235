// Unicode simple case folding: one character to one character. Pure.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace archaeologist {

// Status C and S of CaseFolding.txt: ſ → s, ς → σ, ẞ → ß, K (Kelvin) → k; ß and İ stay.
[[nodiscard]] char32_t simple_case_fold(char32_t character);

// A folded text that knows where its bytes came from (a folded character may have another length).
class FoldedText {
public:
    // Replaces what was there. Bytes that are not UTF-8 stay as they are.
    void assign(std::string_view text);
    [[nodiscard]] const std::string& text() const { return folded_; }
    // The place in the unfolded text of a character that begins at `offset` in the folded one (or of its end).
    [[nodiscard]] std::size_t original_offset(std::size_t offset) const;

private:
    struct Shift {
        std::size_t folded;
        std::size_t original;
    };
    std::size_t append_character(std::string_view text);

    std::string folded_;
    std::vector<Shift> shifts_;  // behind each character whose length changed
};

}  // namespace archaeologist
