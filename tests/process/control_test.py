"""What one process asks for, the others keep to: cancellation, a pause, a limit."""
import random
import time

from processes import Case, eventually, figure, main, seed

HEARTBEAT_MS = 200
LIMIT = 3
JOBS = 200


class Control(Case):
    def test_a_job_cancelled_elsewhere_is_told_to_stop_within_a_heartbeat_and_stays_cancelled(self):
        worker, other = self.start_worker(heartbeat_ms=HEARTBEAT_MS), self.start()
        job_id = other.enqueue("hold", data='{"insists":1}')
        worker.event(f"started {job_id}")
        asked_at = time.monotonic()
        other.ask(f"cancel id={job_id}")
        self.assertEqual(other.job(job_id)["status"], "cancelled")
        _, stopped_ms = worker.event(f"stopped {job_id}")
        figure(f"told to stop {float(stopped_ms) - asked_at * 1000:.0f} ms after the cancellation was asked for; "
               f"a heartbeat is {HEARTBEAT_MS} ms")
        worker.ask("rest")
        job = other.job(job_id)
        self.assertEqual((job["status"], "by" in str(job["result_data"])), ("cancelled", False))
        self.assert_outcomes(job, ["cancelled"])
        self.end_all()

    def test_a_cancelled_job_is_not_run_again_when_its_worker_is_killed(self):
        worker, other = self.start_worker(), self.start_worker(slots=2)
        job_ids = [other.enqueue("hold") for _ in range(3)]
        held, _, _ = worker.event("started")
        others = {other.event("started")[0] for _ in range(2)}
        self.assertEqual(others | {held}, set(job_ids))
        worker.ask(f"cancel id={held}")
        worker.kill()
        eventually(lambda: other.stats()["workers"] == 1, "its death is noticed")
        other.ask("release")
        eventually(lambda: other.stats()["completed"] == 2, "the others are completed")
        self.assertEqual(other.job(held)["status"], "cancelled")
        self.end_all()

    def test_nothing_is_claimed_anywhere_while_the_queue_is_paused(self):
        workers, other = [self.start_worker(slots=4) for _ in range(3)], self.start()
        other.ask("pause")
        other.ask(f"enqueue count={JOBS}")
        time.sleep(0.6)  # longer than a worker waits before it looks by itself
        self.assertEqual((other.stats()["running"], other.stats()["queued"]), (0, JOBS))
        other.ask("resume")
        eventually(lambda: other.stats()["completed"] == JOBS, "all are completed")
        self.assertEqual({worker.ask("status") for worker in workers}, {"running"})
        self.end_all()

    @staticmethod
    def most_at_once(jobs):
        """By the catalog's own times; a try that ends as another begins does not count with it."""
        moments = [moment for job in jobs for attempt in job["attempts"]
                   for moment in ((attempt["started_at"], 1), (attempt["ended_at"], -1))]
        running, most = 0, 0
        for _, change in sorted(moments):
            running += change
            most = max(most, running)
        return most

    def test_a_projects_limit_holds_for_all_processes_together_while_they_are_killed(self):
        """PITFALL: a limit that leaks with every worker that dies."""
        chance = random.Random(seed())
        other = self.start()
        other.ask(f"limit project=7 most={LIMIT}")
        workers = [self.start_worker(slots=4) for _ in range(3)]
        job_ids = []
        for project in (7, 8):
            other.ask(f'enqueue project={project} count={JOBS} data={{"ms":20}}')
            job_ids.append(other.event("enqueued 0"))
        kills = 0
        while other.stats()["queued"] + other.stats()["running"] > 0:
            time.sleep(chance.uniform(0.05, 0.25))  # the moment itself is what is tested
            at = chance.randrange(len(workers))
            workers[at].kill()
            workers[at] = self.start_worker(slots=4)
            kills += 1
        limited, free = (self.most_at_once(other.jobs(ids)) for ids in job_ids)
        figure(f"{kills} kills; at once ran {limited} jobs of the limited project and {free} of the other")
        self.assertEqual(limited, LIMIT)
        self.assertGreater(free, LIMIT)
        self.end_all()


if __name__ == "__main__":
    main()
