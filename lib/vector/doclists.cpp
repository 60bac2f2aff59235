#include "vector/doclists.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <iterator>
#include <utility>

#include "sql/vector_words_first_page.hpp"
#include "sql/vector_words_pages.hpp"
#include "sql/vector_words_structure.hpp"
#include "vector/bm25.hpp"
#include "vector/index_terms.hpp"

namespace archaeologist {
namespace {

using sqlite::Bytes;
using sqlite::Connection;
using sqlite::Query;

constexpr char main_index_mark = '0';
constexpr std::size_t cookie_bytes = 4;
constexpr std::size_t page_header_bytes = 4;  // first row, end of the terms; 16 bits each
constexpr std::int64_t levels_max = 2'000;
constexpr int page_number_bits = 37;
constexpr std::size_t varint_bytes_max = 9;

// Bytes as FTS5 writes them. What goes beyond their end reads as zeros and is remembered.
class Bits {
public:
    explicit Bits(std::string_view bytes, std::size_t at = 0) : bytes_(bytes), at_(at) {}

    [[nodiscard]] std::size_t at() const { return at_; }
    [[nodiscard]] bool is_over() const { return is_over_; }

    std::uint64_t varint() {
        if (at_ < bytes_.size() && static_cast<unsigned char>(bytes_[at_]) < 0x80) {
            return static_cast<unsigned char>(bytes_[at_++]);
        }
        std::uint64_t value = 0;
        for (std::size_t i = 0; i < varint_bytes_max; ++i) {
            const unsigned char byte = next();
            if (i + 1 == varint_bytes_max) return value << 8 | byte;
            value = value << 7 | (byte & 0x7FU);
            if (byte < 0x80) break;
        }
        return value;
    }
    std::string_view text(std::uint64_t size) {
        if (size > bytes_.size() - at_) {
            is_over_ = true;
            return {};
        }
        at_ += static_cast<std::size_t>(size);
        return bytes_.substr(at_ - static_cast<std::size_t>(size), static_cast<std::size_t>(size));
    }
    bool skip_zero() {
        const bool is_zero = at_ < bytes_.size() && bytes_[at_] == '\0';
        if (is_zero) ++at_;
        return is_zero;
    }

private:
    unsigned char next() {
        if (at_ < bytes_.size()) return static_cast<unsigned char>(bytes_[at_++]);
        is_over_ = true;
        return 0;
    }

    std::string_view bytes_;
    std::size_t at_;
    bool is_over_ = false;
};

// A page: terms with their rows, and behind them where each term but the first begins.
class Page {
public:
    explicit Page(std::string_view bytes) : bytes_(bytes) {
        if (bytes.size() < page_header_bytes) return;
        const auto high = static_cast<unsigned char>(bytes[2]);
        const auto low = static_cast<unsigned char>(bytes[3]);
        terms_end_ = static_cast<std::size_t>(high) << 8 | low;
        is_sound_ = terms_end_ >= page_header_bytes && terms_end_ <= bytes.size();
    }
    [[nodiscard]] bool is_sound() const { return is_sound_; }
    // The rows up to the first term belong to the page before; without a term, all.
    [[nodiscard]] std::size_t first_term() const {
        if (terms_end_ == bytes_.size()) return terms_end_;
        return std::min(terms_end_, static_cast<std::size_t>(Bits(bytes_, terms_end_).varint()));
    }
    [[nodiscard]] std::string_view bytes() const { return bytes_; }
    // Calls visit(term, begin of its rows, their end here) in order, for as long as that says true. False: it did not.
    template <class Visit>
    bool for_each_term(Visit visit) const {
        Bits index(bytes_, terms_end_);
        std::string term;
        std::size_t next = index.at() < bytes_.size() ? static_cast<std::size_t>(index.varint()) : terms_end_;
        for (bool is_first = true; next < terms_end_; is_first = false) {
            Bits bits(bytes_.substr(0, terms_end_), next);
            term.resize(is_first ? 0 : std::min(term.size(), static_cast<std::size_t>(bits.varint())));
            term += bits.text(bits.varint());
            if (bits.is_over()) return false;
            next = index.at() < bytes_.size() ? next + static_cast<std::size_t>(index.varint()) : terms_end_;
            next = std::min(next, terms_end_);
            if (!visit(std::string_view(term), bits.at(), next)) return false;
        }
        return true;
    }

private:
    std::string_view bytes_;
    std::size_t terms_end_ = 0;
    bool is_sound_ = false;
};

// One part's rows of a term: those it adds, and those it takes away from older parts.
struct PartRows {
    RowList added;
    RowList removed;

