"""A million waiting jobs of one project hold up nobody else."""
import os
import time

from processes import OPTIMISED, SANITIZER, Case, eventually, figure, main

WAITING = int(os.environ.get("ARCHAEO_CROWD") or (200_000 if SANITIZER else 1_000_000))
SINGLES = 5
SLOTS = 8
STARTED_WITHIN_S = 20 if SANITIZER else 2
SHARE_S = 0.020  # by how much each job puts off its project's next
CROWD_LIMIT_S = 500


class Crowd(Case):
    def enqueue_the_crowd(self):
        began = time.monotonic()
        self.start().ask(f"enqueue project=1 quiet=1 count={WAITING}", CROWD_LIMIT_S)
        seconds = time.monotonic() - began
        build = "optimised" if OPTIMISED else f"sanitised ({SANITIZER})" if SANITIZER else "debug"
        figure(f"{WAITING:,} jobs enqueued in {seconds:.1f} s, 10,000 a call ({build} build)")
        return seconds

    def work_past(self, seconds, worker):
        """Jobs of a project stand SHARE_S apart, so those that were due while it enqueued come before anyone's of now."""
        due = min(WAITING // 2, int(seconds / SHARE_S))
        began = time.monotonic()
        eventually(lambda: worker.stats()["completed"] > due, "the workers caught up", CROWD_LIMIT_S)
        figure(f"{due} jobs were due before; worked off in {time.monotonic() - began:.1f} s")

    def check_single(self, giver, worker, project, priority):
        """A job of a project of its own; milliseconds from the answer to its enqueue to its start."""
        enqueued_ms = float(giver.ask(f"enqueue type=tell project={project} priority={priority}"))
        job_id = giver.event("enqueued 0")[0]
        _, started_ms = worker.event(f"started {job_id}")
        self.assertGreater(giver.stats()["queued"], WAITING // 3, "the workers are not busy any more")
        self.assertLess(float(started_ms) - enqueued_ms, STARTED_WITHIN_S * 1000)
        return float(started_ms) - enqueued_ms

    def check_singles(self, giver, worker, priority):
        waits = [self.check_single(giver, worker, project, priority) for project in range(2, 2 + SINGLES)]
        figure(f"{priority} jobs of other projects started " + ", ".join(f"{wait:.1f}" for wait in waits) + " ms after their enqueue")

    def newest_epoch(self):
        return max(int(line.split()[1]) for line in (self.root / "ledger").read_text().splitlines())

    def check_order_of_next_claims(self, giver, worker):
        """While nothing is claimed, what is claimed next is decided by the order alone."""
        giver.ask("pause")
        eventually(lambda: giver.stats()["running"] == 0, "nothing runs")
        before = self.newest_epoch()
        normal, urgent = (giver.enqueue("tell", project=project, priority=priority)
                          for project, priority in ((98, "normal"), (99, "urgent")))
        giver.ask("resume")
        urgent_epoch, _ = worker.event(f"started {urgent}")
        normal_epoch, _ = worker.event(f"started {normal}")
        figure(f"claimed after the pause: the urgent job as number {int(urgent_epoch) - before}, "
               f"the normal one of another project as number {int(normal_epoch) - before}")
        self.assertEqual(int(urgent_epoch), before + 1)
        self.assertLess(int(normal_epoch), before + WAITING // 100)

    def test_a_million_waiting_jobs_hold_up_no_other_project_and_no_urgent_job(self):
        """PITFALL: one big import starves everybody's small one."""
        giver = self.start()
        seconds = self.enqueue_the_crowd()
        worker = self.start_worker(slots=SLOTS, ledger=self.root / "ledger")
        self.check_singles(giver, worker, "urgent")  # even while the workers are behind
        self.work_past(seconds, worker)
        self.check_singles(giver, worker, "normal")
        self.check_order_of_next_claims(giver, worker)
        worker.ask("rest", CROWD_LIMIT_S)
        began = time.monotonic()
        self.end_all()
        figure(f"ended and checked in {time.monotonic() - began:.1f} s; "
               f"catalog.db has {(self.data / 'catalog.db').stat().st_size / 1e6:.0f} MB")


if __name__ == "__main__":
    main()
