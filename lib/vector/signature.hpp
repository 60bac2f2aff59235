// Small summaries of texts, by which most texts that do not hold a literal are told without reading them: which three and
// which six bytes follow each other in the folded text, hashed into bits. What is in the text is in its signature. Most
// words of a language are in most texts; that two of them stand side by side is what tells. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archaeologist {

// More would not fit into one page of the file, beside what else its row holds.
inline constexpr std::size_t signature_bytes_max = 4'000;

// So many times its bytes may have what a folded text was before: the Kelvin sign folds to k.
inline constexpr std::size_t fold_growth_max = 3;

inline constexpr std::size_t signature_border_bytes = 32;

struct Signature {
    std::string bits;  // as many as the text has bytes
    std::string head;  // the first and the last signature_border_bytes of the folded text
    std::string tail;
};
[[nodiscard]] Signature make_signature(std::string_view text);

// Case and whatever else two texts may differ in that some search takes for equal.
[[nodiscard]] std::string fold_for_signature(std::string_view text);

class SignatureProbe {
public:
    static constexpr std::array<std::size_t, 2> gram_bytes = {3, 6};

    explicit SignatureProbe(std::string_view literal);

    // Grams of the literal that a text may hold, of each length.
    struct Run {
        std::size_t leading = 0;   // so many from its begin, one behind the other
        std::size_t trailing = 0;  // so many up to its end
    };
    using Presence = std::array<Run, gram_bytes.size()>;
    // An empty signature: all.
    [[nodiscard]] Presence presence_in(std::string_view signature) const;
    [[nodiscard]] bool is_whole(const Presence& presence) const;
    // Whether the literal may begin in a text and end in the next one, as the bits tell. Grams across the border are in neither.
    [[nodiscard]] bool may_cross(const Presence& first, const Presence& second) const;
    // The same, as the first's tail and the second's head tell. An empty one says nothing.
    [[nodiscard]] bool fits_border(std::string_view tail, std::string_view head) const;
    // A literal may reach over a text of less than so many bytes as a whole.
    [[nodiscard]] std::size_t bytes_max() const { return bytes_max_; }
    // Whether it says anything: shorter literals are in every text.
    [[nodiscard]] bool is_selective() const { return grams_[0].size() > 1; }

private:
    std::string folded_;
    std::array<std::vector<std::uint32_t>, gram_bytes.size()> grams_;  // hashed
    std::size_t bytes_max_;
};

}  // namespace archaeologist
