// A text that an outline has read, and what it says about the lines.
#pragma once

#include <doctest/doctest.h>

#include <string>
#include <string_view>
#include <vector>

#include "text/outline/outline.hpp"

namespace archaeologist {

class Reading {
public:
    Reading(TextKind kind, std::string_view language, std::string_view text)
        : text_(text), outline_(kind, std::string(language)) {
        outline_.read(text_, 0, Outline::Extent::end);
    }

    // What the line stands under that this is the only place of.
    [[nodiscard]] std::string label(std::string_view place) const {
        const std::size_t at = at_of(place);
        return outline_.marks().label_of(at, at + 1);
    }
    // The strength of a cut before the line that begins with this.
    [[nodiscard]] Strength strength(std::string_view line) const {
        const std::size_t at = at_of(line);
        for (const LineMark& mark : outline_.marks().lines()) {
            if (mark.at == at) return mark.strength;
        }
        return Strength::none;
    }
    // The lines before which a cut is at least this good, without their indentation.
    [[nodiscard]] std::vector<std::string> lines(Strength least) const {
        std::vector<std::string> found;
        for (const LineMark& mark : outline_.marks().lines()) {
            if (mark.strength < least) continue;
            const std::string_view rest = std::string_view(text_).substr(mark.at);
            found.emplace_back(trimmed(rest.substr(0, rest.find('\n'))));
        }
        return found;
    }

private:
    [[nodiscard]] std::size_t at_of(std::string_view place) const {
        const std::size_t at = text_.find(place);
        CAPTURE(place);
        REQUIRE(at != std::string::npos);
        REQUIRE(text_.find(place, at + 1) == std::string::npos);
        return at;
    }

    std::string text_;
    Outline outline_;
};

}  // namespace archaeologist
