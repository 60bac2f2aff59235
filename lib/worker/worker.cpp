#include "archaeologist/worker.hpp"

#include "worker/loop.hpp"

namespace archaeologist {

Worker::Worker(Queue& queue, std::map<std::string, JobHandler, std::less<>> handlers, WorkerOptions options,
               const Clock& clock, LogSink log)
    : impl_(std::make_unique<Impl>(queue, std::move(handlers), std::move(options), clock, std::move(log))) {}

Worker::~Worker() = default;

void Worker::drain() { impl_->drain(); }
WorkerStatus Worker::status() const { return impl_->status(); }

}  // namespace archaeologist
