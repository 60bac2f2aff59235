// A program's own embedder, called through its C callback.
#pragma once

#include <memory>
#include <string>

#include "archaeologist/archaeologist.h"
#include "archaeologist/embedder.hpp"

namespace archaeologist::capi {

class ProgramEmbedder final : public Embedder {
public:
    // Errors: invalid_argument.
    [[nodiscard]] static Result<std::shared_ptr<ProgramEmbedder>> make(const archaeo_embedder* given);
    ProgramEmbedder(archaeo_embedder callbacks, std::string model_id)
        : callbacks_(callbacks), model_id_(std::move(model_id)) {}
    ~ProgramEmbedder() override;
    ProgramEmbedder(const ProgramEmbedder&) = delete;
    ProgramEmbedder& operator=(const ProgramEmbedder&) = delete;

    // From now on the program's release is called at the end.
    void adopt() { adopted_ = true; }

    [[nodiscard]] std::size_t dimension() const override { return static_cast<std::size_t>(callbacks_.dimension); }
    [[nodiscard]] std::string model_id() const override { return model_id_; }
    [[nodiscard]] std::size_t max_tokens() const override;
    [[nodiscard]] bool matches_meaning() const override { return callbacks_.matches_meaning != 0; }
    [[nodiscard]] double hybrid_weight() const override;
    [[nodiscard]] Result<FloatMatrix> embed(std::span<const std::string_view> texts, TextRole role) override;

private:
    const archaeo_embedder callbacks_;
    const std::string model_id_;
    bool adopted_ = false;
};

}  // namespace archaeologist::capi
