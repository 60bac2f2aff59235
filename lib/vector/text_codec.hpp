// Text as it lies in the file: zstd frames.
#pragma once

#include <zstd.h>

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "archaeologist/result.hpp"

namespace archaeologist {

// Of text in one frame, and some more up to the end of a chunk. A search hit costs reading one; two signatures of such
// fit into one page of the file.
inline constexpr std::size_t segment_bytes = 14 << 10;
inline constexpr std::size_t segment_bytes_max = 8 << 20;  // more in a file is damage

// One thread at a time; made to be kept.
class TextCodec {
public:
    TextCodec();
    [[nodiscard]] Result<std::string> compress(std::string_view text);
    // Replaces `text`. Errors: corrupt.
    [[nodiscard]] Status decompress(std::string_view frame, std::string& text);

private:
    struct Free {
        void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
        void operator()(ZSTD_DCtx* context) const { ZSTD_freeDCtx(context); }
    };
    std::unique_ptr<ZSTD_CCtx, Free> compressor_;
    std::unique_ptr<ZSTD_DCtx, Free> decompressor_;
};

}  // namespace archaeologist
