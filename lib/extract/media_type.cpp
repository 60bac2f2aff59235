#include "extract/media_type.hpp"

#include <magic.h>

#include <algorithm>
#include <memory>
#include <type_traits>

#include "base/mutex.hpp"

namespace archaeologist {
namespace {

constexpr std::size_t looked_at_bytes_max = 64 << 10;
constexpr std::string_view unknown = "application/octet-stream";

struct Close {
    void operator()(magic_t magic) const { magic_close(magic); }
};
using Magic = std::unique_ptr<std::remove_pointer_t<magic_t>, Close>;

Magic load() {
    Magic magic(magic_open(MAGIC_MIME_TYPE));
    if (magic && magic_load(magic.get(), nullptr) != 0) magic.reset();
    return magic;
}

}  // namespace

std::string media_type_of(std::string_view beginning) {
    static Mutex mutex;
    const MutexLock lock(mutex);
    static const Magic magic = load();
    if (!magic) return std::string(unknown);
    const char* found = magic_buffer(magic.get(), beginning.data(), std::min(beginning.size(), looked_at_bytes_max));
    return found == nullptr ? std::string(unknown) : std::string(found);
}

}  // namespace archaeologist
