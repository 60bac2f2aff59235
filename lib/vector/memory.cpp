#include "vector/memory.hpp"

#include <algorithm>
#include <map>
#include <unordered_map>

#include "base/mutex.hpp"
#include "text/analyzer.hpp"
#include "text/lines.hpp"
#include "vector/bm25.hpp"
#include "vector/filter.hpp"
#include "vector/headings.hpp"
#include "vector/int8_vector.hpp"
#include "vector/points.hpp"
#include "vector/symbol.hpp"
#include "vector/text_scanner.hpp"

namespace archaeologist {
namespace {

struct StoredPoint {
    ByteRange core;
    ByteRange context;
    LineRange lines;
    std::string heading;
    std::vector<std::int8_t> vector;
    std::int32_t squares = 0;  // 0: the zero vector, which never matches
    std::unordered_map<std::string, std::uint32_t> terms;
    std::uint32_t length = 0;
    std::vector<Heading> headings;
};

struct StoredDocument {
    Document document;
    std::string text;
    std::vector<StoredPoint> points;

    [[nodiscard]] std::string_view core_of(const StoredPoint& point) const {
        return std::string_view(text).substr(point.core.begin, point.core.size());
    }
};

using Place = std::pair<SourceId, GenerationId>;
using Project = std::map<Place, StoredDocument>;

struct Scored {
    double score = 0;
    PointId id;
    const StoredDocument* document = nullptr;
    std::uint32_t ordinal = 0;
};

void add_terms(Analyzer& analyzer, std::string_view text, NaturalLanguage language, StoredPoint& point) {
    bool is_first = true;
    const auto add = [&](const Term& term) {
        ++point.terms[std::string(term.text)];
        if (is_first || !term.same_position) ++point.length;
        is_first = false;
    };
    analyzer.analyze(text, add, language);
}

std::vector<std::string> languages_of(const Project& project) {
    LanguageSet languages;
    for (const auto& [place, stored] : project) {
        languages.set(static_cast<std::size_t>(stemming_of(stored.document.language)));
    }
    languages.reset(static_cast<std::size_t>(NaturalLanguage::english));
    std::vector<std::string> names;
    for (std::size_t i = 0; i < languages.size(); ++i) {
        if (languages.test(i)) names.emplace_back(name_of(static_cast<NaturalLanguage>(i)));
    }
    return names;
}

VectorHit make_hit(const Scored& scored) {
    const StoredPoint& point = scored.document->points[scored.ordinal];
    const Document& document = scored.document->document;
    return {scored.id,      document.source_id, document.generation,
            scored.ordinal, point.core,         point.context,
            point.lines,    point.heading,      std::string(scored.document->core_of(point)),
            scored.score,   document.file_type, document.language,
            point.headings};
}

LiteralMatch make_match(const StoredDocument& stored, const ByteRange& range) {
    const auto after =
        std::upper_bound(stored.points.begin(), stored.points.end(), range.begin,
                         [](std::uint64_t at, const StoredPoint& point) { return at < point.core.begin; });
    const auto ordinal = static_cast<std::uint32_t>(after - stored.points.begin()) - 1;
    const StoredPoint& point = stored.points[ordinal];
    const auto before = std::string_view(stored.text).substr(point.core.begin, range.begin - point.core.begin);
    return {stored.document.source_id,
            stored.document.generation,
            range,
            ordinal,
            point.core,
            point.lines,
            point.lines.first + count_newlines(before),
            heading_at(range.begin, point.heading, point.headings),
            std::string(stored.core_of(point)),
            stored.document.file_type};
}

// Terms, or a prefix.
struct Word {
    QueryWord terms;
    const PrefixWord* prefix = nullptr;
};

bool holds_beginning(const StoredPoint& point, std::string_view begins) {
    return std::any_of(point.terms.begin(), point.terms.end(),
                       [&](const auto& counted) { return counted.first.starts_with(begins); });
}

// 0 when the point does not hold it.
std::uint32_t frequency(const StoredPoint& point, const Word& word) {
    const auto holds = [&](const std::string& term) { return point.terms.contains(term); };
    if (word.prefix != nullptr) {
        const auto& terms = word.prefix->terms;
        return holds_beginning(point, word.prefix->begins) || std::any_of(terms.begin(), terms.end(), holds) ? 1 : 0;
    }
    std::uint32_t occurrences = 0;
    for (const std::string& term : word.terms) {
        const auto found = point.terms.find(term);
        if (found != point.terms.end()) occurrences = std::max(occurrences, found->second);
    }
    return occurrences == 0 ? 0 : bm25_frequency(occurrences);
}

bool meets(const StoredPoint& point, const ChunkCondition& condition) {
    const auto holds = [&](const std::string& term) { return point.terms.contains(term); };
    const auto begins = [&](const std::string& prefix) { return holds_beginning(point, prefix); };
    const auto is_headed = [&](const std::string& symbol) {
        return any_heading(point.heading, point.headings,
                           [&](std::string_view heading) { return matches_symbol(heading, symbol); });
    };
    const auto any_of = [](const std::vector<std::string>& all, const auto& is) {
        return std::any_of(all.begin(), all.end(), is);
    };
    const auto holds_one = [&](const std::vector<std::string>& terms) { return any_of(terms, holds); };
    return std::all_of(condition.all.begin(), condition.all.end(), holds_one) && !any_of(condition.none, holds) &&
           !any_of(condition.none_beginning, begins) &&
           (condition.symbols.empty() || any_of(condition.symbols, is_headed)) &&
           !any_of(condition.not_symbols, is_headed);
}

class MemoryStore final : public VectorStore {
public:
    explicit MemoryStore(std::size_t dimension) : dimension_(dimension) {}

