// Where the queue's data lies in Redis. All keys of shard s of the queue NAME carry one hash tag, {NAME:s}, so that a script
// may touch all of them on a Cluster; every script is given all of them, in this order.
//
//   :meta        HASH    incarnation, shard, shards, paused, counter (of epochs), last_lane, project_lanes; identity of the data;
//                        server and run that the incarnation was begun on (server.lua)
//   :jobs        HASH    id → the job as it was accepted, payload included; until it is finished
//   :states      HASH    id → what became of a job that was claimed once; of a finished one until its rest expires.
//                        A result over 16 KB is in the lake, and here its hash (parcel.hpp)
//   :ready       ZSET    lane place id, all with score 0: waiting jobs in order, lane by lane
//   :delayed     ZSET    lane place id [s] → not before; s marks a suspect
//   :leases      ZSET    id → end of the lease. A running job is its entry here
//   :suspects    ZSET    place id lane, all with score 0: waiting jobs whose workers died twice (queue/pick.hpp)
//   :alone       HASH    w WORKER → the suspect it runs; r ID → who reserved a waiting suspect, and until when
//   :counts      HASH    w WORKER, p PROJECT, t LANE → how many run
//   :lanes       HASH    t TYPE, p LANE PROJECT → lane
//   :limits      HASH    p PROJECT, t LANE → how many may run
//   :unrecorded  ZSET    id → from when on the catalog is to be told what it does not know of it
//   :expiry      ZSET    id → when the rest of a finished job goes
//   :workers     ZSET    worker → until when it counts as alive; shard 0's says it all
//   :wake        LIST    at most 64 tokens, one for each waiting worker that may look
//
// A lane is two bytes, a place eight (the score, biased and big-endian), an id sixteen, a project eight. Ready jobs of one type
// are a lane; a claim moves those of a project that has a limit to a lane of their own when it finds them at its lane's head.
// A waiting job that was never claimed is its record and its entry in `ready`, nothing else: 370 bytes with a payload of 100.
//
// The scripts: begin · held · enqueue · finish_claim (also claims, settles and releases) · heartbeat · cancel · move · settings ·
// unrecorded (rest: on another server, too), acknowledge and set_aside (the recorder's) · missing and list (the sweep's) ·
// worker · stats. Only list scans, a part at a time; none is worse than O(k log n) in what it was asked for.
#pragma once

#include <array>
#include <string>
#include <string_view>
#include <vector>

namespace archaeologist::redis_queue {

inline constexpr std::array<std::string_view, 15> key_names{"meta",   "jobs",       "states", "ready",   "delayed",
                                                            "leases", "suspects",   "alone",  "counts",  "lanes",
                                                            "limits", "unrecorded", "expiry", "workers", "wake"};

struct ShardKeys {
    std::vector<std::string> all;  // in the order of key_names
    std::string wake;
    std::string claiming;  // held by who claims from several shards where there are limits; not a script's
};

[[nodiscard]] ShardKeys keys_of(std::string_view name, int shard);

}  // namespace archaeologist::redis_queue
