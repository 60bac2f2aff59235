// How well search finds known items, by kind of question and mode.
#include <algorithm>
#include <fstream>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <sstream>

#include "archaeologist/engine.hpp"
#include "bench/benchmarks.hpp"
#include "bench/figures.hpp"
#include "bench/folder.hpp"
#include "embed/hashing.hpp"

namespace archaeologist::bench {
namespace {

constexpr std::size_t ranks_counted = 10;
constexpr std::size_t pool = 100;    // of each leg, as hybrid search takes
constexpr double rrf_constant = 60;  // Cormack et al. 2009

struct Question {
    std::string kind;
    std::string corpus;
    std::string text;
    std::set<std::string> files;  // that answer it
};

Result<std::vector<Question>> read_questions(const std::string& path) {
    std::ifstream file(path);
    std::vector<Question> questions;
    for (std::string line; std::getline(file, line);) {
        std::istringstream columns(line);
        Question question;
        std::string files;
        std::getline(columns, question.kind, '\t');
        std::getline(columns, question.corpus, '\t');
        std::getline(columns, question.text, '\t');
        std::getline(columns, files, '\t');
        std::istringstream names(files);
        for (std::string name; names >> name;) question.files.insert(name);
        questions.push_back(std::move(question));
    }
    if (questions.empty()) return Error{Code::not_found, "quality: " + path + " holds no question"};
    return questions;
}

// "dimension=384 gram=0.25": what is not named is as it is by default.
Result<HashRecipe> parse_recipe(const std::string& text) {
    HashRecipe recipe;
    std::istringstream words(text);
    for (std::string word; words >> word;) {
        const std::size_t equals = std::min(word.find('='), word.size());
        const std::string name = word.substr(0, equals);
        const double value = std::strtod(word.c_str() + std::min(equals + 1, word.size()), nullptr);
        if (name == "dimension" && value >= 1)
            recipe.dimension = static_cast<std::size_t>(value);
        else if (name == "part")
            recipe.part_weight = value;
        else if (name == "gram")
            recipe.gram_weight = value;
        else if (name == "rarity")
            recipe.rarity = value > 0 ? QueryRarity::weighed : QueryRarity::ignored;
        else
            return Error{Code::invalid_argument,
                         "quality: recipe names \"" + word + "\", must be dimension=, part=, gram= or rarity="};
    }
    recipe.model_id = "measured";
    return recipe;
}

// The model with another weight in hybrid search.
class Reweighed final : public Embedder {
public:
    Reweighed(std::shared_ptr<Embedder> model, std::optional<double> weight)
        : model_(std::move(model)), weight_(weight.value_or(model_->hybrid_weight())) {}
    [[nodiscard]] std::size_t dimension() const override { return model_->dimension(); }
    [[nodiscard]] std::string model_id() const override { return model_->model_id(); }
    [[nodiscard]] std::size_t max_tokens() const override { return model_->max_tokens(); }
    [[nodiscard]] bool matches_meaning() const override { return model_->matches_meaning(); }
    [[nodiscard]] double hybrid_weight() const override { return weight_; }
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole role) override {
        return model_->embed(texts, role);
    }
    [[nodiscard]] Result<FloatMatrix> embed_query(std::string_view text, const CountTerms& count_terms) override {
        return model_->embed_query(text, count_terms);
    }

private:
    std::shared_ptr<Embedder> model_;
    double weight_;
};

// MRR and hits at 1 and 10 of one kind of question.
struct Score {
    double reciprocal = 0;
    double at_1 = 0;
    double at_10 = 0;

    // rank from 1; 0 = not found.
    void add(std::size_t rank) {
        if (rank == 0 || rank > ranks_counted) return;
        reciprocal += 1 / static_cast<double>(rank);
        at_1 += rank == 1 ? 1 : 0;
        at_10 += 1;
    }
};

struct Scores {
    std::size_t questions = 0;
    std::map<std::string, Score> by_mode;
};

// A sentence stands nowhere as it is: it was taken out.
bool is_name(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) {
        return c == '_' || (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
    });
}

std::string file_of(const std::string& source_name) { return source_name.substr(source_name.rfind('/') + 1); }

// The files found, best first. What has the same text stands beside it.
using Found = std::vector<std::set<std::string>>;

Found found_in(const SearchReply& reply) {
    Found found;
    for (const Hit& hit : reply.results) {
        found.push_back({file_of(hit.source_name)});
        for (const AlsoIn& also : hit.also_in) found.back().insert(file_of(also.source_name));
    }
    return found;
}

std::size_t rank_of(const Found& found, const std::set<std::string>& wanted) {
    for (std::size_t i = 0; i < found.size(); ++i) {
        for (const std::string& file : found[i]) {
            if (wanted.contains(file)) return i + 1;
        }
    }
    return 0;
}

// Reciprocal rank fusion, which engines without comparable scores use; for comparison.
Found fuse_ranks(const Found& words, const Found& vectors) {
    std::map<std::set<std::string>, double> scores;
    for (const Found* leg : {&words, &vectors}) {
        for (std::size_t i = 0; i < leg->size(); ++i) {
            scores[(*leg)[i]] += 1 / (rrf_constant + 1 + static_cast<double>(i));
        }
    }
    std::vector<std::pair<double, std::set<std::string>>> ranked;
    for (const auto& [files, score] : scores) ranked.emplace_back(-score, files);
    std::sort(ranked.begin(), ranked.end());
    Found fused;
    for (auto& [score, files] : ranked) fused.push_back(std::move(files));
    return fused;
}

