// Files that arrive in pieces.
#include <memory>

#include "base/sha256.hpp"
#include "engine/impl.hpp"
#include "job/validate.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t buffer_bytes = 256 << 10;

// What pieces of one file agree in.
ContentHash name_of(const UploadRequest& request, const Piece& piece) {
    Sha256 hash;
    hash.update(std::to_string(to_integer(request.project_id)) + '/' + std::to_string(to_integer(request.user_id)) +
                '/' + std::to_string(piece.total_bytes) + '/');
    hash.update(request.filename);
    return hash.finish();
}

Status validate_piece(const UploadRequest& request, const Piece& piece, std::uint64_t file_bytes_max) {
    if (piece.total_bytes > file_bytes_max) {
        return Error{Code::too_large, "file " + quoted(request.filename) + ": total_bytes is " +
                                          std::to_string(piece.total_bytes) + ", must be at most " +
                                          std::to_string(file_bytes_max)};
    }
    if (piece.offset > piece.total_bytes) {
        return Error{Code::invalid_argument, "piece of " + quoted(request.filename) + ": offset is " +
                                                 std::to_string(piece.offset) + ", must be at most total_bytes, " +
                                                 std::to_string(piece.total_bytes)};
    }
    return {};
}

Error gap(const UploadRequest& request, const Piece& piece, std::uint64_t received_bytes) {
    return {Code::conflict, "piece of " + quoted(request.filename) + ": offset is " + std::to_string(piece.offset) +
                                ", must be at most " + std::to_string(received_bytes) + ", the bytes that are there"};
}

Error too_long(const UploadRequest& request, const Piece& piece) {
    return {Code::invalid_argument, "piece of " + quoted(request.filename) + ": has more than " +
                                        std::to_string(piece.total_bytes - piece.offset) +
                                        " bytes, which is what total_bytes leaves from its offset on"};
}

// Adds what the source gives. What arrived before it failed stays; of a piece that is too long nothing does.
Status add(PartialFile& file, const UploadRequest& request, const Piece& piece, ByteSource& content) {
    const auto buffer = std::make_unique_for_overwrite<char[]>(buffer_bytes);
    for (std::uint64_t offset = piece.offset;;) {
        ARCHAEO_ASSIGN(const std::size_t got, content.read({buffer.get(), buffer_bytes}));
        if (got == 0) return {};
        if (got > piece.total_bytes - offset) {
            ARCHAEO_TRY(file.truncate(file.untouched()));
            return too_long(request, piece);
        }
        ARCHAEO_TRY(file.write(offset, {buffer.get(), got}));
        offset += got;
    }
}

}  // namespace

Result<PieceReply> Engine::Impl::upload_piece(const UploadRequest& request, const Piece& piece, ByteSource& content) {
    ARCHAEO_TRY(validate_piece(request, piece, config.limits.file_bytes_max));
    ARCHAEO_ASSIGN(PartialFile file, partial_files->take(name_of(request, piece)));
    const bool has_gap = piece.offset > file.size();
    const Status added = has_gap ? gap(request, piece, file.size()) : add(file, request, piece, content);
    if (file.size() == 0) {
        file.remove();  // as if nobody had asked
    } else if (!has_gap) {
        ARCHAEO_TRY(file.sync(clock.now()));
    }
    ARCHAEO_TRY(added);

    PieceReply reply;
    reply.received_bytes = file.size();
    if (reply.received_bytes < piece.total_bytes) return reply;
    StoredFile whole{request, {}};
    PartialSource source(file);
    ARCHAEO_ASSIGN(whole.blob, lake->put(source, config.limits.file_bytes_max));
    ARCHAEO_ASSIGN(auto replies, accept({&whole, 1}, {}));
    file.remove();
    reply.upload = std::move(replies.front());
    return reply;
}

Result<PieceReply> Engine::upload_piece(const UploadRequest& request, const Piece& piece, ByteSource& content) {
    ARCHAEO_TRY(validate(request));
    return impl_->upload_piece(request, piece, content);
}

}  // namespace archaeologist
