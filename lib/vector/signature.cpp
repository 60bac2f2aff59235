#include "vector/signature.hpp"

#include <algorithm>

#include "vector/case_fold.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t bytes_min = 8;
constexpr std::string_view dotted_capital_i = "\xC4\xB0";

// Calls take(hash) for each gram of a length, in order.
template <class Take>
void hash_grams(std::string_view text, std::size_t bytes, Take take) {
    std::uint64_t gram = 0;  // the last bytes, the first of them lowest
    for (std::size_t at = 0; at < text.size(); ++at) {
        gram = gram >> 8 | static_cast<std::uint64_t>(static_cast<unsigned char>(text[at])) << (8 * (bytes - 1));
        if (at + 1 >= bytes) take(static_cast<std::uint32_t>((gram * 0x9E37'79B9'7F4A'7C15U) >> 32));
    }
}

std::size_t bit_of(std::uint32_t hash, std::size_t bits) {
    return static_cast<std::size_t>((std::uint64_t{hash} * bits) >> 32);
}

bool has_bit(std::string_view signature, std::size_t bit) {
    return ((static_cast<unsigned char>(signature[bit / 8]) >> (bit % 8)) & 1) != 0;
}

}  // namespace

// The library of regular expressions takes İ for an i, and simple folding leaves it as it is.
std::string fold_for_signature(std::string_view text) {
    FoldedText folded;
    folded.assign(text);
    std::string_view rest = folded.text();
    std::string plain;
    for (std::size_t at = 0; (at = rest.find(dotted_capital_i)) != std::string_view::npos;) {
        plain += rest.substr(0, at);
        plain += 'i';
        rest.remove_prefix(at + dotted_capital_i.size());
    }
    return plain += rest;
}

Signature make_signature(std::string_view text) {
    std::string bits(std::clamp(text.size() / 8, bytes_min, signature_bytes_max), '\0');
    const std::string folded = fold_for_signature(text);
    const auto set = [&](std::uint32_t hash) {
        const std::size_t bit = bit_of(hash, 8 * bits.size());
        bits[bit / 8] = static_cast<char>(static_cast<unsigned char>(bits[bit / 8]) | (1U << (bit % 8)));
    };
    for (const std::size_t bytes : SignatureProbe::gram_bytes) hash_grams(folded, bytes, set);
    const std::size_t border = std::min(folded.size(), signature_border_bytes);
    return {std::move(bits), folded.substr(0, border), folded.substr(folded.size() - border)};
}

SignatureProbe::SignatureProbe(std::string_view literal)
    : folded_(fold_for_signature(literal)), bytes_max_(fold_growth_max * literal.size()) {
    for (std::size_t i = 0; i < gram_bytes.size(); ++i) {
        hash_grams(folded_, gram_bytes[i], [&](std::uint32_t hash) { grams_[i].push_back(hash); });
    }
}

SignatureProbe::Presence SignatureProbe::presence_in(std::string_view signature) const {
    Presence presence;
    for (std::size_t i = 0; i < gram_bytes.size(); ++i) {
        const std::vector<std::uint32_t>& grams = grams_[i];
        const auto has = [&](std::size_t gram) {
            return has_bit(signature, bit_of(grams[gram], 8 * signature.size()));
        };
        Run& run = presence[i];
        if (signature.size() < bytes_min) run.leading = grams.size();
        while (run.leading < grams.size() && has(run.leading)) ++run.leading;
        if (run.leading == grams.size()) run.trailing = grams.size();
        while (run.trailing < grams.size() && has(grams.size() - 1 - run.trailing)) ++run.trailing;
    }
    return presence;
}

bool SignatureProbe::is_whole(const Presence& presence) const {
    return presence[0].leading == grams_[0].size() && presence[1].leading == grams_[1].size();
}

bool SignatureProbe::may_cross(const Presence& first, const Presence& second) const {
    const auto may = [&](std::size_t i) {
        return first[i].leading + second[i].trailing + gram_bytes[i] > grams_[i].size();
    };
    return may(0) && may(1);
}

bool SignatureProbe::fits_border(std::string_view tail, std::string_view head) const {
    if (tail.empty() || head.empty()) return true;
    const std::string_view literal = folded_;
    for (std::size_t cut = 1; cut < literal.size(); ++cut) {
        const std::size_t before = std::min(cut, tail.size());
        const std::size_t behind = std::min(literal.size() - cut, head.size());
        if (tail.ends_with(literal.substr(cut - before, before)) && head.starts_with(literal.substr(cut, behind))) {
            return true;
        }
    }
    return false;
}

}  // namespace archaeologist
