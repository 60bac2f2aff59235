// What one call needs for analysing and compressing; kept from call to call.
#pragma once

#include <memory>
#include <utility>
#include <vector>

#include "base/mutex.hpp"
#include "text/analyzer.hpp"
#include "vector/text_codec.hpp"

namespace archaeologist {

struct Workspace {
    Analyzer analyzer;
    TextCodec codec;
};

// Thread-safe; outlives its leases.
class Workspaces {
public:
    class Lease {
    public:
        Lease(Workspaces& owner, std::unique_ptr<Workspace> workspace)
            : owner_(owner), workspace_(std::move(workspace)) {}
        ~Lease() { owner_.give_back(std::move(workspace_)); }
        Lease(const Lease&) = delete;
        Lease& operator=(const Lease&) = delete;
        [[nodiscard]] Workspace* operator->() const { return workspace_.get(); }
        [[nodiscard]] Workspace& operator*() const { return *workspace_; }

    private:
        Workspaces& owner_;
        std::unique_ptr<Workspace> workspace_;
    };

    [[nodiscard]] Lease take() {
        const MutexLock lock(mutex_);
        if (idle_.empty()) return {*this, std::make_unique<Workspace>()};
        std::unique_ptr<Workspace> workspace = std::move(idle_.back());
        idle_.pop_back();
        return {*this, std::move(workspace)};
    }

private:
    static constexpr std::size_t idle_max = 64;

    void give_back(std::unique_ptr<Workspace> workspace) {
        const MutexLock lock(mutex_);
        if (idle_.size() < idle_max) idle_.push_back(std::move(workspace));
    }

    Mutex mutex_;
    std::vector<std::unique_ptr<Workspace>> idle_ ARCHAEO_GUARDED_BY(mutex_);
};

}  // namespace archaeologist
