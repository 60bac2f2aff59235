#include "vector/signature.hpp"

#include <algorithm>
#include <bit>

#include "vector/case_fold.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t triple_bytes = 3;
constexpr std::size_t bits_min = 64;
constexpr std::size_t fold_growth_max = 3;  // the Kelvin sign folds to k
constexpr std::string_view dotted_capital_i = "\xC4\xB0";

std::uint32_t hash_of(std::string_view text, std::size_t at) {
    const auto byte = [&](std::size_t i) {
        return static_cast<std::uint32_t>(static_cast<unsigned char>(text[at + i]));
    };
    return (byte(0) | byte(1) << 8 | byte(2) << 16) * 0x9E3779B1U;
}

// The upper bits of a hash.
std::size_t bit_of(std::uint32_t hash, std::size_t bits) {
    return hash >> (32 - static_cast<unsigned>(std::countr_zero(bits)));
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

std::string make_signature(std::string_view text) {
    const std::size_t bits = std::bit_floor(std::max(bits_min, text.size() / 2));
    std::string signature(bits / 8, '\0');
    const std::string folded = fold_for_signature(text);
    for (std::size_t at = 0; at + triple_bytes <= folded.size(); ++at) {
        const std::size_t bit = bit_of(hash_of(folded, at), bits);
        signature[bit / 8] = static_cast<char>(static_cast<unsigned char>(signature[bit / 8]) | (1U << (bit % 8)));
    }
    return signature;
}

SignatureProbe::SignatureProbe(std::string_view literal) : bytes_max_(fold_growth_max * literal.size()) {
    const std::string folded = fold_for_signature(literal);
    for (std::size_t at = 0; at + triple_bytes <= folded.size(); ++at) triples_.push_back(hash_of(folded, at));
}

SignatureProbe::Presence SignatureProbe::presence_in(std::string_view signature) const {
    const std::size_t count = triples_.size();
    if (signature.size() < bits_min / 8 || !std::has_single_bit(signature.size())) return {count, count};
    const std::size_t bits = signature.size() * 8;
    Presence presence;
    while (presence.leading < count && has_bit(signature, bit_of(triples_[presence.leading], bits))) ++presence.leading;
    if (presence.leading == count) return {count, count};
    while (has_bit(signature, bit_of(triples_[count - 1 - presence.trailing], bits))) ++presence.trailing;
    return presence;
}

}  // namespace archaeologist
