#include "engine/workshop.hpp"

#include <algorithm>
#include <thread>

#include "catalog/file_job.hpp"
#include "job/validate.hpp"
#include "queue/requests.hpp"
#include "worker/handlers/file.hpp"

namespace archaeologist {
namespace {

// More slots than cores: most of a small file's time is waiting for its commit, which the files in the other slots share.
int default_slots() { return std::clamp(16 * static_cast<int>(std::thread::hardware_concurrency()), 16, 128); }

std::uint64_t task_bytes(const Lease& lease) {
    const auto task = parse_file_task(lease.job_data);
    return task ? task->size_bytes : 0;
}

}  // namespace

Status validate(const Config& config) {
    if (config.data_dir.empty()) return Error{Code::invalid_argument, "data_dir is empty, must name a folder"};
    if (config.workers < 0 || config.workers > 1'024) {
        return Error{Code::invalid_argument,
                     "workers is " + std::to_string(config.workers) + ", must be 0 (chosen) to 1024"};
    }
    if (!config.worker_id.empty()) ARCHAEO_TRY(validate_worker_id(config.worker_id));
    ARCHAEO_TRY(validate(config.embedding));
    ARCHAEO_TRY(parse_languages(config.languages));
    return validate(config.chunks);
}

Status Workshop::add_handler(std::string_view job_type, JobHandler handler) {
    ARCHAEO_TRY(validate_job_type(job_type));
    if (!handler) {
        return Error{Code::invalid_argument, "handler of " + quoted(job_type) + " is empty, must be a function"};
    }
    const MutexLock lock(mutex_);
    if (worker_) {
        return Error{Code::conflict, "handler of " + quoted(job_type) + ": the workers run, must be added before them"};
    }
    if (job_type == file_processing || handlers_.contains(job_type)) {
        return Error{Code::already_exists, "handler of " + quoted(job_type) + ": there is one already"};
    }
    if (handlers_.size() + 1 >= QueueLimits::job_types_max) return too_many("handlers", QueueLimits::job_types_max);
    handlers_.emplace(job_type, std::move(handler));
    return {};
}

bool Workshop::start() {
    const MutexLock lock(mutex_);
    if (worker_) return false;
    const JobHandler file =
        make_file_handler({tools_.lake, tools_.store, tools_.embedder, tools_.find_model, config_.chunks,
                           parse_languages(config_.languages).value_or(LanguageSet()), config_.limits.text_bytes_max});
    auto all_handlers = handlers_;
    all_handlers.emplace(file_processing, [this, file](JobContext& context) {
        Outcome outcome = file(context);
        if (!std::holds_alternative<Released>(outcome)) bytes_processed_ += task_bytes(context.lease());
        return outcome;
    });
    WorkerOptions options;
    options.worker_id = config_.worker_id;
    options.slots = config_.workers > 0 ? config_.workers : default_slots();
    options.heartbeat = config_.heartbeat;
    options.lease = config_.queue.lease;
    options.grace = config_.grace;
    worker_ = std::make_shared<Worker>(tools_.queue, std::move(all_handlers), options, clock_, config_.log);
    return true;
}

bool Workshop::stop() {
    std::shared_ptr<Worker> worker;
    {
        const MutexLock lock(mutex_);
        worker = worker_;
    }
    if (!worker) return false;
    worker->drain();  // its status can be asked meanwhile
    const MutexLock lock(mutex_);
    if (worker_ == worker) worker_.reset();
    return true;
}

std::optional<WorkerStatus> Workshop::status() {
    const MutexLock lock(mutex_);
    if (!worker_) return std::nullopt;
    return worker_->status();
}

}  // namespace archaeologist
