// Small summaries of texts, by which most texts that do not hold a literal are told without reading them: the triples of
// bytes of the folded text, hashed into bits. What is in the text is in its signature. Pure.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace archaeologist {

// A power of two of bits, about half as many as the text has bytes: a sixteenth of the text's size.
[[nodiscard]] std::string make_signature(std::string_view text);

// Case and whatever else two texts may differ in that some search takes for equal.
[[nodiscard]] std::string fold_for_signature(std::string_view text);

class SignatureProbe {
public:
    explicit SignatureProbe(std::string_view literal);

    // Triples of the literal that a text may hold.
    struct Presence {
        std::size_t leading = 0;   // so many from its begin, one behind the other
        std::size_t trailing = 0;  // so many up to its end
    };
    // An empty signature: all.
    [[nodiscard]] Presence presence_in(std::string_view signature) const;
    [[nodiscard]] bool is_whole(const Presence& presence) const { return presence.leading == triples_.size(); }
    // Whether the literal may begin in a text and end in the next one. Triples across the border are in neither.
    [[nodiscard]] bool may_cross(const Presence& first, const Presence& second) const {
        return first.leading + second.trailing + 2 >= triples_.size();
    }
    // A literal may reach over a text of less than so many bytes as a whole.
    [[nodiscard]] std::size_t bytes_max() const { return bytes_max_; }
    // Whether it says anything: shorter literals are in every text.
    [[nodiscard]] bool is_selective() const { return triples_.size() > 1; }

private:
    std::vector<std::uint32_t> triples_;  // hashed
    std::size_t bytes_max_;
};

}  // namespace archaeologist
