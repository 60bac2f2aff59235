// Handles of sources and jobs: copies of what they were like.
#pragma once

#include <optional>
#include <string>

#include "archaeologist/engine.hpp"
#include "arguments.hpp"
#include "guard.hpp"

struct archaeo_source final : archaeologist::capi::Handle {
    static constexpr bool is_bound = false;
    explicit archaeo_source(archaeologist::Source one)
        : source(std::move(one)),
          content_hash(source.content_hash.hex()),
          job_id(source.job_id.text()),
          json(to_json(source)) {}
    archaeologist::Source source;
    std::string content_hash;
    std::string job_id;
    std::string json;
};

struct archaeo_job final : archaeologist::capi::Handle {
    static constexpr bool is_bound = false;
    archaeo_job(archaeologist::Job one, archaeologist::TimePoint now)
        : job(std::move(one)), id(job.id.text()), json(to_json(job, now)) {}
    archaeologist::Job job;
    std::string id;
    std::string json;
};

namespace archaeologist::capi {

// Both, or none when the memory for one is missing.
inline void give_upload(UploadReply reply, TimePoint now, archaeo_source** source_out, archaeo_job** job_out) {
    std::shared_ptr<archaeo_source> source;
    if (source_out != nullptr) source = std::make_shared<archaeo_source>(std::move(reply.source));
    if (job_out != nullptr && reply.job) *job_out = make_handle<archaeo_job>(std::move(*reply.job), now);
    if (source) *source_out = publish(std::move(source));
}

}  // namespace archaeologist::capi
