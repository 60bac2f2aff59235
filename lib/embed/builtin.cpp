#include <xxhash.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>

#include "archaeologist/embedder.hpp"
#include "base/mutex.hpp"
#include "text/analyzer.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t dimensions = 384;
constexpr std::size_t tokens_max = 8'192;  // what callers should send; longer texts are taken whole too
constexpr double weight_in_hybrid = 0.2;   // the design's figure: at equal rank, hashing drags a hybrid below its words
constexpr std::size_t idle_hashers_max = 64;

// How often each term occurs in one text. Open addressing, kept from text to text.
class TermCounts {
public:
    void add(std::uint64_t hash) {
        if (2 * (used_.size() + 1) > slots_.size()) grow();
        std::size_t at = hash & (slots_.size() - 1);
        while (slots_[at].count != 0 && slots_[at].hash != hash) at = (at + 1) & (slots_.size() - 1);
        if (slots_[at].count++ == 0) {
            slots_[at].hash = hash;
            used_.push_back(at);
        }
    }

    // Calls sink(hash, count) for each term, and forgets it.
    template <class Sink>
    void drain(Sink&& sink) {
        for (const std::size_t at : used_) {
            sink(slots_[at].hash, slots_[at].count);
            slots_[at].count = 0;
        }
        used_.clear();
    }

private:
    struct Slot {
        std::uint64_t hash = 0;
        std::uint64_t count = 0;  // 0 = free
    };

    void grow() {
        const std::vector<Slot> old = std::move(slots_);
        slots_.assign(2 * old.size(), {});
        used_.clear();
        for (const Slot& slot : old) {
            if (slot.count == 0) continue;
            add(slot.hash);
            slots_[used_.back()].count = slot.count;
        }
    }

    std::vector<Slot> slots_ = std::vector<Slot>(1'024);
    std::vector<std::size_t> used_;
};

// In fixed point, so that sums do not depend on their order, nor vectors on the machine.
std::int64_t weight_of(std::uint64_t count) { return std::llround(4'096 * (1 + std::log(static_cast<double>(count)))); }

// One thread at a time.
class Hasher {
public:
    void embed(std::string_view text, std::span<float> row) {
        analyzer_.analyze(text,
                          [&](const Term& term) { counts_.add(XXH3_64bits(term.text.data(), term.text.size())); });
        std::array<std::int64_t, dimensions> sums{};
        // Each half of the hash chooses one dimension and a sign: two terms that meet in one seldom meet in both.
        counts_.drain([&](std::uint64_t hash, std::uint64_t count) {
            const std::int64_t weight = count < weights_.size() ? weights_[count] : weight_of(count);
            for (const std::uint64_t half : {hash & 0xFFFF'FFFFU, hash >> 32}) {
                const std::size_t dimension = ((half & 0x7FFF'FFFFU) * dimensions) >> 31;
                sums[dimension] += (half >> 31) != 0 ? -weight : weight;
            }
        });
        double squares = 0;
        for (const std::int64_t sum : sums) squares += static_cast<double>(sum) * static_cast<double>(sum);
        if (squares == 0) return;
        const double norm = std::sqrt(squares);
        std::transform(sums.begin(), sums.end(), row.begin(),
                       [&](std::int64_t sum) { return static_cast<float>(static_cast<double>(sum) / norm); });
    }

private:
    static std::array<std::int64_t, 64> make_weights() {
        std::array<std::int64_t, 64> weights{};
        for (std::size_t count = 1; count < weights.size(); ++count) weights[count] = weight_of(count);
        return weights;
    }

    Analyzer analyzer_;
    TermCounts counts_;
    std::array<std::int64_t, 64> weights_ = make_weights();
};

class BuiltinEmbedder final : public Embedder {
public:
    [[nodiscard]] std::size_t dimension() const override { return dimensions; }
    [[nodiscard]] std::string model_id() const override { return "builtin-hash-1"; }
    [[nodiscard]] std::size_t max_tokens() const override { return tokens_max; }
    [[nodiscard]] bool matches_meaning() const override { return false; }
    [[nodiscard]] double hybrid_weight() const override { return weight_in_hybrid; }

    // Queries and documents are embedded alike.
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole) override {
        FloatMatrix matrix{texts.size(), dimensions, std::vector<float>(texts.size() * dimensions)};
        std::unique_ptr<Hasher> hasher = take();
        for (std::size_t i = 0; i < texts.size(); ++i) {
            hasher->embed(texts[i], std::span(matrix.values).subspan(i * dimensions, dimensions));
        }
        give_back(std::move(hasher));
        return matrix;
    }

private:
    std::unique_ptr<Hasher> take() {
        const MutexLock lock(mutex_);
        if (idle_.empty()) return std::make_unique<Hasher>();
        std::unique_ptr<Hasher> hasher = std::move(idle_.back());
        idle_.pop_back();
        return hasher;
    }
    void give_back(std::unique_ptr<Hasher> hasher) {
        const MutexLock lock(mutex_);
        if (idle_.size() < idle_hashers_max) idle_.push_back(std::move(hasher));
    }

    Mutex mutex_;
    std::vector<std::unique_ptr<Hasher>> idle_ ARCHAEO_GUARDED_BY(mutex_);  // at most one for each thread ever at work
};

}  // namespace

std::shared_ptr<Embedder> make_builtin_embedder() { return std::make_shared<BuiltinEmbedder>(); }

}  // namespace archaeologist
