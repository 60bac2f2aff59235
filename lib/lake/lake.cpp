#include "archaeologist/lake.hpp"

#include <algorithm>
#include <cstring>

#include "lake/file_source.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t buffer_bytes = 256 << 10;

}  // namespace

Result<std::size_t> MemorySource::read(std::span<char> buffer) {
    const std::size_t size = std::min(buffer.size(), rest_.size());
    if (size > 0) std::memcpy(buffer.data(), rest_.data(), size);
    rest_.remove_prefix(size);
    return size;
}

Result<std::unique_ptr<ByteSource>> open_file(const std::string& path) {
    ARCHAEO_ASSIGN(auto file, FileSource::open(path));
    return std::unique_ptr<ByteSource>(std::make_unique<FileSource>(std::move(file)));
}

Result<StoredBlob> Lake::put(ByteSource& source, std::uint64_t size_max) {
    ARCHAEO_ASSIGN(const auto writer, begin(size_max));
    const auto buffer = std::make_unique_for_overwrite<char[]>(buffer_bytes);
    for (;;) {
        ARCHAEO_ASSIGN(const std::size_t size, source.read({buffer.get(), buffer_bytes}));
        if (size == 0) return writer->finish();
        ARCHAEO_TRY(writer->write({buffer.get(), size}));
    }
}

Status Lake::probe() {
    ARCHAEO_TRY(contains(ContentHash{}));
    return {};
}

Result<std::string> Lake::read(const ContentHash& hash, std::uint64_t size_max) {
    ARCHAEO_ASSIGN(const auto blob, open(hash));
    if (blob->size() > size_max) {
        return Error{Code::too_large, "blob " + hash.hex() + " has " + std::to_string(blob->size()) +
                                          " bytes, must be at most " + std::to_string(size_max)};
    }
    std::string content(static_cast<std::size_t>(blob->size()), '\0');
    ARCHAEO_ASSIGN(const std::size_t size, blob->read_at(0, content));
    content.resize(size);
    return content;
}

Result<std::size_t> BlobSource::read(std::span<char> buffer) {
    ARCHAEO_ASSIGN(const std::size_t size, blob_.read_at(offset_, buffer));
    offset_ += size;
    return size;
}

}  // namespace archaeologist
