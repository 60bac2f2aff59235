"""Prints how much faster the project is than a peer, from the JSON lines of one run.

usage: compare.py OURS PEER   files of one line each, of the queue or of the chunker
"""
import json
import sys

# What of ours stands beside which figure of the peer's. The peer has no catalog: "broker" is what it is like.
PAIRS = [
    ("enqueue_bulk_per_s", ["broker_enqueue_bulk_per_s", "enqueue_bulk_per_s"]),
    ("enqueue_8_single_per_s", ["broker_enqueue_8_single_per_s", "enqueue_8_single_per_s"]),
    ("process_per_s", ["broker_process_per_s", "process_per_s"]),
    ("chunk_mb_per_s", ["chunk_mb_per_s"]),
]

ours, peer = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:3])
ratios = {"benchmark": "ratios", "peer": peer["peer"]}
if "kind" in peer:
    ratios["kind"] = peer["kind"]
for theirs, names in PAIRS:
    for name in names if theirs in peer else []:
        ratios[name.replace("_mb_per_s", "_ratio").replace("_per_s", "_ratio")] = round(ours[name] / peer[theirs], 2)
print(json.dumps(ratios))
