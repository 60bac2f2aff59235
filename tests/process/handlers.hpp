// What the jobs of the tests do. Each writes its attempt to the process's ledger before anything else.
#pragma once

#include <atomic>
#include <map>
#include <string>

#include "archaeologist/engine.hpp"
#include "archaeologist/worker_node.hpp"

namespace archaeologist {

// What handlers share with the commands. Outlives the workers.
class Workbench {
public:
    // ledger: a file to append to; empty = none is kept.
    explicit Workbench(const std::string& ledger);
    ~Workbench();
    Workbench(const Workbench&) = delete;
    Workbench& operator=(const Workbench&) = delete;

    // Lets the jobs go on that hold now.
    void release() { ++releases_; }
    // Holds no job from now on.
    void close() { is_closed_ = true; }

    // The job types:
    //   note    works for job_data.ms
    //   tell    says that it started
    //   hold    says that it started, then works until it is released or told to stop, and says which; told to stop, it
    //           fails, or completes if job_data has a member "insists"
    //   poison  kills its process
    //   expand  says that it ends, as a batch of job_data.children jobs of type job_data.of
    [[nodiscard]] Status add_handlers(Engine& engine) { return add_to(engine); }
    [[nodiscard]] Status add_handlers(WorkerNode& node) { return add_to(node); }

private:
    template <class Owner>
    [[nodiscard]] Status add_to(Owner& owner) {
        for (auto& [job_type, handler] : handlers()) ARCHAEO_TRY(owner.add_handler(job_type, std::move(handler)));
        return {};
    }
    [[nodiscard]] std::map<std::string, JobHandler> handlers();
    void note(const JobContext& context);
    [[nodiscard]] Outcome hold(const JobContext& context);

    int ledger_ = -1;
    std::atomic<int> releases_ = 0;
    std::atomic<bool> is_closed_ = false;
};

}  // namespace archaeologist
