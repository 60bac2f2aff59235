#include "vector/postings.hpp"
#include "vector/project_file.hpp"

namespace archaeologist {

Result<TermCounts> ProjectFile::count_terms(std::span<const std::string> terms) {
    return database_->read([&](sqlite::Connection& connection) -> Result<TermCounts> {
        ARCHAEO_TRY(refresh_rows(connection));
        TermCounts counts;
        {
            const ReaderLock lock(rows_mutex_);
            counts.chunks = rows_.live_size();
        }
        ARCHAEO_ASSIGN(WordIndex index, WordIndex::open(connection, postings_));
        for (const std::string& term : terms) {
            ARCHAEO_ASSIGN(const SharedPostings postings, index.find(std::string_view(term)));
            counts.with_term.push_back(postings->chunks.size());
        }
        return counts;
    });
}

Result<std::vector<std::string>> ProjectFile::languages() {
    return database_->read([&](sqlite::Connection& connection) -> Result<std::vector<std::string>> {
        ARCHAEO_TRY(refresh_documents(connection));
        std::vector<std::string> names;
        for (const NaturalLanguage language : stemmed_in()) names.emplace_back(name_of(language));
        return names;
    });
}

// As the documents in memory have it.
std::vector<NaturalLanguage> ProjectFile::stemmed_in() {
    const ReaderLock lock(rows_mutex_);
    return documents_.languages();
}

}  // namespace archaeologist
