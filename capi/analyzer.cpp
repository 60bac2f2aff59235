#include "archaeologist/analyzer.hpp"

#include "arguments.hpp"
#include "guard.hpp"

using namespace archaeologist;        // NOLINT(google-build-using-namespace)
using namespace archaeologist::capi;  // NOLINT(google-build-using-namespace)

struct archaeo_terms final : Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_terms(std::vector<AnalyzedTerm> all) : terms(std::move(all)) {}
    std::vector<AnalyzedTerm> terms;
};

namespace {

constexpr std::uint64_t text_bytes_max = 64 << 20;

template <class Field>
auto term_number(const archaeo_terms* terms, std::size_t index, Field field) {
    return number_at(
        terms, index, [](const archaeo_terms& one) -> const std::vector<AnalyzedTerm>& { return one.terms; }, field);
}

}  // namespace

extern "C" {

int32_t archaeo_analyze(const char* text, size_t text_size, archaeo_terms** terms_out, archaeo_error** error_out) {
    clear(terms_out);
    return guard(error_out, [&]() -> Status {
        ARCHAEO_TRY(require_pointer("terms_out", terms_out));
        ARCHAEO_ASSIGN(const auto view, bytes("text", text, text_size, text_bytes_max));
        *terms_out = make_handle<archaeo_terms>(analyze(view));
        return {};
    });
}

size_t archaeo_terms_count(const archaeo_terms* terms) {
    return number_of(terms, [](const archaeo_terms& one) { return one.terms.size(); });
}

archaeo_str archaeo_terms_text(const archaeo_terms* terms, size_t index) {
    return text_at(
        terms, index, [](const archaeo_terms& one) -> const std::vector<AnalyzedTerm>& { return one.terms; },
        [](const AnalyzedTerm& one) -> const std::string& { return one.text; });
}

uint64_t archaeo_terms_begin(const archaeo_terms* terms, size_t index) {
    return term_number(terms, index, [](const AnalyzedTerm& one) { return one.source.begin; });
}

uint64_t archaeo_terms_end(const archaeo_terms* terms, size_t index) {
    return term_number(terms, index, [](const AnalyzedTerm& one) { return one.source.end; });
}

int32_t archaeo_terms_same_position(const archaeo_terms* terms, size_t index) {
    return term_number(terms, index, [](const AnalyzedTerm& one) { return one.same_position ? 1 : 0; });
}

void archaeo_terms_free(archaeo_terms* terms) { free_handle(terms); }

size_t archaeo_terms_copy(const archaeo_terms* terms, size_t first, size_t capacity, uint64_t* values, char* texts) {
    if (values == nullptr || texts == nullptr) return 0;
    return number_of(terms, [&](const archaeo_terms& one) -> std::size_t {
        const std::size_t begin = std::min(first, one.terms.size());
        const std::size_t count = std::min(capacity, one.terms.size() - begin);
        for (const AnalyzedTerm& term : std::span(one.terms).subspan(begin, count)) {
            *values++ = term.source.begin;
            *values++ = term.source.end;
            *values++ = term.same_position ? 1 : 0;
            *values++ = term.text.size();
            texts = std::copy(term.text.begin(), term.text.end(), texts);
        }
        return count;
    });
}

}  // extern "C"
