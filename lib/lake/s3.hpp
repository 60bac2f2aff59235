// A lake in a bucket of S3 or of what speaks as it does: PREFIX/xx/HASH, as in the local lake.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "archaeologist/lake.hpp"
#include "lake/s3/bucket.hpp"

namespace archaeologist {

struct S3LakeOptions {
    std::string tmp_dir;                                       // for content above 1 MiB until its hash is known
    std::uint64_t single_bytes_max = std::uint64_t{64} << 20;  // more is sent in parts
    std::uint64_t part_bytes = std::uint64_t{16} << 20;        // of one at least; S3 has 10,000 at most
};

// A writer takes the whole content before it sends it: the key is the content's hash. An object appears at once or not at
// all; what was sent in parts and not completed is aborted, or, when the process dies, left to the bucket's lifecycle rule
// for incomplete uploads.
//
// Errors of what the interface says, and unavailable: see s3::Bucket.
[[nodiscard]] std::unique_ptr<Lake> make_s3_lake(std::shared_ptr<const s3::Bucket> bucket, S3LakeOptions options);

}  // namespace archaeologist
