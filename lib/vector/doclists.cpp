#include "vector/doclists.hpp"

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "sql/vector_words_first_page.hpp"
#include "sql/vector_words_pages.hpp"
#include "sql/vector_words_structure.hpp"

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
    bool skip_zero(std::size_t end) {
        const bool is_zero = at_ < end && bytes_[at_] == '\0';
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

// A b-tree of the index, which FTS5 calls a segment.
struct Part {
    std::int64_t id;
    std::int64_t first_page;
    std::int64_t last_page;
};

// Newest first.
std::optional<std::vector<Part>> parts_of(std::string_view structure) {
    Bits bits(structure, cookie_bytes);
    const std::uint64_t levels = bits.varint();
    const std::uint64_t total = bits.varint();
    static_cast<void>(bits.varint());  // writes so far
    if (bits.is_over() || levels > levels_max || total > levels_max) return std::nullopt;
    std::vector<Part> parts;
    for (std::uint64_t level = 0; level < levels; ++level) {
        static_cast<void>(bits.varint());  // parts that are being merged
        const std::uint64_t count = bits.varint();
        if (count > total) return std::nullopt;
        std::vector<Part> of_level;
        for (std::uint64_t i = 0; i < count; ++i) {
            const auto id = static_cast<std::int64_t>(bits.varint());
            const auto first = static_cast<std::int64_t>(bits.varint());
            of_level.push_back({id, first, static_cast<std::int64_t>(bits.varint())});
        }
        parts.insert(parts.end(), of_level.rbegin(), of_level.rend());
    }
    if (bits.is_over() || parts.size() != total) return std::nullopt;
    return parts;
}

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
    [[nodiscard]] std::size_t terms_end() const { return terms_end_; }
    // The rows up to the first term belong to the page before; without a term, all.
    [[nodiscard]] std::size_t first_term() const {
        if (terms_end_ == bytes_.size()) return terms_end_;
        return std::min(terms_end_, static_cast<std::size_t>(Bits(bytes_, terms_end_).varint()));
    }
    struct Rows {
        std::size_t begin = 0;  // 0 = the term is not there
        std::size_t end = 0;
    };
    [[nodiscard]] Rows find(std::string_view term) const {
        Bits index(bytes_, terms_end_);
        std::size_t at = 0;
        std::string here;
        while (index.at() < bytes_.size()) {
            const bool is_first = at == 0;
            at += static_cast<std::size_t>(index.varint());
            Bits bits(bytes_.substr(0, terms_end_), std::min(at, terms_end_));
            here.resize(is_first ? 0 : std::min(here.size(), static_cast<std::size_t>(bits.varint())));
            here += bits.text(bits.varint());
            const int order = here.compare(term);
            if (order == 0) {
                const std::size_t next =
                    index.at() < bytes_.size() ? at + static_cast<std::size_t>(index.varint()) : terms_end_;
                return {bits.at(), std::min(next, terms_end_)};
            }
            if (order > 0 || bits.is_over()) break;
        }
        return {};
    }

private:
    std::string_view bytes_;
    std::size_t terms_end_ = 0;
    bool is_sound_ = false;
};

// One part's rows of a term: those it adds, and those it takes away from older parts.
struct PartRows {
    IndexRows added;
    IndexRows removed;

    // Those of one page. The first is told as it is, the others by their distance.
    void take(std::string_view page, std::size_t begin, std::size_t end) {
        Bits bits(page.substr(0, end), begin);
        std::int64_t row = 0;
        while (bits.at() < end) {
            row += static_cast<std::int64_t>(bits.varint());
            const bool removes = bits.skip_zero(end);
            const bool adds = !removes || bits.skip_zero(end);
            if (removes) removed.push_back(row);
            if (adds) added.push_back(row);
        }
    }
};

std::int64_t page_id(const Part& part, std::int64_t page) { return (part.id << page_number_bits) + page; }

Result<std::optional<PartRows>> rows_in(Connection& connection, const Part& part, std::string_view term) {
    std::int64_t first = part.first_page;
    {
        Query place(connection, sql::vector_words_first_page);
        ARCHAEO_ASSIGN(const bool found, place.bind(":part", part.id).bind(":term", Bytes{term}).step());
        if (found) first = std::max(first, place.integer(0) >> 1);
    }
    PartRows rows;
    Query pages(connection, sql::vector_words_pages);
    pages.bind(":first", page_id(part, first)).bind(":last", page_id(part, part.last_page));
    for (bool is_first = true;; is_first = false) {
        ARCHAEO_ASSIGN(const bool is_there, pages.step());
        if (!is_there) return std::optional(std::move(rows));
        const Page page(pages.bytes(0));
        if (!page.is_sound()) return std::optional<PartRows>();
        const Page::Rows place = is_first ? page.find(term) : Page::Rows{page_header_bytes, page.first_term()};
        if (place.begin == 0) return std::optional(std::move(rows));
        rows.take(pages.bytes(0), place.begin, place.end);
        if (place.end < page.terms_end()) return std::optional(std::move(rows));
    }
}

// Parts' rows, newest first, as one list. What older parts added goes where newer ones took it away.
IndexRows join(std::vector<PartRows> parts) {
    IndexRows removed;
    for (PartRows& part : parts) {
        const auto is_removed = [&](std::int64_t row) {
            return std::binary_search(removed.begin(), removed.end(), row);
        };
        if (!removed.empty()) std::erase_if(part.added, is_removed);
        const auto middle = static_cast<std::ptrdiff_t>(removed.size());
        removed.insert(removed.end(), part.removed.begin(), part.removed.end());
        std::inplace_merge(removed.begin(), removed.begin() + middle, removed.end());
    }
    IndexRows rows;
    std::size_t count = 0;
    for (const PartRows& part : parts) count += part.added.size();
    for (auto part = parts.rbegin(); part != parts.rend(); ++part) {
        if (rows.empty()) {
            rows = std::move(part->added);
            if (count > rows.size()) rows.reserve(count);
            continue;
        }
        const auto middle = static_cast<std::ptrdiff_t>(rows.size());
        const bool in_order = part->added.empty() || rows.back() < part->added.front();
        rows.insert(rows.end(), part->added.begin(), part->added.end());
        if (!in_order) std::inplace_merge(rows.begin(), rows.begin() + middle, rows.end());
    }
    return rows;
}

}  // namespace

Result<std::optional<IndexRows>> read_doclists(Connection& connection, std::string_view term) {
    std::optional<std::vector<Part>> parts;
    {
        Query structure(connection, sql::vector_words_structure);
        ARCHAEO_ASSIGN(const bool is_there, structure.step());
        if (is_there) parts = parts_of(structure.bytes(0));
    }
    if (!parts) return std::optional<IndexRows>();
    const std::string key = main_index_mark + std::string(term);
    std::vector<PartRows> rows;
    for (const Part& part : *parts) {
        ARCHAEO_ASSIGN(auto of_part, rows_in(connection, part, key));
        if (!of_part) return std::optional<IndexRows>();
        rows.push_back(*std::move(of_part));
    }
    return std::optional(join(std::move(rows)));
}

}  // namespace archaeologist
