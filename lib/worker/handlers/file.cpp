#include "worker/handlers/file.hpp"

#include <algorithm>
#include <array>

#include "catalog/file_job.hpp"
#include "extract/decode.hpp"
#include "extract/detect.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t prefix_bytes = 256 << 10;  // what the type and the charset are judged by
constexpr std::size_t piece_bytes = 256 << 10;   // of text between two looks at stop_requested
constexpr std::size_t batch_points = 256;
constexpr std::chrono::milliseconds outage_wait{5'000};
constexpr std::string_view extractor_version = "1";
constexpr std::array<std::uint8_t, 16> generation_space{0x6d, 0x1f, 0x0b, 0x52, 0x8e, 0x2c, 0x4d, 0x0a,
                                                        0x9b, 0x3e, 0x51, 0x7a, 0xc4, 0x60, 0x2f, 0x11};

Outcome outcome_of(const Error& error) {
    if (error.code == Code::unavailable || error.code == Code::rate_limited) return Delayed{error.message, outage_wait};
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

class FileJob {
public:
    FileJob(const FileHandlerParts& parts, JobContext& context) : parts_(parts), context_(context) {}

    // Nothing when the work was stopped.
    [[nodiscard]] Result<std::optional<FileResult>> run();

private:
    [[nodiscard]] Result<std::unique_ptr<Blob>> text_of(std::unique_ptr<Blob> blob, std::string_view prefix,
                                                        Extent extent);
    [[nodiscard]] Status index(const Blob& text);
    [[nodiscard]] Status store(const Document& document, const std::vector<Chunker::Piece>& pieces);
    [[nodiscard]] Status store_batch(const Document& document, std::span<const Chunker::Piece> pieces);
    [[nodiscard]] GenerationId generation() const;
    [[nodiscard]] FileResult without_chunks(std::string reason);

    const FileHandlerParts& parts_;
    JobContext& context_;
    FileTask task_;
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
    ARCHAEO_TRY(index(*text));
    if (stopped_) return std::optional<FileResult>();
    return std::optional(result_);
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

GenerationId FileJob::generation() const {
    ChunkOptions options = parts_.chunks;
    options.kind = type_.kind;
    const Lease& lease = context_.lease();
    std::string name = std::to_string(to_integer(lease.source_id.value_or(SourceId{})));
    name.append("|").append(std::to_string(task_.version)).append("|").append(task_.content_hash.hex());
    name.append("|").append(extractor_version).append("|").append(describe(options));
    name.append("|").append(parts_.embedder.model_id());
    Uuid space;
    space.bytes = generation_space;
    return GenerationId(Uuid::v5(space, name));
}

Status FileJob::index(const Blob& text) {
    const Lease& lease = context_.lease();
    const Document document{lease.project_id, lease.source_id.value_or(SourceId{}),
                            generation(),     task_.filename,
                            type_.file_type,  type_.language};
    ChunkOptions options = parts_.chunks;
    options.kind = type_.kind;
    Chunker chunker(options);
    std::vector<char> piece(std::min<std::uint64_t>(text.size(), piece_bytes));
    for (std::uint64_t done = 0; done < text.size();) {
        stopped_ = context_.stop_requested();
        if (stopped_) return {};
        ARCHAEO_ASSIGN(const std::size_t size, text.read_at(done, piece));
        done += size;
        ARCHAEO_TRY(store(document, chunker.push({piece.data(), size})));
        context_.progress(static_cast<std::int64_t>(done), static_cast<std::int64_t>(text.size()), "indexing");
    }
    ARCHAEO_TRY(store(document, chunker.finish()));

    ARCHAEO_ASSIGN(const auto stored, parts_.store.count(document.project_id, document.source_id, document.generation));
    if (stored != result_.chunks) {
        return Error{Code::internal, "vector store holds " + std::to_string(stored) + " chunks of " + task_.filename +
                                         ", must hold " + std::to_string(result_.chunks)};
    }
    result_.generation = document.generation;
    result_.model_id = parts_.embedder.model_id();
    if (result_.chunks == 0) result_.reason = "empty";
    return {};
}

Status FileJob::store(const Document& document, const std::vector<Chunker::Piece>& pieces) {
    const std::span all(pieces);
    for (std::size_t begin = 0; begin < all.size(); begin += batch_points) {
        ARCHAEO_TRY(store_batch(document, all.subspan(begin, std::min(batch_points, all.size() - begin))));
    }
    return {};
}

Status FileJob::store_batch(const Document& document, std::span<const Chunker::Piece> pieces) {
    std::vector<std::string_view> texts;
    texts.reserve(pieces.size());
    for (const auto& piece : pieces) texts.push_back(piece.text);
    ARCHAEO_ASSIGN(const FloatMatrix vectors, parts_.embedder.embed(texts, TextRole::document));
    std::vector<Point> points;
    points.reserve(pieces.size());
    for (std::size_t i = 0; i < pieces.size(); ++i) {
        const Chunk& chunk = pieces[i].chunk;
        const auto row = vectors.row(i);
        points.push_back({chunk.ordinal, chunk.core, chunk.context, chunk.lines, chunk.heading, pieces[i].text,
                          std::vector<float>(row.begin(), row.end())});
    }
    ARCHAEO_TRY(parts_.store.upsert(document, points));
    result_.chunks += points.size();
    return {};
}

}  // namespace

JobHandler make_file_handler(const FileHandlerParts& parts) {
    return [parts](JobContext& context) -> Outcome {
        auto result = FileJob(parts, context).run();
        if (!result) return outcome_of(result.error());
        if (!*result) return Released{};
        return Completed{to_json(**result)};
    };
}

}  // namespace archaeologist
