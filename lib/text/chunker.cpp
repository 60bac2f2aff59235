#include "archaeologist/chunker.hpp"

#include <array>
#include <charconv>

#include "base/utf8.hpp"
#include "text/cutter.hpp"

namespace archaeologist {
namespace {

constexpr std::uint32_t target_tokens_min = 16;
constexpr std::uint32_t target_tokens_max = 8'192;
constexpr std::uint32_t max_tokens_max = 16'384;
constexpr double overlap_max = 0.5;
constexpr std::size_t push_bytes = 64 << 10;  // small enough to stay in the cache between scans

// The shortest form that reads back the same, whatever the locale.
std::string to_text(double number) {
    std::array<char, 32> digits{};
    const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
    return {digits.data(), end};
}

std::string_view to_text(TextKind kind) {
    switch (kind) {
        case TextKind::plain: return "plain";
        case TextKind::markdown: return "markdown";
        case TextKind::code: return "code";
        case TextKind::table: return "table";
    }
    return {};
}

Error out_of_range(std::string_view name, const std::string& value, const std::string& rule) {
    return {Code::invalid_argument, "chunks: " + std::string(name) + " is " + value + ", must be " + rule};
}

}  // namespace

// The number behind "chunks" changes whenever the same options would give other chunks of a text than before.
std::string describe(const ChunkOptions& options) {
    std::string text = "chunks-3 " + std::string(to_text(options.kind));
    if (options.kind == TextKind::code && !options.language.empty()) text.append(" ").append(options.language);
    return text + " target=" + std::to_string(options.target_tokens) + " max=" + std::to_string(options.max_tokens) +
           " overlap=" + to_text(options.overlap);
}

Status validate(const ChunkOptions& options) {
    if (to_text(options.kind).empty()) {
        return out_of_range("kind", std::to_string(static_cast<int>(options.kind)), "plain, markdown, code or table");
    }
    if (options.target_tokens < target_tokens_min || options.target_tokens > target_tokens_max) {
        return out_of_range("target_tokens", std::to_string(options.target_tokens),
                            std::to_string(target_tokens_min) + " to " + std::to_string(target_tokens_max));
    }
    if (options.max_tokens < options.target_tokens || options.max_tokens > max_tokens_max) {
        return out_of_range(
            "max_tokens", std::to_string(options.max_tokens),
            "target_tokens (" + std::to_string(options.target_tokens) + ") to " + std::to_string(max_tokens_max));
    }
    const bool is_sane = options.overlap >= 0 && options.overlap <= overlap_max;  // false for NaN
    if (!is_sane) return out_of_range("overlap", to_text(options.overlap), "0 to " + to_text(overlap_max));
    return {};
}

Chunker::Chunker(const ChunkOptions& options) : cutter_(std::make_unique<Cutter>(options)) {}
Chunker::~Chunker() = default;
Chunker::Chunker(Chunker&&) noexcept = default;
Chunker& Chunker::operator=(Chunker&&) noexcept = default;

const std::vector<Chunker::Piece>& Chunker::push(std::string_view bytes) { return cutter_->push(bytes); }
const std::vector<Chunker::Piece>& Chunker::finish() { return cutter_->finish(); }

Result<std::vector<Chunk>> chunk(std::string_view text, const ChunkOptions& options) {
    ARCHAEO_TRY(validate(options));
    if (!is_valid_utf8(text)) return Error{Code::invalid_argument, "text: must be valid UTF-8"};
    Cutter cutter(options);
    std::vector<Chunk> chunks;
    const auto keep = [&](const std::vector<Chunker::Piece>& pieces) {
        for (const Chunker::Piece& piece : pieces) chunks.push_back(piece.chunk);
    };
    for (std::size_t at = 0; at < text.size(); at += push_bytes) keep(cutter.push(text.substr(at, push_bytes)));
    keep(cutter.finish());
    return chunks;
}

}  // namespace archaeologist