    [[nodiscard]] Status upsert(const Document& document, std::span<const Point> points) override {
        ARCHAEO_TRY(validate_points(document, points, dimension_));
        if (points.empty()) return {};
        const MutexLock lock(mutex_);
        Project& project = projects_[document.project_id];
        const Place place{document.source_id, document.generation};
        const auto found = project.find(place);
        const std::size_t stored = found == project.end() ? 0 : found->second.points.size();
        const std::size_t first = points.front().ordinal;
        const std::uint64_t bytes = first == 0 || first > stored ? 0 : found->second.points[first - 1].core.end;
        if (first > stored || points.front().core.begin != bytes) {
            return points_out_of_order(document, points.front(), stored,
                                       found == project.end() ? 0 : found->second.text.size());
        }
        const std::uint64_t contexts = contexts_begin(points);
        const std::string before = found == project.end() ? "" : found->second.text.substr(contexts, bytes - contexts);
        ARCHAEO_TRY(validate_contexts(document, points, before));
        StoredDocument& target = project.try_emplace(place, StoredDocument{document, {}, {}}).first->second;
        for (const Point& point : points) put(target, point);
        return {};
    }

    [[nodiscard]] Status erase(ProjectId project, SourceId source, const GenerationId& generation) override {
        const MutexLock lock(mutex_);
        const auto found = projects_.find(project);
        if (found != projects_.end()) found->second.erase({source, generation});
        return {};
    }

    [[nodiscard]] Status erase_project(ProjectId project) override {
        const MutexLock lock(mutex_);
        projects_.erase(project);
        return {};
    }

    [[nodiscard]] Result<std::uint64_t> count(ProjectId project, SourceId source,
                                              const GenerationId& generation) override {
        const MutexLock lock(mutex_);
        const Project& stored = projects_[project];
        const auto found = stored.find({source, generation});
        return found == stored.end() ? 0 : found->second.points.size();
    }

    [[nodiscard]] Result<std::vector<StoredChunk>> chunks(ProjectId project, SourceId source,
                                                          const GenerationId& generation, std::uint64_t first_ordinal,
                                                          std::size_t limit) override {
        ARCHAEO_TRY(validate_chunks_limit(limit));
        const MutexLock lock(mutex_);
        const Project& stored = projects_[project];
        const auto found = stored.find({source, generation});
        std::vector<StoredChunk> page;
        if (found == stored.end()) return page;
        const StoredDocument& document = found->second;
        for (std::uint64_t i = first_ordinal; i < document.points.size() && page.size() < limit; ++i) {
            const StoredPoint& point = document.points[i];
            const auto ordinal = static_cast<std::uint32_t>(i);
            page.push_back({point_id(document.document, ordinal), ordinal, point.core, point.lines, point.heading,
                            std::string(document.core_of(point))});
        }
        return page;
    }

