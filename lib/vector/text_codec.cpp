#include "vector/text_codec.hpp"

namespace archaeologist {
namespace {

constexpr int level = 3;

Error out_of_memory() { return {Code::unavailable, "zstd: out of memory"}; }

}  // namespace

TextCodec::TextCodec() : compressor_(ZSTD_createCCtx()), decompressor_(ZSTD_createDCtx()) {}

Result<std::string> TextCodec::compress(std::string_view text) {
    if (!compressor_) return out_of_memory();
    std::string frame(ZSTD_compressBound(text.size()), '\0');
    const std::size_t size =
        ZSTD_compressCCtx(compressor_.get(), frame.data(), frame.size(), text.data(), text.size(), level);
    if (ZSTD_isError(size) != 0) return Error{Code::internal, std::string("zstd: ") + ZSTD_getErrorName(size)};
    frame.resize(size);
    return frame;
}

Status TextCodec::decompress(std::string_view frame, std::string& text) {
    if (!decompressor_) return out_of_memory();
    const unsigned long long size = ZSTD_getFrameContentSize(frame.data(), frame.size());
    if (size > segment_bytes_max) return Error{Code::corrupt, "a text segment is no zstd frame of a sane size"};
    text.resize(static_cast<std::size_t>(size));
    const std::size_t got =
        ZSTD_decompressDCtx(decompressor_.get(), text.data(), text.size(), frame.data(), frame.size());
    if (got != text.size()) return Error{Code::corrupt, "a text segment cannot be decompressed"};
    return {};
}

}  // namespace archaeologist
