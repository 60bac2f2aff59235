"""A process that stands still past its lease, and goes on as if nothing had happened."""
import json
import time

from processes import Case, eventually, figure, main

SHORT = {"lease_ms": 1000, "heartbeat_ms": 200}


class Stopped(Case):
    def test_a_stopped_workers_job_is_done_by_another_and_its_own_outcome_is_dropped(self):
        """PITFALL: a paused worker wakes up and completes a job that is another's by now."""
        asleep = self.start_worker(worker_id="asleep", **SHORT)
        job_id = asleep.enqueue("hold", data='{"insists":1}')
        asleep.event(f"started {job_id}")
        asleep.stop()
        stopped_at = time.monotonic()
        awake = self.start_worker(worker_id="awake", **SHORT)
        epoch, started_ms = awake.event(f"started {job_id}")
        figure(f"another ran it {float(started_ms) - stopped_at * 1000:.0f} ms after the stop; its lease is 1000 ms")
        awake.ask("release")
        done = eventually(lambda: self.completed(awake, job_id), "the other completed it")

        asleep.go_on()
        asleep.event(f"stopped {job_id}")  # its handler was told
        asleep.ask("rest")  # whatever it had to settle is settled
        after = awake.job(job_id)
        self.assertEqual(after | {"duration_seconds": 0}, done | {"duration_seconds": 0})
        self.assertEqual((after["worker_id"], after["epoch"]), ("awake", int(epoch)))
        self.assertEqual(json.dumps(after["result_data"]).count("awake"), 1, after)
        self.assert_outcomes(after, ["lease_expired", "completed"])
        self.assertEqual([attempt["worker_id"] for attempt in after["attempts"]], ["asleep", "awake"])
        self.assertIn("its lease expired", after["attempts"][0]["error_message"])
        self.end_all()

    @staticmethod
    def completed(process, job_id):
        job = process.job(job_id)
        return job if job["status"] == "completed" else None

    def claim(self, process, job_id):
        """As the worker of that process, until it gets the job; its epoch."""
        process.say(f"claim as={process.name} wait_ms=20000")
        _, claimed, epoch = process.reply().split()
        self.assertEqual(claimed, job_id)
        return int(epoch)

    def claimed_twice(self):
        """A job whose first worker was stopped past its lease and whose second holds it: both, id and epochs."""
        late, heir = (self.start(lease_ms=1000) for _ in range(2))
        late.name, heir.name = "late", "heir"
        job_id = late.enqueue("note")
        late_epoch = self.claim(late, job_id)
        late.stop()
        heir_epoch = self.claim(heir, job_id)
        self.assertGreater(heir_epoch, late_epoch)
        return late, heir, job_id, late_epoch, heir_epoch

    def refuse(self, late, job_id, epoch):
        late.go_on()
        self.assertIn("lease", late.refusal(f"settle as=late id={job_id} epoch={epoch}"))

    def test_a_late_completion_is_refused_while_the_other_still_runs_the_job(self):
        late, heir, job_id, late_epoch, heir_epoch = self.claimed_twice()
        self.refuse(late, job_id, late_epoch)
        self.assert_outcomes(heir.job(job_id), ["lease_expired", "running"])
        heir.ask(f"settle as=heir id={job_id} epoch={heir_epoch}")
        self.assertEqual(heir.job(job_id)["result_data"], {"by": "heir"})
        self.end_all()

    def test_a_late_completion_is_refused_after_the_other_completed_the_job(self):
        late, heir, job_id, late_epoch, heir_epoch = self.claimed_twice()
        heir.ask(f"settle as=heir id={job_id} epoch={heir_epoch}")
        self.refuse(late, job_id, late_epoch)
        job = heir.job(job_id)
        self.assertEqual((job["result_data"], job["epoch"]), ({"by": "heir"}, heir_epoch))
        self.end_all()

    def test_an_old_epoch_is_refused_even_with_the_new_ones_name(self):
        late, _, job_id, late_epoch, heir_epoch = self.claimed_twice()
        late.go_on()
        late.refusal(f"settle as=heir id={job_id} epoch={late_epoch}")
        late.refusal(f"settle as=late id={job_id} epoch={heir_epoch}")
        late.ask(f"settle as=heir id={job_id} epoch={heir_epoch}")
        self.end_all()


if __name__ == "__main__":
    main()
