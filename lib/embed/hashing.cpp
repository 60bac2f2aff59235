#include "embed/hashing.hpp"

#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <unordered_map>
#include <utility>

#include "base/mutex.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t tokens_max = 8'192;  // what callers should send; longer texts are taken whole too
constexpr std::size_t idle_hashers_max = 64;
constexpr std::size_t gram_bytes = 3;

// Sums are in fixed point, so that they do not depend on their order, nor vectors on the machine.
constexpr double fixed_point = 4'096;
constexpr std::uint64_t whole_count = 256;  // what one occurrence of a whole word counts

std::uint64_t hash_of(std::string_view text) { return XXH3_64bits(text.data(), text.size()); }

// How often each feature occurs in one text. Open addressing, kept from text to text.
class FeatureCounts {
public:
    struct Feature {
        std::uint64_t hash = 0;
        std::uint64_t count = 0;  // 0 = free
        double weight = 1;
    };

    // weigh() is called for a feature that is new.
    template <class Weigh>
    void add(std::uint64_t hash, std::uint64_t count, Weigh&& weigh) {
        if (2 * (used_.size() + 1) > slots_.size()) grow();
        Feature& slot = slots_[find(hash)];
        if (slot.count == 0) {
            slot.hash = hash;
            slot.weight = weigh();
            used_.push_back(static_cast<std::size_t>(&slot - slots_.data()));
        }
        slot.count += count;
    }

    // Calls sink(const Feature&) for each, and forgets it.
    template <class Sink>
    void drain(Sink&& sink) {
        for (const std::size_t at : used_) {
            sink(slots_[at]);
            slots_[at].count = 0;
        }
        used_.clear();
    }

private:
    [[nodiscard]] std::size_t find(std::uint64_t hash) const {
        std::size_t at = hash & (slots_.size() - 1);
        while (slots_[at].count != 0 && slots_[at].hash != hash) at = (at + 1) & (slots_.size() - 1);
        return at;
    }

    void grow() {
        const std::vector<Feature> old = std::move(slots_);
        slots_.assign(2 * old.size(), {});
        for (std::size_t& at : used_) {
            const Feature& feature = old[at];
            at = find(feature.hash);
            slots_[at] = feature;
        }
    }

    std::vector<Feature> slots_ = std::vector<Feature>(1'024);
    std::vector<std::size_t> used_;
};

// Grows with the logarithm of how often, so that a word said often does not hide the others.
double damped(double occurrences) { return occurrences < 1 ? occurrences : 1 + std::log(occurrences); }

// One thread at a time.
class Hasher {
public:
    explicit Hasher(const HashRecipe& recipe)
        : recipe_(recipe),
          part_count_(static_cast<std::uint64_t>(std::llround(recipe.part_weight * static_cast<double>(whole_count)))),
          sums_(recipe.dimension) {}

    // rarity(term) is a factor of a term's weight.
    template <class Rarity>
    void embed(std::string_view text, std::span<float> row, Rarity&& rarity) {
        analyzer_.analyze(text, [&](const Term& term) { add(term, rarity); });
        std::fill(sums_.begin(), sums_.end(), 0);
        counts_.drain([&](const FeatureCounts::Feature& feature) { add_to_sums(feature); });
        double squares = 0;
        for (const std::int64_t sum : sums_) squares += static_cast<double>(sum) * static_cast<double>(sum);
        if (squares == 0) return;
        const double norm = std::sqrt(squares);
        std::transform(sums_.begin(), sums_.end(), row.begin(),
                       [&](std::int64_t sum) { return static_cast<float>(static_cast<double>(sum) / norm); });
    }

    [[nodiscard]] std::vector<std::string> query_terms(std::string_view text) { return analyzer_.query_terms(text); }

private:
    template <class Rarity>
    void add(const Term& term, Rarity&& rarity) {
        const std::uint64_t count = term.same_position ? part_count_ : whole_count;
        if (count == 0) return;
        counts_.add(hash_of(term.text), count, [&] { return rarity(term.text); });
        if (recipe_.gram_weight > 0) add_grams(term.text, count, rarity);
    }

    template <class Rarity>
    void add_grams(std::string_view term, std::uint64_t count, Rarity&& rarity) {
        const bool is_ascii =
            std::all_of(term.begin(), term.end(), [](char c) { return static_cast<signed char>(c) > 0; });
        if (!is_ascii || term.size() < 2) return;
        padded_.assign(1, '^').append(term).append(1, '$');
        const double weight = recipe_.gram_weight / std::sqrt(static_cast<double>(padded_.size() - gram_bytes + 1));
        for (std::size_t at = 0; at + gram_bytes <= padded_.size(); ++at) {
            const std::string_view gram = std::string_view(padded_).substr(at, gram_bytes);
            counts_.add(~hash_of(gram), count, [&] { return weight * rarity(term); });
        }
    }

