#include "embedder.hpp"

#include <cmath>
#include <vector>

#include "arguments.hpp"
#include "guard.hpp"

namespace archaeologist::capi {
namespace {

constexpr int dimension_max = 65'536;

Status normalise(std::span<float> row, const std::string& model) {
    double sum = 0;
    for (const float value : row) sum += static_cast<double>(value) * static_cast<double>(value);
    if (!std::isfinite(sum)) {
        return Error{Code::invalid_argument, "embedder " + model + " gave a vector that is not finite"};
    }
    if (sum == 0) return {};
    const double scale = 1 / std::sqrt(sum);
    for (float& value : row) value = static_cast<float>(value * scale);
    return {};
}

}  // namespace

Result<std::shared_ptr<ProgramEmbedder>> ProgramEmbedder::make(const archaeo_embedder* given) {
    ARCHAEO_ASSIGN(const auto callbacks, options("embedder", given));
    ARCHAEO_ASSIGN(auto model_id, text("embedder.model_id", callbacks.model_id, 1'024));
    if (model_id.empty()) return Error{Code::invalid_argument, "embedder.model_id is empty, must name the model"};
    if (callbacks.dimension < 1 || callbacks.dimension > dimension_max) {
        return bad_number("embedder.dimension", callbacks.dimension, "must be 1 to 65536");
    }
    if (callbacks.max_tokens < 0) return bad_number("embedder.max_tokens", callbacks.max_tokens, "must be at least 0");
    const double weight = callbacks.hybrid_weight;
    if (weight != ARCHAEO_NONE && !(weight >= 0 && weight <= 1)) {
        return Error{Code::invalid_argument,
                     "embedder.hybrid_weight is " + std::to_string(weight) + ", must be 0 to 1, or ARCHAEO_NONE"};
    }
    if (callbacks.embed == nullptr) {
        return Error{Code::invalid_argument, "embedder.embed is NULL, must be a function"};
    }
    return std::make_shared<ProgramEmbedder>(callbacks, std::move(model_id));
}

ProgramEmbedder::~ProgramEmbedder() {
    if (adopted_ && callbacks_.release != nullptr) callbacks_.release(callbacks_.user_data);
}

std::size_t ProgramEmbedder::max_tokens() const {
    constexpr std::size_t fallback = 8'192;
    return callbacks_.max_tokens == 0 ? fallback : static_cast<std::size_t>(callbacks_.max_tokens);
}

double ProgramEmbedder::hybrid_weight() const { return fraction_or_none(callbacks_.hybrid_weight, 0.5); }

Result<FloatMatrix> ProgramEmbedder::embed(std::span<const std::string_view> texts, TextRole role) {
    FloatMatrix matrix;
    matrix.rows = texts.size();
    matrix.columns = dimension();
    matrix.values.resize(matrix.rows * matrix.columns);
    if (texts.empty()) return matrix;
    // The callback is promised a NUL behind each text.
    std::vector<std::string> copies(texts.begin(), texts.end());
    std::vector<archaeo_str> given;
    given.reserve(copies.size());
    for (const std::string& copy : copies) given.push_back(borrow(copy));
    archaeo_error* error = nullptr;
    const int32_t code = callbacks_.embed(given.data(), given.size(),
                                          role == TextRole::query ? ARCHAEO_ROLE_QUERY : ARCHAEO_ROLE_DOCUMENT,
                                          matrix.values.data(), &error, callbacks_.user_data);
    const auto said = take(error);
    if (code != ARCHAEO_OK) {
        const bool known = code >= ARCHAEO_INVALID_ARGUMENT && code <= ARCHAEO_INTERNAL;
        const std::string message = said ? said->error.message : "gave code " + std::to_string(code);
        return Error{known ? static_cast<Code>(code) : Code::internal, "embedder " + model_id_ + ": " + message};
    }
    for (std::size_t row = 0; row < matrix.rows; ++row) {
        ARCHAEO_TRY(normalise(std::span(matrix.values).subspan(row * matrix.columns, matrix.columns), model_id_));
    }
    return matrix;
}

}  // namespace archaeologist::capi
