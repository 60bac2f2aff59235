// Parameters, schemas and replies that several routes share.
#pragma once

#include <string>
#include <vector>

#include "archaeologist/engine.hpp"
#include "host/http/router.hpp"

namespace archaeologist::httpd {

inline constexpr std::int64_t id_max = std::int64_t{1} << 53;  // beyond, readers of JSON disagree

[[nodiscard]] host::Parameter project_id();
[[nodiscard]] host::Parameter source_id();
[[nodiscard]] host::Parameter job_id();
// ?page= and ?per_page=
[[nodiscard]] std::vector<host::Parameter> page_parameters();

[[nodiscard]] host::Schema priority_schema();
[[nodiscard]] host::Schema job_status_schema();
[[nodiscard]] host::Schema timeout_schema();
[[nodiscard]] host::Schema retries_schema();
[[nodiscard]] host::Parameter idempotency_key();

[[nodiscard]] host::HttpReply json_reply(int status, std::string body);
[[nodiscard]] host::HttpReply no_content();

[[nodiscard]] ProjectId project_of(const host::Call& call);
// The source of the path, which must be one of the project of the path. Errors: not_found.
[[nodiscard]] Result<Source> source_of(Engine& engine, const host::Call& call);
[[nodiscard]] JobId job_of(const host::Call& call);

// Nothing when the request has none. Errors: invalid_argument.
[[nodiscard]] Result<std::optional<IdempotencyKey>> key_of(const host::Call& call, std::string route);

}  // namespace archaeologist::httpd