    // Each half of the hash chooses one dimension and a sign: two features that meet in one seldom meet in both.
    void add_to_sums(const FeatureCounts::Feature& feature) {
        const std::int64_t weight = weight_of(feature);
        for (const std::uint64_t half : {feature.hash & 0xFFFF'FFFFU, feature.hash >> 32}) {
            const std::size_t dimension = ((half & 0x7FFF'FFFFU) * recipe_.dimension) >> 31;
            sums_[dimension] += (half >> 31) != 0 ? -weight : weight;
        }
    }

    [[nodiscard]] std::int64_t weight_of(const FeatureCounts::Feature& feature) const {
        const bool is_usual = feature.weight == 1 && feature.count % whole_count == 0;
        const std::uint64_t occurrences = feature.count / whole_count;
        if (is_usual && occurrences < weights_.size()) return weights_[occurrences];
        const double damped_count = damped(static_cast<double>(feature.count) / static_cast<double>(whole_count));
        return std::llround(fixed_point * damped_count * feature.weight);
    }

    static std::array<std::int64_t, 64> make_weights() {
        std::array<std::int64_t, 64> weights{};
        for (std::size_t count = 1; count < weights.size(); ++count) {
            weights[count] = std::llround(fixed_point * damped(static_cast<double>(count)));
        }
        return weights;
    }

    const HashRecipe& recipe_;
    const std::uint64_t part_count_;
    Analyzer analyzer_;
    FeatureCounts counts_;
    std::vector<std::int64_t> sums_;
    std::string padded_;
    std::array<std::int64_t, 64> weights_ = make_weights();
};

class HashEmbedder final : public Embedder {
public:
    explicit HashEmbedder(HashRecipe recipe) : recipe_(std::move(recipe)) {}
    [[nodiscard]] std::size_t dimension() const override { return recipe_.dimension; }
    [[nodiscard]] std::string model_id() const override { return recipe_.model_id; }
    [[nodiscard]] std::size_t max_tokens() const override { return tokens_max; }
    [[nodiscard]] bool matches_meaning() const override { return false; }
    [[nodiscard]] double hybrid_weight() const override { return recipe_.hybrid_weight; }

    // Queries and documents are embedded alike.
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole) override {
        FloatMatrix matrix = empty_rows(texts.size());
        std::unique_ptr<Hasher> hasher = take();
        for (std::size_t i = 0; i < texts.size(); ++i) {
            hasher->embed(texts[i], std::span(matrix.values).subspan(i * recipe_.dimension, recipe_.dimension),
                          [](std::string_view) { return 1.0; });
        }
        give_back(std::move(hasher));
        return matrix;
    }

    [[nodiscard]] Result<FloatMatrix> embed_query(std::string_view text, const CountTerms& count_terms) override {
        if (recipe_.rarity == QueryRarity::ignored) return embed(std::span(&text, 1), TextRole::query);
        std::unique_ptr<Hasher> hasher = take();
        const std::vector<std::string> terms = hasher->query_terms(text);
        ARCHAEO_ASSIGN(const TermCounts counts, count_terms(terms));
        std::unordered_map<std::string_view, double> rarities;
        for (std::size_t i = 0; i < terms.size() && counts.chunks > 0; ++i) {
            rarities.emplace(terms[i], rarity_of(counts.chunks, counts.with_term[i]));
        }
        FloatMatrix matrix = empty_rows(1);
        hasher->embed(text, matrix.values, [&](std::string_view term) {
            const auto known = rarities.find(term);
            return known == rarities.end() ? 1.0 : known->second;
        });
        give_back(std::move(hasher));
        return matrix;
    }

private:
    // Never 0: a query of words that all chunks have still has a vector.
    static double rarity_of(std::uint64_t chunks, std::uint64_t with_term) {
        return std::log(1 + (static_cast<double>(chunks) + 0.5) / (static_cast<double>(with_term) + 0.5));
    }

    [[nodiscard]] FloatMatrix empty_rows(std::size_t rows) const {
        return {rows, recipe_.dimension, std::vector<float>(rows * recipe_.dimension)};
    }
    std::unique_ptr<Hasher> take() {
        const MutexLock lock(mutex_);
        if (idle_.empty()) return std::make_unique<Hasher>(recipe_);
        std::unique_ptr<Hasher> hasher = std::move(idle_.back());
        idle_.pop_back();
        return hasher;
    }
    void give_back(std::unique_ptr<Hasher> hasher) {
        const MutexLock lock(mutex_);
        if (idle_.size() < idle_hashers_max) idle_.push_back(std::move(hasher));
    }

    const HashRecipe recipe_;
    Mutex mutex_;
    std::vector<std::unique_ptr<Hasher>> idle_ ARCHAEO_GUARDED_BY(mutex_);  // at most one for each thread ever at work
};

}  // namespace

std::shared_ptr<Embedder> make_hash_embedder(HashRecipe recipe) {
    return std::make_shared<HashEmbedder>(std::move(recipe));
}

}  // namespace archaeologist
