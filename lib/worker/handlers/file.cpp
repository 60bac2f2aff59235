#include "worker/handlers/file.hpp"

#include <algorithm>
#include <array>

#include "catalog/file_job.hpp"
#include "extract/decode.hpp"
#include "extract/detect.hpp"
#include "text/detect_language.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t prefix_bytes = 256 << 10;  // what the type and the charset are judged by
constexpr std::size_t piece_bytes = 256 << 10;   // of text between two looks at stop_requested
constexpr std::size_t batch_points = 256;
constexpr std::chrono::milliseconds outage_wait_min{1'000};  // doubled from claim to claim
constexpr std::chrono::milliseconds outage_wait_max{15'000};
constexpr std::uint32_t target_tokens_min = 16;
constexpr std::size_t header_tokens = 16;  // of a model's longest text, left to what estimates are wrong by
constexpr std::string_view extractor_version = "1";
constexpr std::array<std::uint8_t, 16> generation_space{0x6d, 0x1f, 0x0b, 0x52, 0x8e, 0x2c, 0x4d, 0x0a,
                                                        0x9b, 0x3e, 0x51, 0x7a, 0xc4, 0x60, 0x2f, 0x11};

std::chrono::milliseconds outage_wait(int attempt) {
    return std::min(outage_wait_max, outage_wait_min * (std::int64_t{1} << std::clamp(attempt - 1, 0, 10)));
}

Outcome outcome_of(const Error& error, int attempt) {
    if (error.code == Code::unavailable || error.code == Code::rate_limited) {
        return Delayed{error.message, outage_wait(attempt)};
    }
    return Failed{error.message, !error.is_retriable()};
}

// A stream in another charset, as UTF-8.
class DecodedSource final : public ByteSource {
public:
    DecodedSource(ByteSource& raw, Decoder& decoder) : raw_(raw), decoder_(decoder), buffer_(piece_bytes) {}

    [[nodiscard]] Result<std::size_t> read(std::span<char> target) override {
        while (rest_.empty() && !finished_) {
            ARCHAEO_ASSIGN(const std::size_t size, raw_.read(buffer_));
            finished_ = size == 0;
            ARCHAEO_ASSIGN(rest_, finished_ ? decoder_.finish() : decoder_.push({buffer_.data(), size}));
        }
        const std::size_t size = rest_.copy(target.data(), target.size());
        rest_.remove_prefix(size);
        return size;
    }

private:
    ByteSource& raw_;
    Decoder& decoder_;
    std::vector<char> buffer_;
    std::string_view rest_;
    bool finished_ = false;
};

// No chunk is longer than the model reads.
ChunkOptions within(ChunkOptions options, std::size_t model_tokens) {
    const std::size_t room = model_tokens > 4 * header_tokens ? model_tokens - header_tokens : model_tokens;
    const auto most = static_cast<std::uint32_t>(std::clamp<std::size_t>(room, target_tokens_min, options.max_tokens));
    options.max_tokens = most;
    options.target_tokens = std::min(options.target_tokens, std::max(target_tokens_min, most - most / 4));
    return options;
}

// Where the chunks go of one model.
struct Target {
    VectorStore& store;
    Embedder* embedder;  // null: zero vectors
    std::size_t dimension;
    std::string model_id;
    Document document;
};

class FileJob {
public:
    FileJob(const FileHandlerParts& parts, JobContext& context) : parts_(parts), context_(context) {}

    // Nothing when the work was stopped.
    [[nodiscard]] Result<std::optional<FileResult>> run();

private:
    [[nodiscard]] Result<std::unique_ptr<Blob>> text_of(std::unique_ptr<Blob> blob, std::string_view prefix,
                                                        Extent extent);
    [[nodiscard]] Status find_language(const Blob& text);
    [[nodiscard]] Status index(const Blob& text);
    [[nodiscard]] Result<OtherModel> choose_model() const;
    [[nodiscard]] Result<std::vector<Target>> targets() const;
    [[nodiscard]] Status store(const std::vector<Target>& targets, const std::vector<Chunker::Piece>& pieces);
    [[nodiscard]] Status store_batch(const Target& target, std::span<const Chunker::Piece> pieces);
    [[nodiscard]] Status count_back(const Target& target);
    [[nodiscard]] ChunkOptions chunk_options() const;
    [[nodiscard]] Document document_for(const std::string& model_id) const;
    [[nodiscard]] GenerationId generation(const std::string& model_id) const;
    [[nodiscard]] FileResult without_chunks(std::string reason);

    const FileHandlerParts& parts_;
    JobContext& context_;
    FileTask task_;
    OtherModel model_{};  // whose vectors are made
    FileType type_;
    FileResult result_;
    bool stopped_ = false;
};

FileResult FileJob::without_chunks(std::string reason) {
    result_.reason = std::move(reason);
    return result_;
}

Result<std::optional<FileResult>> FileJob::run() {
    ARCHAEO_ASSIGN(task_, parse_file_task(context_.lease().job_data));
    result_.version = task_.version;
    result_.for_model = task_.for_model;
    ARCHAEO_ASSIGN(model_, choose_model());
    ARCHAEO_ASSIGN(auto blob, parts_.lake.open(task_.content_hash));
    if (blob->size() == 0) return std::optional(without_chunks("empty"));

    std::string prefix(std::min<std::uint64_t>(blob->size(), prefix_bytes), '\0');
    ARCHAEO_TRY(blob->read_at(0, prefix));
    const Extent extent = prefix.size() == blob->size() ? Extent::whole : Extent::beginning;
    type_ = detect(prefix, extent, task_.filename);
    result_.file_type = type_.file_type;
    result_.content_type = type_.content_type;
    result_.language = type_.language;
    if (!type_.is_text) return std::optional(without_chunks("unsupported type " + type_.content_type));

    ARCHAEO_ASSIGN(const auto text, text_of(std::move(blob), prefix, extent));
    if (stopped_) return std::optional<FileResult>();
    ARCHAEO_TRY(find_language(*text));
    ARCHAEO_TRY(index(*text));
    if (stopped_) return std::optional<FileResult>();
    return std::optional(result_);
}

// The worker's own one; the built-in one where the job is for that, or its project denies others.
Result<OtherModel> FileJob::choose_model() const {
    const std::string own = parts_.embedder.model_id();
    const std::string wanted = task_.external_models == ExternalModels::denied ? std::string(builtin_model_id)
                               : task_.for_model.empty()                       ? own
                                                                               : task_.for_model;
    if (wanted == own) return OtherModel{&parts_.store, &parts_.embedder};
    if (wanted == builtin_model_id && parts_.find_model) return parts_.find_model(wanted, builtin_dimension);
    return Error{Code::unavailable, "the job is for model " + wanted + ", this worker has " + own};
}

// Decodes once to learn whether the text is the file's own bytes, which it mostly is; only else is it stored beside them.
Result<std::unique_ptr<Blob>> FileJob::text_of(std::unique_ptr<Blob> blob, std::string_view prefix, Extent extent) {
    ARCHAEO_ASSIGN(auto decoder, Decoder::open(prefix, extent));
    BlobSource raw(*blob);
    DecodedSource decoded(raw, decoder);
    std::vector<char> piece(piece_bytes);
    std::uint64_t text_bytes = 0;
    for (;;) {
        ARCHAEO_ASSIGN(const std::size_t size, decoded.read(piece));
        if (size == 0) break;
        text_bytes += size;
        if (text_bytes > parts_.text_bytes_max) {
            return Error{Code::too_large, "text of " + task_.filename + " has more than " +
                                              std::to_string(parts_.text_bytes_max) + " bytes, the limit"};
        }
        stopped_ = context_.stop_requested();
        if (stopped_) return blob;
    }
    result_.charset = decoder.charset();
    result_.charset_confidence = decoder.confidence();
    result_.replaced_bytes = decoder.replaced_bytes();
    result_.text_hash = task_.content_hash;
    if (decoder.identical()) return blob;

    ARCHAEO_ASSIGN(auto again, Decoder::open(prefix, extent));
    BlobSource raw_again(*blob);
    DecodedSource text(raw_again, again);
    ARCHAEO_ASSIGN(const auto stored, parts_.lake.put(text, parts_.text_bytes_max));
    result_.text_hash = stored.hash;
    return parts_.lake.open(stored.hash);
}

// Of prose, by its words; code has told its own.
Status FileJob::find_language(const Blob& text) {
    const std::string& type = type_.file_type;
    if (!type_.language.empty() || (type != "text" && type != "markdown" && type != "html")) return {};
    std::string beginning(std::min<std::uint64_t>(text.size(), detection_bytes), '\0');
    ARCHAEO_TRY(text.read_at(0, beginning));
    const auto language = detect_language(beginning, parts_.languages);
    if (language) result_.language = name_of(*language);
    return {};
}

ChunkOptions FileJob::chunk_options() const {
    ChunkOptions options = within(parts_.chunks, model_.embedder->max_tokens());
    options.kind = type_.kind;
    options.language = type_.language;
    return options;
}

GenerationId FileJob::generation(const std::string& model_id) const {
    const Lease& lease = context_.lease();
    std::string name = std::to_string(to_integer(lease.source_id.value_or(SourceId{})));
    name.append("|").append(std::to_string(task_.version)).append("|").append(task_.content_hash.hex());
    name.append("|")
        .append(extractor_version)
        .append("|")
        .append(describe(chunk_options()))
        .append("|")
        .append(model_id);
    // Other terms are another generation; those of English are as they were before languages were told apart.
    const NaturalLanguage stemming = stemming_of(result_.language);
    if (stemming != NaturalLanguage::english) name.append("|").append(name_of(stemming));
    Uuid space;
    space.bytes = generation_space;
    return GenerationId(Uuid::v5(space, name));
}

Document FileJob::document_for(const std::string& model_id) const {
    const Lease& lease = context_.lease();
    return {lease.project_id,     lease.source_id.value_or(SourceId{}),
            generation(model_id), task_.filename,
            type_.file_type,      result_.language};
}

// The chosen model first.
Result<std::vector<Target>> FileJob::targets() const {
    Embedder& chosen = *model_.embedder;
    const std::string id = chosen.model_id();
    std::vector<Target> all{{*model_.store, &chosen, chosen.dimension(), id, document_for(id)}};
    const std::string& searched = task_.search_model;
    if (!task_.for_model.empty() || searched == id || !parts_.find_model) return all;
    ARCHAEO_ASSIGN(OtherModel other, parts_.find_model(searched, task_.search_dimension));
    if (other.store == nullptr) return all;
    if (task_.external_models == ExternalModels::denied) other.embedder = nullptr;
    all.push_back({*other.store, other.embedder, task_.search_dimension, searched, document_for(searched)});
    return all;
}

Status FileJob::index(const Blob& text) {
    ARCHAEO_ASSIGN(const auto targets, this->targets());
    Chunker chunker(chunk_options());
    std::vector<char> piece(std::min<std::uint64_t>(text.size(), piece_bytes));
    for (std::uint64_t done = 0; done < text.size();) {
        stopped_ = context_.stop_requested();
        if (stopped_) return {};
        ARCHAEO_ASSIGN(const std::size_t size, text.read_at(done, piece));
        done += size;
        ARCHAEO_TRY(store(targets, chunker.push({piece.data(), size})));
        if (stopped_) return {};
        context_.progress(static_cast<std::int64_t>(done), static_cast<std::int64_t>(text.size()), "indexing");
    }
    ARCHAEO_TRY(store(targets, chunker.finish()));
    if (stopped_) return {};
    for (const Target& target : targets) ARCHAEO_TRY(count_back(target));
    result_.generation = targets.front().document.generation;
    result_.model_id = targets.front().model_id;
    if (targets.size() > 1)
        result_.other = OtherGeneration{targets.back().model_id, targets.back().document.generation};
    if (result_.chunks == 0) result_.reason = "empty";
    return {};
}

Status FileJob::count_back(const Target& target) {
    const Document& document = target.document;
    ARCHAEO_ASSIGN(const auto stored, target.store.count(document.project_id, document.source_id, document.generation));
    if (stored == result_.chunks) return {};
    return Error{Code::internal, "vector store holds " + std::to_string(stored) + " chunks of " + task_.filename +
                                     ", must hold " + std::to_string(result_.chunks)};
}

Status FileJob::store(const std::vector<Target>& targets, const std::vector<Chunker::Piece>& pieces) {
    const std::span all(pieces);
    for (std::size_t begin = 0; begin < all.size(); begin += batch_points) {
        const auto batch = all.subspan(begin, std::min(batch_points, all.size() - begin));
        for (const Target& target : targets) {
            ARCHAEO_TRY(store_batch(target, batch));
            if (stopped_) return {};
        }
        result_.chunks += batch.size();
    }
    return {};
}

Status FileJob::store_batch(const Target& target, std::span<const Chunker::Piece> pieces) {
    std::vector<std::string> rows;  // a table's, which mean little without their header
    rows.reserve(pieces.size());
    std::vector<std::string_view> texts;
    texts.reserve(pieces.size());
    for (const auto& piece : pieces) {
        const bool lacks_header =
            type_.kind == TextKind::table && piece.chunk.context.begin > 0 && !piece.chunk.heading.empty();
        texts.push_back(lacks_header ? rows.emplace_back(piece.chunk.heading + "\n").append(piece.text) : piece.text);
    }
    FloatMatrix vectors{texts.size(), target.dimension, std::vector<float>(texts.size() * target.dimension)};
    if (target.embedder != nullptr) {
        auto made =
            target.embedder->embed_until(texts, TextRole::document, [this] { return context_.stop_requested(); });
        stopped_ = !made && made.error().code == Code::cancelled;
        if (stopped_) return {};
        // The model that is about to be left may be gone: its chunks are found by their words until then.
        if (!made && target.embedder == model_.embedder) return std::move(made).error();
        if (made) vectors = *std::move(made);
    }
    std::vector<Point> points;
    points.reserve(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Chunk& chunk = pieces[i].chunk;
        const auto row = vectors.row(i);
        points.push_back({chunk.ordinal, chunk.core, chunk.context, chunk.lines, chunk.heading, pieces[i].text,
                          std::vector<float>(row.begin(), row.end()), chunk.headings});
    }
    return target.store.upsert(target.document, points);
}

}  // namespace

JobHandler make_file_handler(const FileHandlerParts& parts) {
    return [parts](JobContext& context) -> Outcome {
        auto result = FileJob(parts, context).run();
        if (!result) return outcome_of(result.error(), context.attempt());
        if (!*result) return Released{};
        return Completed{to_json(**result)};
    };
}

}  // namespace archaeologist
