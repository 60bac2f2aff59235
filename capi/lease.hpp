// The handle of a claimed job.
#pragma once

#include <memory>
#include <mutex>
#include <string>

#include "archaeologist/queue.hpp"
#include "engine_state.hpp"
#include "guard.hpp"

struct archaeo_lease final : archaeologist::capi::Handle {
    static constexpr bool is_bound = true;
    archaeo_lease(std::shared_ptr<archaeologist::capi::EngineState> of, archaeologist::Lease one)
        : state(std::move(of)), lease(std::move(one)), job_id(lease.id.text()) {
        progress.id = lease.id;
        progress.epoch = lease.epoch;
    }

    const std::shared_ptr<archaeologist::capi::EngineState> state;
    const archaeologist::Lease lease;
    const std::string job_id;
    std::mutex mutex;              // keeps misuse by several threads at once from doing harm
    bool is_settled = false;       // guarded by mutex
    archaeologist::Beat progress;  // as last told, which every extension repeats; guarded by mutex
};