    [[nodiscard]] Result<StoredPoints> points(ProjectId project, SourceId source, const GenerationId& generation,
                                              std::uint64_t first_ordinal, std::size_t limit) override {
        ARCHAEO_TRY(validate_chunks_limit(limit));
        const MutexLock lock(mutex_);
        const Project& stored = projects_[project];
        const auto found = stored.find({source, generation});
        StoredPoints page;
        if (found == stored.end()) return page;
        const StoredDocument& document = found->second;
        page.document = document.document;
        page.text = std::make_shared<const std::string>(document.text);
        for (std::uint64_t i = first_ordinal; i < document.points.size() && page.points.size() < limit; ++i) {
            const StoredPoint& point = document.points[i];
            page.points.push_back({static_cast<std::uint32_t>(i), point.core, point.context, point.lines, point.heading,
                                   std::string_view(*page.text).substr(point.context.begin, point.context.size()),
                                   std::vector<float>(point.vector.begin(), point.vector.end()), point.headings});
        }
        return page;
    }

    [[nodiscard]] Result<std::vector<ProjectId>> projects() override {
        const MutexLock lock(mutex_);
        std::vector<ProjectId> found;
        for (const auto& [project, documents] : projects_) {
            if (!documents.empty()) found.push_back(project);
        }
        return found;
    }

    [[nodiscard]] Result<std::vector<StoredGeneration>> generations(ProjectId project,
                                                                    std::optional<StoredGeneration> after,
                                                                    std::size_t limit) override {
        ARCHAEO_TRY(validate_generations_limit(limit));
        const MutexLock lock(mutex_);
        const Project& stored = projects_[project];
        auto at = after ? stored.upper_bound({after->source_id, after->generation}) : stored.begin();
        std::vector<StoredGeneration> found;
        for (; at != stored.end() && found.size() < limit; ++at) found.push_back({at->first.first, at->first.second});
        return found;
    }

    [[nodiscard]] Result<std::vector<VectorHit>> query(const VectorQuery& query) override {
        ARCHAEO_TRY(validate_query(query, dimension_));
        const MutexLock lock(mutex_);
        const Project& project = projects_[query.project_id];
        const DocumentFilter filter(query.filter);
        std::vector<Scored> scored =
            query.dense.empty() ? by_words(project, filter, query) : by_vector(project, filter, query);
        std::sort(scored.begin(), scored.end(), [](const Scored& a, const Scored& b) {
            return a.score != b.score ? a.score > b.score : a.id < b.id;
        });
        std::vector<VectorHit> hits;
        for (std::size_t i = query.offset; i < scored.size() && hits.size() < query.limit; ++i) {
            hits.push_back(make_hit(scored[i]));
            if (query.text == HitText::left_out) hits.back().text.clear();
        }
        return hits;
    }

    [[nodiscard]] Result<TermCounts> count_terms(ProjectId project, std::span<const std::string> terms) override {
        const MutexLock lock(mutex_);
        TermCounts counts{0, std::vector<std::uint64_t>(terms.size(), 0)};
        for (const auto& [place, stored] : projects_[project]) {
            for (const StoredPoint& point : stored.points) {
                ++counts.chunks;
                for (std::size_t i = 0; i < terms.size(); ++i) counts.with_term[i] += point.terms.count(terms[i]);
            }
        }
        return counts;
    }

    [[nodiscard]] Result<std::vector<std::string>> languages(ProjectId project) override {
        const MutexLock lock(mutex_);
        return languages_of(projects_[project]);
    }

    [[nodiscard]] Status add_texts(ProjectId project, std::span<VectorHit* const> hits) override {
        const MutexLock lock(mutex_);
        const Project& stored = projects_[project];
        for (VectorHit* hit : hits) {
            const auto found = stored.find({hit->source_id, hit->generation});
            if (found == stored.end() || hit->core.end > found->second.text.size()) continue;
            hit->text = found->second.text.substr(hit->core.begin, hit->core.size());
        }
        return {};
    }

    [[nodiscard]] Result<LiteralReply> find(const LiteralQuery& query) override {
        ARCHAEO_TRY(validate_literal(query));
        const MutexLock lock(mutex_);
        const DocumentFilter filter(query.filter);
        ARCHAEO_ASSIGN(const auto scanner, make_scanner(query));
        LiteralReply reply;
        for (const auto& [place, stored] : projects_[query.project_id]) {
            if (!admits(filter, stored)) continue;
            if (query.accept && !query.accept(place.first, place.second)) continue;
            std::size_t chunks = 0;
            std::optional<std::uint32_t> last_ordinal;
            for (const ByteRange& range : find_all(stored.text, *scanner)) {
                ++reply.total_found;
                if (reply.matches.size() == query.limit) continue;
                LiteralMatch match = make_match(stored, range);
                if (match.ordinal != last_ordinal) ++chunks;
                last_ordinal = match.ordinal;
                if (query.chunks_per_document != 0 && chunks > query.chunks_per_document) continue;
                reply.matches.push_back(std::move(match));
            }
        }
        return reply;
    }

private:
    static bool admits(const DocumentFilter& filter, const StoredDocument& stored) {
        const Document& document = stored.document;
        return filter.admits(document.source_id, document.source_name, document.file_type, document.language);
    }

