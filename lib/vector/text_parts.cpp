#include "vector/text_parts.hpp"

#include <algorithm>
#include <array>
#include <unordered_set>

#include "sql/vector_chunk_by_id.hpp"
#include "sql/vector_segment_before.hpp"
#include "sql/vector_signatures_all.hpp"
#include "sql/vector_signatures_between.hpp"
#include "vector/regex.hpp"
#include "vector/signature.hpp"

namespace archaeologist {
namespace {

using sqlite::Connection;
using sqlite::Query;

constexpr std::uint64_t character_bytes_max = 4;
constexpr std::size_t few_chunks = 64;  // are read at once
constexpr std::size_t few_of_all = 4;   // a fourth is looked up one by one in the time in which all are read

struct Segment {
    std::int64_t document;
    std::uint64_t begin;
    std::uint64_t size;
    std::string_view bits;
    std::string_view head;
    std::string_view tail;
};

// A copy that lives where it is.
class Tail {
public:
    Tail() = default;
    explicit Tail(std::string_view text) : size_(std::min(text.size(), bytes_.size())) {
        std::copy_n(text.end() - static_cast<std::ptrdiff_t>(size_), size_, bytes_.begin());
    }
    [[nodiscard]] std::string_view text() const { return {bytes_.data(), size_}; }

private:
    std::array<char, signature_border_bytes> bytes_;
    std::size_t size_ = 0;
};

// A literal may reach over a small text as a whole.
SignatureProbe::Presence presence_in(const Segment& segment, const SignatureProbe& probe) {
    return probe.presence_in(segment.size < probe.bytes_max() ? std::string_view() : segment.bits);
}

// The parts that a literal may stand in. Segments come in order.
class LiteralParts {
public:
    LiteralParts(const SignatureProbe& probe, const LiteralQuery& query)
        : probe_(probe), needs_neighbours_(query.whole_word) {}

    void add(const Segment& segment) {
        Before& before = before_of(segment);
        const auto presence = presence_in(segment, probe_);
        const bool crosses = before.is_there && probe_.may_cross(before.presence, presence) &&
                             probe_.fits_border(before.tail.text(), segment.head);
        const bool has_match = crosses || probe_.is_whole(presence);
        // What stands around a match says whether it is a whole word.
        const bool needs_before = crosses || (has_match && needs_neighbours_ && before.is_there);
        if (needs_before && !before.is_included) {
            parts_[segment.document].push_back({before.begin, before.begin});
            before.is_included = true;
        }
        const bool is_included = has_match || (needs_neighbours_ && before.has_match);
        if (is_included && before.is_included) {
            parts_[segment.document].back().last = segment.begin;
        } else if (is_included) {
            parts_[segment.document].push_back({segment.begin, segment.begin});
        }
        before = {segment.document, segment.begin, presence, Tail(segment.tail), true, is_included, has_match};
    }
    // What comes next is of documents that were not here before.
    void forget() { before_.clear(); }
    [[nodiscard]] TextParts take() { return std::move(parts_); }

private:
    struct Before {
        std::int64_t document = 0;
        std::uint64_t begin = 0;
        SignatureProbe::Presence presence;
        Tail tail;
        bool is_there = false;
        bool is_included = false;
        bool has_match = false;
    };

    // A document's segments follow each other; where it was stored in pieces, some of others that were stored at the same
    // time stand in between.
    Before& before_of(const Segment& segment) {
        if (segment.begin > 0) {
            const auto known = std::find_if(before_.rbegin(), before_.rend(),
                                            [&](const Before& one) { return one.document == segment.document; });
            if (known != before_.rend()) return *known;
        }
        return before_.emplace_back();
    }

    const SignatureProbe& probe_;
    const bool needs_neighbours_;
    std::vector<Before> before_;  // one a document
    TextParts parts_;
};

// The documents that hold what a regular expression needs. A line may be of many segments, so texts are whole.
class RegexParts {
public:
    explicit RegexParts(const RegexFilter& filter) : filter_(filter) {
        for (const std::string& atom : filter.atoms()) probes_.emplace_back(atom);
    }

    void add(const Segment& segment) {
        Document& document = documents_[segment.document];
        const bool is_first = document.before.empty();
        if (is_first) {
            document.before.resize(probes_.size());
            document.is_held.resize(probes_.size(), false);
        }
        for (std::size_t i = 0; i < probes_.size(); ++i) {
            if (document.is_held[i]) continue;
            const auto presence = presence_in(segment, probes_[i]);
            document.is_held[i] =
                probes_[i].is_whole(presence) || (!is_first && probes_[i].may_cross(document.before[i], presence) &&
                                                  probes_[i].fits_border(document.tail, segment.head));
            document.before[i] = presence;
        }
        document.tail = segment.tail;
    }
    [[nodiscard]] TextParts take() {
        TextParts parts;
        for (const auto& [id, document] : documents_) {
            if (filter_.may_match(document.is_held)) parts[id] = {whole_text};
        }
        return parts;
    }

private:
    struct Document {
        std::vector<SignatureProbe::Presence> before;
        std::string tail;  // of the segment before
        std::vector<bool> is_held;
    };

