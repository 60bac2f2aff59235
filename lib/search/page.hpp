// From what the legs found to the hits of one page: joined, each text once, a few of each source.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "archaeologist/search.hpp"
#include "archaeologist/vector_store.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {

// A stored chunk that matched and may be seen.
struct Candidate {
    ProjectId project_id{};
    VectorHit hit;
};

class Page {
public:
    // request must outlive the page.
    explicit Page(const SearchRequest& request) : request_(request) {}

    // Joins the legs, best first each; what was there before is gone.
    void fill(std::vector<Candidate> words, std::vector<Candidate> dense, double weight);

    // Adds a project's matches, in order: those of one chunk are one hit.
    void add_literal(ProjectId project, std::vector<LiteralMatch> matches);

    // Hits from the best on, before offset and limit.
    [[nodiscard]] std::size_t total() const { return hits_.size(); }
    // The hits between offset and limit, without source names and highlights of words. Once.
    [[nodiscard]] std::vector<Hit> take();

private:
    void add_to_last(const LiteralMatch& match);

    const SearchRequest& request_;
    std::vector<Hit> hits_;
};

// Fills in why a hit is one, and what to highlight in it.
void explain(Hit& hit, const SearchRequest& request, const std::vector<std::string>& terms, Analyzer& analyzer);

}  // namespace archaeologist
