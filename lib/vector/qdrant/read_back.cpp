// Points as they were stored.
#include <algorithm>
#include <array>
#include <charconv>
#include <iterator>

#include "vector/points.hpp"
#include "vector/qdrant/store.hpp"

namespace archaeologist::qdrant {
namespace {

constexpr std::size_t values_max = 100'000;
constexpr std::chrono::seconds languages_kept{5};

constexpr std::array<std::string_view, 12> point_keys{
    key::ordinal,       key::path,       key::file_type, key::language, key::core_begin, key::core_end,
    key::context_begin, key::line_first, key::line_last, key::heading,  key::headings,   key::text};
constexpr std::array<std::string_view, 3> text_keys{key::ordinal, key::core_begin, key::text};

Error gone(const Collection& collection, std::uint64_t ordinal) {
    return {Code::not_found, collection.shown() + ": point " + std::to_string(ordinal) +
                                 " of a generation is not there, and those behind it are"};
}

}  // namespace

Result<StoredPoints> Store::points(ProjectId project, SourceId source, const GenerationId& generation,
                                   std::uint64_t first_ordinal, std::size_t limit) {
    ARCHAEO_TRY(validate_chunks_limit(limit));
    StoredPoints page;
    const Filter filter = Filter(project).source(source).generation(generation);
    ARCHAEO_ASSIGN(auto records, records_by_ordinal(*collection_, filter, first_ordinal, first_ordinal + limit,
                                                    point_keys, Vectors::dense));
    if (records.empty()) return page;
    std::string text;
    std::uint64_t begin = records.front().core.begin;
    std::uint64_t context_begin = begin;
    for (std::size_t i = 0; i < records.size(); ++i) {
        if (records[i].ordinal != first_ordinal + i) return gone(*collection_, first_ordinal + i);
        context_begin = std::min(context_begin, records[i].context_begin);
        text += records[i].text;
    }
    for (std::uint64_t ordinal = first_ordinal; begin > context_begin && ordinal > 0; --ordinal) {
        ARCHAEO_ASSIGN(const auto before, records_by_ordinal(*collection_, filter, ordinal - 1, ordinal, text_keys));
        if (before.empty()) return gone(*collection_, ordinal - 1);
        text.insert(0, before.front().text);
        begin = before.front().core.begin;
    }
    page.document = {project,
                     source,
                     generation,
                     std::move(records.front().path),
                     std::move(records.front().file_type),
                     std::move(records.front().language)};
    page.text = std::make_shared<const std::string>(std::move(text));
    for (Record& record : records) {
        const ByteRange context{record.context_begin, record.core.end};
        record.dense.resize(dimension_, 0);
        page.points.push_back(
            {record.ordinal, record.core, context, record.lines, std::move(record.heading),
             std::string_view(*page.text)
                 .substr(static_cast<std::size_t>(context.begin - begin), static_cast<std::size_t>(context.size())),
             std::move(record.dense), std::move(record.headings)});
    }
    return page;
}

Result<std::vector<std::string>> Store::values_of(std::string_view key, const std::string& filter,
                                                  const std::optional<SearchTime>& time) {
    JsonWriter json;
    json.begin_object().field("key", key).field("limit", values_max).field("exact", true);
    if (!filter.empty()) json.key("filter").raw(filter);
    json.end_object();
    ARCHAEO_ASSIGN(const Reply reply, collection_->post("/facet", "qdrant facet", json.text(), time));
    simdjson::dom::array hits;
    if (reply.result()["hits"].get(hits) != simdjson::SUCCESS) {
        return Error{Code::io_error, collection_->shown() + ": the reply to a facet has no hits"};
    }
    std::vector<std::string> values;
    for (const simdjson::dom::element hit : hits) {
        std::string_view text;
        if (hit["value"].get(text) == simdjson::SUCCESS) values.emplace_back(text);
    }
    return values;
}

Result<std::vector<ProjectId>> Store::projects() {
    ARCHAEO_ASSIGN(const auto values, values_of(key::project, {}));
    std::vector<ProjectId> found;
    for (const std::string& text : values) {
        std::int64_t id = 0;
        const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), id);
        if (error == std::errc{} && end == text.data() + text.size()) found.push_back(ProjectId{id});
    }
    std::sort(found.begin(), found.end());
    return found;
}

Result<std::vector<std::string>> Store::languages(ProjectId project) {
    const auto now = std::chrono::steady_clock::now();
    {
        const MutexLock lock(languages_mutex_);
        const auto known = languages_.find(project);
        if (known != languages_.end() && now < known->second.until) return known->second.names;
    }
    ARCHAEO_ASSIGN(auto names,
                   values_of(key::language, Filter(project).text(), SearchTime(collection_->location().search_max)));
    std::erase_if(names, [](const std::string& name) { return stemming_of(name) == NaturalLanguage::english; });
    const MutexLock lock(languages_mutex_);
    languages_[project] = {names, now + languages_kept};
    return names;
}

void Store::forget_languages(ProjectId project) {
    const MutexLock lock(languages_mutex_);
    languages_.erase(project);
}

}  // namespace archaeologist::qdrant
