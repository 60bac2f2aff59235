// Literal search: the literal's grams narrow down which documents are read, their texts decide.
#include <algorithm>
#include <array>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <utility>

#include "text/lines.hpp"
#include "vector/filter.hpp"
#include "vector/headings.hpp"
#include "vector/points.hpp"
#include "vector/qdrant/grams.hpp"
#include "vector/qdrant/store.hpp"
#include "vector/regex.hpp"
#include "vector/text_scanner.hpp"

namespace archaeologist::qdrant {
namespace {

constexpr std::size_t page_points = 1'000;
constexpr std::size_t narrowing_atoms_max = 8;  // of an expression
constexpr std::size_t batch_documents = 32;     // whose first chunks are fetched together
constexpr std::uint64_t batch_chunks = 8;       // of each
constexpr std::uint64_t window_chunks = 256;    // of one document, behind those
// Behind which no match can begin: a literal has 1,000 bytes at most, a line that a pattern matches in is looked at in parts.
constexpr std::uint64_t kept_of_literal = 8'192;
constexpr std::uint64_t kept_of_regex = 2 * regex_window_bytes_max;

constexpr std::array<std::string_view, 5> document_keys{key::source, key::generation, key::path, key::file_type,
                                                        key::language};
constexpr std::array<std::string_view, 11> chunk_keys{key::source,   key::generation, key::ordinal,   key::core_begin,
                                                      key::core_end, key::line_first, key::line_last, key::heading,
                                                      key::headings, key::text,       key::file_type};

using Place = std::pair<SourceId, GenerationId>;
using Places = std::set<Place>;
using ChunksOf = std::map<Place, std::vector<Record>>;

class LiteralSearch {
public:
    LiteralSearch(Collection& collection, const LiteralQuery& query, TextScanner& scanner)
        : collection_(collection),
          query_(query),
          wanted_(query.filter),
          scanner_(scanner),
          time_(collection.location().search_max) {}

    Result<LiteralReply> run() {
        ARCHAEO_ASSIGN(const Places documents, candidates());
        std::vector<Place> batch;
        for (const Place& document : documents) {
            if (query_.accept && !query_.accept(document.first, document.second)) continue;
            batch.push_back(document);
            if (batch.size() < batch_documents) continue;
            ARCHAEO_TRY(scan_all(batch));
            batch.clear();
        }
        ARCHAEO_TRY(scan_all(batch));
        return std::move(reply_);
    }

private:
    [[nodiscard]] Filter project() const { return Filter(query_.project_id).admitted_by(query_.filter); }

    [[nodiscard]] Result<Places> documents_with(const Filter& filter) {
        Pages pages(collection_, filter, page_points, document_keys, Vectors::left_out, time_);
        Places found;
        for (;;) {
            ARCHAEO_ASSIGN(const auto page, pages.next());
            if (page.empty()) return found;
            for (const Record& record : page) {
                const Place place{record.source, record.generation};
                if (found.contains(place)) continue;
                if (wanted_.admits(record.source, record.path, record.file_type, record.language)) found.insert(place);
            }
        }
    }

    [[nodiscard]] Result<Places> candidates() {
        if (query_.pattern == TextPattern::regex) return candidates_of_regex();
        const std::string grams = grams_of_literal(query_.text);
        if (grams.empty()) return all_documents();
        ARCHAEO_ASSIGN(Places found, documents_with(project().has_grams(grams)));
        ARCHAEO_TRY(add_unknown(found));
        return found;
    }

    [[nodiscard]] Result<Places> candidates_of_regex() {
        const RegexFilter filter(query_.text, query_.letter_case);
        std::vector<std::string> grams;
        std::vector<bool> untold;  // atoms that are taken to be in every document
        for (const std::string& atom : filter.atoms()) {
            const bool is_asked_for = grams.size() < narrowing_atoms_max;
            grams.push_back(is_asked_for ? grams_of_literal(atom) : "");
            untold.push_back(grams.back().empty());
        }
        if (grams.empty() || filter.may_match(untold)) return all_documents();
        std::map<Place, std::vector<bool>> held;
        for (std::size_t i = 0; i < grams.size(); ++i) {
            if (untold[i]) continue;
            ARCHAEO_ASSIGN(const Places with_atom, documents_with(project().has_grams(grams[i])));
            for (const Place& document : with_atom) held.try_emplace(document, untold).first->second[i] = true;
        }
        Places found;
        for (const auto& [document, is_held] : held) {
            if (filter.may_match(is_held)) found.insert(document);
        }
        ARCHAEO_TRY(add_unknown(found));
        return found;
    }

    [[nodiscard]] Result<Places> all_documents() { return documents_with(project().ordinal(0)); }

