"""A process dies while it works: another has its jobs at once, long before their leases would end."""
import time

from processes import LEASE_S, Case, eventually, figure, main

AT_ONCE_S = LEASE_S / 2  # tells a death that was seen from a lease that ran out


class Takeover(Case):
    def check_taken_over(self, job_id, died_at, heir):
        """`heir` runs the job of a process that died; then lets it complete."""
        _, started_ms = heir.event(f"started {job_id}")
        seconds = float(started_ms) / 1000 - died_at
        figure(f"the dead process's job ran again after {seconds * 1000:.0f} ms; a lease is {LEASE_S} s")
        self.assertLess(seconds, AT_ONCE_S)
        job = heir.job(job_id)
        self.assert_outcomes(job, ["lease_expired", "running"])
        self.assertIn("died (crash 1 of 3)", job["attempts"][0]["error_message"])
        self.assertEqual(job["retry_count"], 0)
        heir.ask("release")
        done = eventually(lambda: self.completed(heir, job_id), "the job is completed")
        self.assert_outcomes(done, ["lease_expired", "completed"])
        self.end_all()

    @staticmethod
    def completed(process, job_id):
        job = process.job(job_id)
        return job if job["status"] == "completed" else None

    def test_an_idle_process_takes_over_the_job_of_a_killed_one_at_once(self):
        """PITFALL: a dead worker's job waits for its lease, or for ever."""
        busy = self.start_worker()
        job_id = busy.enqueue("hold")
        busy.event(f"started {job_id}")
        idle = self.start_worker()
        self.check_taken_over(job_id, busy.kill(), idle)

    def test_the_next_process_takes_over_what_the_only_one_left_when_it_was_killed(self):
        only = self.start_worker()
        job_id = only.enqueue("hold")
        only.event(f"started {job_id}")
        died_at = only.kill()
        self.check_taken_over(job_id, died_at, self.start_worker())

    def test_one_new_process_takes_over_what_many_left_that_were_killed_together(self):
        """As after a power cut, of which the machine's other half knows nothing."""
        dead = [self.start_worker(slots=3) for _ in range(4)]
        dead[0].ask("enqueue type=hold count=12")
        job_ids = dead[0].event("enqueued 0")
        for process in dead:
            for _ in range(3):
                process.event("started")
        for process in dead:
            process.popen.kill()
        died_at = time.monotonic()
        heir = self.start_worker(slots=12)
        started = [heir.event("started") for _ in job_ids]
        self.assertEqual({job_id for job_id, _, _ in started}, set(job_ids))
        seconds = max(float(at_ms) for _, _, at_ms in started) / 1000 - died_at
        figure(f"12 jobs of 4 dead processes ran again after {seconds * 1000:.0f} ms")
        self.assertLess(seconds, AT_ONCE_S)
        heir.ask("release")
        eventually(lambda: heir.stats()["completed"] == 12, "all jobs are completed")
        self.assertEqual(heir.stats()["workers"], 1)
        for process in dead:
            process.kill()
        self.end_all()

    def test_a_process_that_only_dies_idle_costs_no_job_an_attempt(self):
        idle, busy = self.start_worker(), self.start_worker()
        idle.kill()
        job_id = busy.enqueue("tell")
        busy.event(f"started {job_id}")
        eventually(lambda: busy.stats()["workers"] == 1, "the dead one is forgotten")
        self.assert_outcomes(eventually(lambda: self.completed(busy, job_id), "the job is completed"), ["completed"])
        self.end_all()


class WorkerIds(Case):
    def test_the_worker_id_of_a_live_process_is_refused_until_that_process_is_killed(self):
        """PITFALL: two workers of one name renew and settle each other's leases."""
        first = self.start_worker(worker_id="same")
        second = self.start(worker_id="same")
        second.ask("work")
        eventually(lambda: second.ask("status") == "refused", "the second is refused")
        for _ in range(20):
            first.event(f"started {second.enqueue('tell')}")
        self.assertEqual(first.ask("status"), "running")
        self.assertEqual(second.ask("status"), "refused")

        job_id = second.enqueue("hold")
        first_epoch, _ = first.event(f"started {job_id}")
        died_at = first.kill()
        epoch, started_ms = second.event(f"started {job_id}")
        figure(f"the name and its job were taken over after {float(started_ms) - died_at * 1000:.0f} ms")
        self.assertLess(float(started_ms) / 1000 - died_at, AT_ONCE_S)
        self.assertEqual(second.ask("status"), "running")
        self.assertGreater(int(epoch), int(first_epoch))
        self.assertEqual([attempt["worker_id"] for attempt in second.job(job_id)["attempts"]], ["same", "same"])
        second.ask("release")
        eventually(lambda: second.stats()["completed"] == 21, "all jobs are completed")
        self.end_all()

    def test_a_worker_id_is_free_again_once_its_process_ended_in_order(self):
        for _ in range(3):
            began = time.monotonic()
            process = self.start_worker(worker_id="same")
            process.event(f"started {process.enqueue('tell')}")
            self.assertEqual(process.end(), 0)
            self.assertLess(time.monotonic() - began, LEASE_S)
        self.end_all()


if __name__ == "__main__":
    main()
