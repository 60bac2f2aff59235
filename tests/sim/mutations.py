#!/usr/bin/env python3
"""Shows that the simulation bites: breaks the queue in one place at a time, and sees to it that each is noticed.

    tests/sim/mutations.py            all of them, in a copy of the tree (some minutes)
    tests/sim/mutations.py --only 3   one of them
    tests/sim/mutations.py --check    only that each still fits the code (what the suite runs)
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

TREE = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Mutation:
    what: str
    file: str
    old: str
    new: str
    backend: str = "sqlite"


MUTATIONS = [
    Mutation("the epoch of a settlement is not checked", "lib/queue/sqlite.cpp",
             "row->epoch != settlement.epoch || ", ""),
    Mutation("the worker of a settlement is not checked, nor its epoch", "lib/queue/sqlite.cpp",
             " || row->epoch != settlement.epoch || row->worker_id != settlement.worker_id", ""),
    Mutation("a finished job can be settled again", "lib/queue/sqlite.cpp",
             "row->state != State::running || row->epoch", "row->epoch"),
    Mutation("a heartbeat does not renew the lease", "lib/queue/sqlite/renew.sql",
             "lease_until_ms = min(:now_ms + :lease_ms, deadline_ms), ",
             "lease_until_ms = max(lease_until_ms, 0 * :now_ms * :lease_ms), "),
    Mutation("a lease is renewed past its deadline", "lib/queue/sqlite/renew.sql",
             "min(:now_ms + :lease_ms, deadline_ms)", ":now_ms + :lease_ms"),
    Mutation("epochs repeat", "lib/queue/sqlite/use_epochs.sql", "value + :count", "value + :count - 1"),
    Mutation("a job that crashes its workers goes on for ever", "lib/queue/settle.cpp",
             "crashed.crash_count = crashes;", "crashed.crash_count = 0;"),
    Mutation("handing a job back spends a retry", "lib/queue/settle.cpp",
             'return decision(job, JobEvent::released, "released", "");',
             'auto released = decision(job, JobEvent::released, "released", ""); ++released.retry_count; return released;'),
    Mutation("a retry is not counted", "lib/queue/settle.cpp", "    ++retry.retry_count;\n", ""),
    Mutation("the newest job goes first", "lib/queue/sqlite/lane_head.sql", "ORDER BY score, id", "ORDER BY score DESC, id"),
    Mutation("a project's share is forgotten", "lib/job/place.cpp", "+ share.count()", "+ 0 * share.count()", "memory"),
    Mutation("a pause is not heeded", "lib/queue/sqlite/claim_lanes.sql",
             "WHERE NOT (SELECT paused FROM queue_settings)", "WHERE 1"),
    Mutation("a project's limit lets one more through", "lib/queue/sqlite/claim_lanes.sql",
             "p.running_max -\n", "p.running_max + 1 -\n"),
    Mutation("cancelling a batch leaves its children", "lib/queue/sqlite/ending.cpp",
             "        doomed.insert(doomed.end(), children.begin(), children.end());\n", ""),
    Mutation("a batch ends while a child runs", "lib/queue/sqlite/unfinished_child.sql",
             "('pending', 'queued', 'running', 'waiting')", "('pending', 'queued', 'waiting')"),
    Mutation("a suspect runs beside other jobs", "lib/queue/pick.cpp", "held_.leases + picked_ > 0", "picked_ > 1000", "memory"),
    Mutation("a delayed job runs a moment early", "lib/queue/sqlite/promote.sql",
             "run_at_ms <= :now_ms\n", "run_at_ms <= :now_ms + 50\n"),
    Mutation("a worker is not told that its job was cancelled", "lib/queue/sqlite.cpp",
             "(cancelled ? reply.cancelled : reply.lost)", "(cancelled ? reply.lost : reply.lost)"),
    Mutation("a wait after a failure has no bound", "lib/job/retry.cpp",
             "base > cap / factor ? cap : base * factor", "cap * factor", "memory"),
    Mutation("a lease that ended is not taken back", "lib/queue/sqlite/expired.sql",
             "lease_until_ms <= :now_ms", "lease_until_ms <= :now_ms - 5000"),
    Mutation("Redis does not check the epoch of a settlement", "lib/queue/redis/finish_claim.lua",
             "s.epoch ~= tonumber(ARGV[at + 1]) or s.worker", "s.worker", "lossy-redis"),
    Mutation("what had ended is done again when Redis loses its data", "lib/queue/redis/lose_jobs.sql",
             "IN ('queued', 'running')", "IN ('queued', 'running', 'completed')", "lossy-redis"),
    Mutation("Redis forgets what ended before the catalog has it", "lib/queue/redis/finish_claim.lua",
             "    gather('HDEL', JOBS, id)\n    note(id, s)", "    gather('HDEL', JOBS, id)\n    bury(id, s, 1000)", "lossy-redis"),
    Mutation("a Redis that comes back with older data is taken for the one of before", "lib/queue/redis/here.lua",
             "if not is_here(meta[6], meta[7]) then", "if not is_here(meta[6], meta[7]) and false then", "lossy-redis"),
    Mutation("Redis does not count a crash", "lib/queue/redis/finish_claim.lua",
             "s.crashes = s.crashes + 1", "s.crashes = s.crashes", "redis"),
]


def fit(mutation: Mutation, tree: Path) -> bool:
    return (tree / mutation.file).read_text(encoding="utf-8").count(mutation.old) == 1


def check() -> int:
    unfit = [one.what for one in MUTATIONS if not fit(one, TREE)]
    for what in unfit:
        print(f'"{what}" does not fit the code any more: its text must be there once')
    return 1 if unfit else 0


def copy_of_tree(folder: Path) -> Path:
    tree = folder / "tree"
    names = subprocess.run(["git", "-C", TREE, "ls-files", "-co", "--exclude-standard"],
                           check=True, capture_output=True, text=True).stdout.splitlines()
    for name in names:
        if (TREE / name).is_file():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(TREE / name, tree / name)
    subprocess.run(["cmake", "--preset", "dev"], cwd=tree, check=True, capture_output=True)
    return tree


def build(tree: Path) -> None:
    done = subprocess.run(["cmake", "--build", "build/dev", "--target", "archaeologist-sim"],
                          cwd=tree, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(done.stdout + done.stderr)


def simulate(tree: Path, backend: str, steps: int) -> tuple[int, str]:
    """The exit code and why."""
    program = next((tree / "build/dev").rglob("archaeologist-sim"))
    environment = dict(os.environ)
    if os.access("/dev/shm", os.W_OK):
        environment["TMPDIR"] = "/dev/shm"  # nothing here outlives the run
    done = subprocess.run([program, "--backend", backend, "--steps", str(steps), "--story", "2000"],
                          capture_output=True, text=True, check=False, env=environment)
    why = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    return done.returncode, why[0] if why else done.stdout.strip()[-200:]


def is_caught(tree: Path, mutation: Mutation, steps: int) -> bool:
    path = tree / mutation.file
    whole = path.read_text(encoding="utf-8")
    path.write_text(whole.replace(mutation.old, mutation.new), encoding="utf-8")
    build(tree)
    code, why = simulate(tree, mutation.backend, steps)
    path.write_text(whole, encoding="utf-8")
    print(f"{'caught' if code == 1 else 'NOT CAUGHT'}: {mutation.what} ({mutation.backend})\n    {why}", flush=True)
    return code == 1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only whether each still fits the code")
    parser.add_argument("--only", type=int, metavar="N", help=f"1 to {len(MUTATIONS)}")
    parser.add_argument("--steps", type=int, default=40_000, help="that the simulation has to notice")
    arguments = parser.parse_args()
    if check() != 0:
        return 1
    if arguments.check:
        return 0
    wanted = [MUTATIONS[arguments.only - 1]] if arguments.only else MUTATIONS
    with tempfile.TemporaryDirectory(prefix="archaeologist-mutations-") as folder:
        tree = copy_of_tree(Path(folder))
        build(tree)
        for backend in sorted({one.backend for one in wanted}):
            code, why = simulate(tree, backend, 4_000)
            if code != 0:
                sys.exit(f"the unbroken queue fails already, on {backend}: {why}")
        caught = [is_caught(tree, one, arguments.steps) for one in wanted]
    print(f"{sum(caught)} of {len(caught)} caught")
    return 0 if all(caught) else 1


if __name__ == "__main__":
    sys.exit(main())