    [[nodiscard]] Status add_unknown(Places& found) {
        ARCHAEO_ASSIGN(Places unknown, documents_with(project().has_no_grams()));
        found.merge(unknown);
        return {};
    }

    // Small documents cost a request together, larger ones more of their own.
    [[nodiscard]] Status scan_all(const std::vector<Place>& documents) {
        if (documents.empty()) return {};
        std::vector<SourceId> sources;
        for (const auto& [source, generation] : documents) {
            if (sources.empty() || sources.back() != source) sources.push_back(source);
        }
        Pages pages(collection_, Filter(query_.project_id).sources(sources).ordinals(0, batch_chunks),
                    batch_documents * batch_chunks, chunk_keys, Vectors::left_out, time_);
        ChunksOf first_chunks;
        for (const Place& document : documents) first_chunks[document];
        for (;;) {
            ARCHAEO_ASSIGN(auto page, pages.next());
            if (page.empty()) break;
            for (Record& record : page) {
                const auto wanted = first_chunks.find({record.source, record.generation});
                if (wanted != first_chunks.end()) wanted->second.push_back(std::move(record));
            }
        }
        for (auto& [document, chunks] : first_chunks) {
            std::sort(chunks.begin(), chunks.end(),
                      [](const Record& a, const Record& b) { return a.ordinal < b.ordinal; });
            ARCHAEO_TRY(scan(document, std::move(chunks)));
        }
        return {};
    }

    [[nodiscard]] Status scan(const Place& document, std::vector<Record> chunks) {
        scanner_.restart();
        chunks_.clear();
        next_ordinal_ = 0;
        chunks_matched_ = 0;
        last_matched_.reset();
        const Filter filter = Filter(query_.project_id).source(document.first).generation(document.second);
        for (std::uint64_t window = batch_chunks;; window = window_chunks) {
            const std::uint64_t end = next_ordinal_ + window;
            for (Record& chunk : chunks) {
                // A gap: somebody is storing or erasing.
                if (chunk.ordinal != next_ordinal_) break;
                ++next_ordinal_;
                push(std::move(chunk));
            }
            if (next_ordinal_ != end) break;
            ARCHAEO_ASSIGN(chunks, records_by_ordinal(collection_, filter, end, end + window_chunks, chunk_keys,
                                                      Vectors::left_out, time_));
        }
        for (const ByteRange& range : scanner_.finish()) add(document, range);
        return {};
    }

    void push(Record chunk) {
        chunks_.push_back(std::move(chunk));
        const Record& last = chunks_.back();
        for (const ByteRange& range : scanner_.push(last.text)) add({last.source, last.generation}, range);
        const std::uint64_t kept = query_.pattern == TextPattern::regex ? kept_of_regex : kept_of_literal;
        while (chunks_.front().core.end + kept < last.core.end) chunks_.pop_front();
    }

    void add(const Place& document, const ByteRange& range) {
        ++reply_.total_found;
        if (reply_.matches.size() == query_.limit || chunks_.empty()) return;
        auto chunk = std::upper_bound(chunks_.begin(), chunks_.end(), range.begin,
                                      [](std::uint64_t at, const Record& one) { return at < one.core.begin; });
        if (chunk != chunks_.begin()) --chunk;
        if (last_matched_ != chunk->ordinal) ++chunks_matched_;
        last_matched_ = chunk->ordinal;
        if (query_.chunks_per_document != 0 && chunks_matched_ > query_.chunks_per_document) return;
        const auto before =
            std::string_view(chunk->text).substr(0, static_cast<std::size_t>(range.begin - chunk->core.begin));
        reply_.matches.push_back({document.first, document.second, range, chunk->ordinal, chunk->core, chunk->lines,
                                  chunk->lines.first + count_newlines(before),
                                  heading_at(range.begin, chunk->heading, chunk->headings), chunk->text,
                                  chunk->file_type});
    }

    Collection& collection_;
    const LiteralQuery& query_;
    const DocumentFilter wanted_;
    TextScanner& scanner_;
    const SearchTime time_;
    LiteralReply reply_;
    // Of the document that is scanned.
    std::deque<Record> chunks_;  // those that a match may still begin in
    std::uint64_t next_ordinal_ = 0;
    std::size_t chunks_matched_ = 0;
    std::optional<std::uint32_t> last_matched_;
};

}  // namespace

Result<LiteralReply> Store::find(const LiteralQuery& query) {
    ARCHAEO_TRY(validate_literal(query));
    ARCHAEO_ASSIGN(const auto scanner, make_scanner(query));
    return LiteralSearch(*collection_, query, *scanner).run();
}

}  // namespace archaeologist::qdrant