    // Those of one page. The first is told as it is, the others by their distance.
    void take(std::string_view page, std::size_t begin, std::size_t end) {
        std::int64_t row = 0;
        for (Bits bits(page.substr(0, end), begin); bits.at() < end;) {
            row += static_cast<std::int64_t>(bits.varint());
            const bool removes = bits.skip_zero();
            const bool adds = !removes || bits.skip_zero();
            if (removes) removed.append(row);
            if (adds) added.append(row);
        }
    }
};

using LevelRows = std::array<PartRows, bm25_frequencies.size()>;

// What older parts have, as a newer one has it.
void take_over(RowList& rows, const PartRows& newer) {
    if (!newer.removed.empty()) rows = without(rows, newer.removed);
    if (newer.added.empty() || rows.last() < newer.added.first()) {
        rows.append(newer.added);
    } else {
        rows = united(rows, newer.added);
    }
}

}  // namespace

// Takes a term's rows, and those of its levels, from the pages of a part.
class Doclists::PartReader {
public:
    explicit PartReader(std::string_view term) : term_(main_index_mark + std::string(term)) {}

    [[nodiscard]] const std::string& term() const { return term_; }
    [[nodiscard]] LevelRows take() {
        level_.reset();
        return std::exchange(rows_, LevelRows());
    }
    // False: what follows belongs to other terms.
    bool read(const Page& page) {
        if (level_) rows_[*level_].take(page.bytes(), page_header_bytes, page.first_term());
        const bool may_go_on = page.for_each_term([&](std::string_view here, std::size_t begin, std::size_t end) {
            level_ = level_in_index(here, term_);
            if (level_) rows_[*level_].take(page.bytes(), begin, end);
            return level_ || here < term_;
        });
        return may_go_on && level_;
    }

private:
    std::string term_;
    std::optional<std::size_t> level_;  // at hand
    LevelRows rows_;
};

Doclists::Doclists(Connection& connection, std::string_view structure) : connection_(&connection) {
    if (read_structure(structure)) version_ = structure;
}

Result<Doclists> Doclists::open(Connection& connection) {
    Query structure(connection, sql::vector_words_structure);
    ARCHAEO_ASSIGN(const bool is_there, structure.step());
    return Doclists(connection, is_there ? structure.bytes(0) : std::string_view());
}

bool Doclists::read_structure(std::string_view structure) {
    if (structure.size() < cookie_bytes) return false;
    Bits bits(structure, cookie_bytes);
    const std::uint64_t levels = bits.varint();
    const std::uint64_t total = bits.varint();
    static_cast<void>(bits.varint());  // writes so far
    if (bits.is_over() || levels > levels_max || total > levels_max) return false;
    for (std::uint64_t level = 0; level < levels; ++level) {
        static_cast<void>(bits.varint());  // parts that are being merged
        const std::uint64_t count = bits.varint();
        if (count > total) return false;
        std::vector<Part> of_level;
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto id = static_cast<std::int64_t>(bits.varint());
            const auto first = static_cast<std::int64_t>(bits.varint());
            of_level.push_back({id, first, static_cast<std::int64_t>(bits.varint())});
        }
        parts_.insert(parts_.begin(), of_level.begin(), of_level.end());
    }
    return !bits.is_over() && parts_.size() == total;
}

// False: a page is in a form that is not known.
Result<bool> Doclists::read_part(const Part& part, PartReader& reader) {
    const auto page_id = [&](std::int64_t page) { return (part.id << page_number_bits) + page; };
    std::int64_t first = part.first_page;
    {
        Query place(*connection_, sql::vector_words_first_page);
        ARCHAEO_ASSIGN(const bool found, place.bind(":part", part.id).bind(":term", Bytes{reader.term()}).step());
        if (found) first = std::max(first, place.integer(0) >> 1);
    }
    Query pages(*connection_, sql::vector_words_pages);
    pages.bind(":first", page_id(first)).bind(":last", page_id(part.last_page));
    for (;;) {
        ARCHAEO_ASSIGN(const bool is_there, pages.step());
        if (!is_there) return true;
        const Page page(pages.bytes(0));
        if (!page.is_sound()) return false;
        if (!reader.read(page)) return true;
    }
}

Result<std::optional<Postings>> Doclists::read(std::string_view term) {
    if (version_.empty()) return std::optional<Postings>();
    std::array<RowList, bm25_frequencies.size()> levels;
    PartReader reader(term);
    for (const Part& part : parts_) {
        ARCHAEO_ASSIGN(const bool is_known, read_part(part, reader));
        if (!is_known) return std::optional<Postings>();
        const LevelRows of_part = reader.take();
        for (std::size_t level = 0; level < levels.size(); ++level) take_over(levels[level], of_part[level]);
    }
    // Who reaches a frequency reaches all below it.
    const auto last = std::find_if(levels.begin() + 1, levels.end(), [](const RowList& rows) { return rows.empty(); });
    Postings postings{std::move(levels[0]),
                      {std::make_move_iterator(levels.begin() + 1), std::make_move_iterator(last)}};
    postings.chunks.shrink_to_fit();
    for (RowList& rows : postings.higher) rows.shrink_to_fit();
    return std::optional(std::move(postings));
}

}  // namespace archaeologist