class Evaluation {
public:
    Evaluation(const QualityOptions& options, std::vector<Question> questions)
        : corpus_(options.corpus), languages_(options.languages), questions_(std::move(questions)) {}

    // Opens the data folder, in which nothing is there yet or what the same model made.
    Status open(const std::string& data_dir, std::shared_ptr<Embedder> embedder) {
        engine_.reset();
        Config config;
        config.data_dir = data_dir;
        config.embedder = std::move(embedder);
        config.languages = languages_;
        ARCHAEO_ASSIGN(engine_, Engine::open(config));
        for (const Question& question : questions_) {
            if (projects_.contains(question.corpus)) continue;
            IngestRequest request;
            request.project = question.corpus;
            request.paths = {corpus_ + "/" + question.corpus};
            ARCHAEO_ASSIGN(const auto report, engine_->ingest(request));
            projects_.emplace(question.corpus, report.project_id);
            chunks_ += report.chunks;
        }
        return {};
    }

    enum class Legs { asked, skipped };

    Result<std::map<std::string, Scores>> ask(Legs legs) {
        std::map<std::string, Scores> by_kind;
        for (const Question& question : questions_) {
            Scores& scores = by_kind[question.kind];
            ++scores.questions;
            const auto count = [&](const std::string& mode, const Found& found) {
                scores.by_mode[mode].add(rank_of(found, question.files));
            };
            ARCHAEO_ASSIGN(const Found hybrid, search(question, SearchMode::hybrid, ranks_counted));
            count("hybrid", hybrid);
            if (legs == Legs::skipped) continue;
            ARCHAEO_ASSIGN(const Found words, search(question, SearchMode::words, pool));
            ARCHAEO_ASSIGN(const Found semantic, search(question, SearchMode::semantic, pool));
            count("words", words);
            count("semantic", semantic);
            count("rrf", fuse_ranks(words, semantic));
            if (!is_name(question.text)) continue;
            ARCHAEO_ASSIGN(const Found literal, search(question, SearchMode::literal, ranks_counted));
            count("literal", literal);
        }
        return by_kind;
    }

    [[nodiscard]] std::uint64_t chunks() const { return chunks_; }

private:
    Result<Found> search(const Question& question, SearchMode mode, std::size_t limit) {
        SearchRequest request;
        request.query = question.text;
        request.mode = mode;
        request.projects = {projects_.at(question.corpus)};
        request.limit = limit;
        request.per_source = 1;
        ARCHAEO_ASSIGN(const SearchReply reply, engine_->search(request));
        return found_in(reply);
    }

    const std::string corpus_;
    const std::string languages_;
    const std::vector<Question> questions_;
    std::unique_ptr<Engine> engine_;
    std::map<std::string, ProjectId> projects_;
    std::uint64_t chunks_ = 0;
};

void print(const std::map<std::string, Scores>& by_kind, const std::string& recipe, double weight,
           std::uint64_t chunks) {
    for (const auto& [kind, scores] : by_kind) {
        Figures figures("quality");
        figures.add("kind", kind);
        figures.add("recipe", recipe);
        figures.add("weight", weight);
        figures.add("questions", static_cast<std::uint64_t>(scores.questions));
        figures.add("chunks", chunks);
        const auto all = static_cast<double>(scores.questions);
        for (const auto& [mode, score] : scores.by_mode) {
            figures.add(mode + "_mrr_at_10", score.reciprocal / all);
            figures.add(mode + "_hit_at_1", score.at_1 / all);
            figures.add(mode + "_hit_at_10", score.at_10 / all);
        }
        std::move(figures).print();
    }
}

Status evaluate(const QualityOptions& options, const std::vector<Question>& questions, const std::string& recipe,
                const std::shared_ptr<Embedder>& model) {
    const Folder data("");
    Evaluation evaluation(options, questions);
    std::vector<std::optional<double>> weights(options.weights.begin(), options.weights.end());
    if (weights.empty()) weights.emplace_back();
    for (const std::optional<double>& weight : weights) {
        ARCHAEO_TRY(evaluation.open(data.path(), std::make_shared<Reweighed>(model, weight)));
        const auto legs = weight == weights.front() ? Evaluation::Legs::asked : Evaluation::Legs::skipped;
        ARCHAEO_ASSIGN(const auto scores, evaluation.ask(legs));
        print(scores, recipe, weight.value_or(model->hybrid_weight()), evaluation.chunks());
    }
    return {};
}

}  // namespace

Status quality(const QualityOptions& options) {
    ARCHAEO_ASSIGN(const auto questions, read_questions(options.corpus + "/questions.tsv"));
    if (options.recipes.empty()) {
        const auto builtin = make_builtin_embedder();
        return evaluate(options, questions, builtin->model_id(), builtin);
    }
    for (const std::string& text : options.recipes) {
        ARCHAEO_ASSIGN(const HashRecipe recipe, parse_recipe(text));
        ARCHAEO_TRY(evaluate(options, questions, text, make_hash_embedder(recipe)));
    }
    return {};
}

}  // namespace archaeologist::bench