    // A point equal to the stored one changes nothing; one that differs takes the place of it and of all behind it.
    void put(StoredDocument& target, const Point& point) ARCHAEO_REQUIRES(mutex_) {
        StoredPoint stored{point.core, point.context, point.lines, point.heading, quantize(point.dense), 0, {},
                           0,          point.headings};
        stored.squares = dot_scalar(stored.vector, stored.vector);
        if (point.ordinal < target.points.size()) {
            const StoredPoint& old = target.points[point.ordinal];
            if (is_same(old, stored) && target.core_of(old) == core_text(point)) return;
        }
        const NaturalLanguage language = stemming_of(target.document.language);
        add_terms(analyzer_, point.text, language, stored);
        add_terms(analyzer_, header_text(target.document.source_name, point.heading, point.headings), language, stored);
        target.points.resize(point.ordinal);
        target.text.resize(point.core.begin);
        target.points.push_back(std::move(stored));
        target.text += core_text(point);
    }

    static bool is_same(const StoredPoint& a, const StoredPoint& b) {
        return a.core == b.core && a.context == b.context && a.lines == b.lines && a.heading == b.heading &&
               a.headings == b.headings && a.vector == b.vector;
    }

    static std::vector<Scored> by_vector(const Project& project, const DocumentFilter& filter,
                                         const VectorQuery& query) {
        const std::vector<std::int8_t> wanted = quantize(query.dense);
        const std::int32_t squares = dot_scalar(wanted, wanted);
        std::vector<Scored> scored;
        if (squares == 0) return scored;
        for (const auto& [place, stored] : project) {
            if (!admits(filter, stored)) continue;
            for (std::uint32_t i = 0; i < stored.points.size(); ++i) {
                const StoredPoint& point = stored.points[i];
                if (point.squares == 0 || !meets(point, query.condition)) continue;
                const double score = cosine(dot_scalar(wanted, point.vector), squares, point.squares);
                scored.push_back({score, point_id(stored.document, i), &stored, i});
            }
        }
        return scored;
    }

    std::vector<Scored> by_words(const Project& project, const DocumentFilter& filter, const VectorQuery& query)
        ARCHAEO_REQUIRES(mutex_) {
        std::vector<Word> words;
        const auto languages = find_natural_languages(languages_of(project));
        for (QueryWord& word : analyzer_.query_words(query.words, languages))
            words.push_back({std::move(word), nullptr});
        for (const PrefixWord& prefix : query.prefixes) words.push_back({{}, &prefix});
        std::uint64_t chunks = 0;
        std::uint64_t length = 0;
        std::vector<std::uint64_t> with_term(words.size(), 0);
        for (const auto& [place, stored] : project) {
            for (const StoredPoint& point : stored.points) {
                ++chunks;
                length += point.length;
                for (std::size_t i = 0; i < words.size(); ++i) with_term[i] += frequency(point, words[i]) > 0 ? 1U : 0U;
            }
        }
        const double average = static_cast<double>(length) / static_cast<double>(chunks);
        std::vector<Scored> scored;
        for (const auto& [place, stored] : project) {
            if (!admits(filter, stored)) continue;
            for (std::uint32_t ordinal = 0; ordinal < stored.points.size(); ++ordinal) {
                const StoredPoint& point = stored.points[ordinal];
                if (!meets(point, query.condition)) continue;
                double score = 0;
                for (std::size_t i = 0; i < words.size(); ++i) {
                    const std::uint32_t times = frequency(point, words[i]);
                    if (times > 0) score += bm25_term(bm25_idf(chunks, with_term[i]), times, point.length, average);
                }
                if (score > 0) scored.push_back({score, point_id(stored.document, ordinal), &stored, ordinal});
            }
        }
        return scored;
    }

    const std::size_t dimension_;
    Mutex mutex_;
    Analyzer analyzer_ ARCHAEO_GUARDED_BY(mutex_);
    std::map<ProjectId, Project> projects_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace

std::unique_ptr<VectorStore> make_memory_store(std::size_t dimension) {
    return std::make_unique<MemoryStore>(dimension);
}

}  // namespace archaeologist