    const RegexFilter& filter_;
    std::vector<SignatureProbe> probes_;
    std::unordered_map<std::int64_t, Document> documents_;
};

TextParts all_of(const std::vector<std::int64_t>& documents) {
    TextParts parts;
    for (const std::int64_t document : documents) parts[document] = {whole_text};
    return parts;
}

// Takes the rows of signatures up to the last.
template <class Parts, class IsWanted>
Status take_rows(Query& rows, Parts& parts, IsWanted is_wanted) {
    for (;;) {
        ARCHAEO_ASSIGN(const bool row, rows.step());
        if (!row) return {};
        const std::int64_t document = rows.integer(0);
        if (!is_wanted(document)) continue;
        parts.add({document, static_cast<std::uint64_t>(rows.integer(1)), static_cast<std::uint64_t>(rows.integer(2)),
                   rows.bytes(3), rows.bytes(4), rows.bytes(5)});
    }
}

template <class Parts>
Status take_rows_between(Connection& connection, std::int64_t document, const TextPart& part, Parts& parts) {
    Query between(connection, sql::vector_signatures_between);
    between.bind(":document", document).bind(":first", part.first).bind(":last", part.last);
    return take_rows(between, parts, [](std::int64_t /*document*/) { return true; });
}

template <class Parts>
Result<TextParts> gather(Connection& connection, const std::vector<std::int64_t>& documents, std::size_t all_documents,
                         Parts parts) {
    if (documents.size() > all_documents / few_of_all) {
        const auto last = std::max_element(documents.begin(), documents.end());
        std::vector<bool> is_wanted(last == documents.end() ? 0 : static_cast<std::size_t>(*last) + 1, false);
        for (const std::int64_t document : documents) is_wanted[static_cast<std::size_t>(document)] = true;
        Query all(connection, sql::vector_signatures_all);
        ARCHAEO_TRY(take_rows(all, parts, [&](std::int64_t document) {
            const auto at = static_cast<std::size_t>(document);
            return at < is_wanted.size() && is_wanted[at];
        }));
        return parts.take();
    }
    for (const std::int64_t document : documents) {
        ARCHAEO_TRY(take_rows_between(connection, document, whole_text, parts));
    }
    return parts.take();
}

Result<std::uint64_t> segment_before(Connection& connection, std::int64_t document, std::uint64_t at) {
    Query segment(connection, sql::vector_segment_before);
    ARCHAEO_ASSIGN(const bool found, segment.bind(":document", document).bind(":at", at).step());
    return found ? static_cast<std::uint64_t>(segment.integer(0)) : 0;
}

// Parts that have a segment in common become one.
void join(std::vector<TextPart>& parts) {
    std::sort(parts.begin(), parts.end(), [](const TextPart& a, const TextPart& b) { return a.first < b.first; });
    std::vector<TextPart> joined;
    for (const TextPart& part : parts) {
        if (!joined.empty() && part.first <= joined.back().last) {
            joined.back().last = std::max(joined.back().last, part.last);
        } else {
            joined.push_back(part);
        }
    }
    parts = std::move(joined);
}

}  // namespace

Result<TextParts> find_text_parts(Connection& connection, const LiteralQuery& query,
                                  const std::vector<std::int64_t>& documents, std::size_t all_documents) {
    if (query.pattern == TextPattern::literal) {
        const SignatureProbe probe(query.text);
        if (!probe.is_selective()) return all_of(documents);
        return gather(connection, documents, all_documents, LiteralParts(probe, query));
    }
    const RegexFilter filter(query.text, query.letter_case);
    if (filter.atoms().empty()) return all_of(documents);
    return gather(connection, documents, all_documents, RegexParts(filter));
}

Result<TextParts> find_text_parts_around(Connection& connection, const LiteralQuery& query, const RowList& chunks,
                                         const std::unordered_set<std::int64_t>& documents) {
    TextParts parts;
    const std::uint64_t reach = fold_growth_max * query.text.size() + character_bytes_max;
    for (const std::int64_t id : chunks.rows()) {
        Query chunk(connection, sql::vector_chunk_by_id);
        ARCHAEO_ASSIGN(const bool found, chunk.bind(":id", id).step());
        if (!found || !documents.contains(chunk.integer(0))) continue;
        const std::int64_t document = chunk.integer(0);
        const auto begin = static_cast<std::uint64_t>(chunk.integer(2));
        const auto end = static_cast<std::uint64_t>(chunk.integer(3));
        TextPart part;
        ARCHAEO_ASSIGN(part.first, segment_before(connection, document, begin - std::min(begin, reach)));
        ARCHAEO_ASSIGN(part.last, segment_before(connection, document, end + reach));
        parts[document].push_back(part);
    }
    for (auto& [document, of_document] : parts) join(of_document);
    const SignatureProbe probe(query.text);
    if (chunks.size() <= few_chunks || !probe.is_selective()) return parts;
    LiteralParts held(probe, query);
    for (const auto& [document, of_document] : parts) {
        for (const TextPart& part : of_document) {
            ARCHAEO_TRY(take_rows_between(connection, document, part, held));
        }
        held.forget();
    }
    return held.take();
}

}  // namespace archaeologist
