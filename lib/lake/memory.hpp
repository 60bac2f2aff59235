// A lake in memory: the oracle of the contract suite, and enough for tests of whatever needs a lake.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "archaeologist/lake.hpp"
#include "base/mutex.hpp"

namespace archaeologist {

class MemoryLake final : public Lake {
public:
    [[nodiscard]] Result<std::unique_ptr<BlobWriter>> begin(std::uint64_t size_max) override;
    [[nodiscard]] Result<std::unique_ptr<Blob>> open(const ContentHash& hash) override;
    [[nodiscard]] Result<bool> contains(const ContentHash& hash) override;
    [[nodiscard]] Status remove(const ContentHash& hash) override;
    [[nodiscard]] Result<std::vector<StoredBlob>> list(const std::optional<ContentHash>& after,
                                                       std::size_t limit) override;

private:
    class Writer;
    Mutex mutex_;
    std::map<ContentHash, std::shared_ptr<const std::string>> blobs_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist
