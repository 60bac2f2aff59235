#include "archaeologist/worker.hpp"

#include "archaeologist/json.hpp"
#include "worker/loop.hpp"

namespace archaeologist {

std::string to_json(const WorkerStatus& status) {
    JsonWriter json;
    json.begin_object()
        .field("worker_id", status.worker_id)
        .field("state", status.state)
        .field("since", to_rfc3339(status.since));
    json.key("running").begin_array();
    for (const RunningJob& job : status.running) {
        json.begin_object()
            .field("job_id", job.id.text())
            .field("job_type", job.job_type)
            .field("started_at", to_rfc3339(job.started_at))
            .end_object();
    }
    json.end_array().field("processed", status.processed).field("failed", status.failed).key("last_claim_at");
    status.last_claim_at ? json.value(to_rfc3339(*status.last_claim_at)) : json.null();
    json.end_object();
    return std::move(json).text();
}

Worker::Worker(Queue& queue, std::map<std::string, JobHandler, std::less<>> handlers, WorkerOptions options,
               const Clock& clock, LogSink log)
    : impl_(std::make_unique<Impl>(queue, std::move(handlers), std::move(options), clock, std::move(log))) {}

Worker::~Worker() = default;

void Worker::drain() { impl_->drain(); }
WorkerStatus Worker::status() const { return impl_->status(); }

}  // namespace archaeologist
