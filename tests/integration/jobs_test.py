"""Jobs and the queue from the command line: waiting, cancelling, retrying, deleting, pausing."""
import signal
import time

from program import TIMEOUT_S, Case, main

NO_JOB = "01890000-0000-7000-8000-000000000000"


class Jobs(Case):
    def jobs(self, *arguments):
        return self.json("jobs", "list", "--per-page", "1000", *arguments)["jobs"]

    def store_while_paused(self, count):
        """Leaves `count` files stored and their jobs queued, and the queue paused. Returns the jobs' ids."""
        self.run_program("projects", "create", "p")
        self.json("queue", "pause")
        self.write_marked_files("files", count, kilobytes=1)
        ingest = self.start("ingest", self.tree, "--project", "p")
        give_up_at = time.monotonic() + TIMEOUT_S
        while self.json("queue", "stats")["queued"] < count:
            self.assertLess(time.monotonic(), give_up_at)
        ingest.send_signal(signal.SIGINT)
        _, error = ingest.communicate(timeout=TIMEOUT_S)
        self.assertEqual(ingest.returncode, 128 + signal.SIGINT)
        self.assertIn(b"queue resume", error)
        return [job["id"] for job in self.jobs("--status", "queued")]

    def test_a_paused_queue_starts_nothing_until_it_is_resumed_and_wait_does_the_work(self):
        ids = self.store_while_paused(5)
        self.assertTrue(self.json("queue", "stats")["paused"])
        _, error = self.run_program("jobs", "wait", "--timeout", "1", expect=1)
        self.assertIn("5 jobs are not finished after 1 s", error)
        self.assertEqual(len(self.jobs("--status", "queued")), 5)
        self.assertFalse(self.json("queue", "resume")["paused"])
        waited = self.json("jobs", "wait", *ids)
        self.assertEqual([job["id"] for job in waited["jobs"]], ids)
        self.assertEqual({job["status"] for job in waited["jobs"]}, {"completed"})
        self.check_marked_files(5)

    def test_wait_without_work_leaves_the_jobs_to_another_process(self):
        ids = self.store_while_paused(3)
        self.json("queue", "resume")
        self.run_program("jobs", "wait", "--no-work", "--timeout", "1", expect=1)
        self.assertEqual(len(self.jobs("--status", "queued")), 3)
        looking = self.start("--json", "jobs", "wait", "--no-work", *ids)
        self.run_program("jobs", "wait")
        looking.communicate(timeout=TIMEOUT_S)
        self.assertEqual(looking.returncode, 0)

    def test_an_interrupted_wait_hands_its_jobs_back_and_ends_soon(self):
        self.store_while_paused(1)
        waiting = self.start("jobs", "wait")
        self.assertIn(b"paused", waiting.stderr.readline())
        waiting.send_signal(signal.SIGTERM)
        waiting.communicate(timeout=TIMEOUT_S)
        self.assertEqual(waiting.returncode, 128 + signal.SIGTERM)
        self.assertEqual(len(self.jobs("--status", "queued")), 1)

    def test_jobs_are_cancelled_retried_and_deleted_by_id(self):
        first, second = self.store_while_paused(2)
        self.assertEqual(self.json("jobs", "cancel", first)["changed"], 1)
        self.assertEqual(self.json("jobs", "show", first)["status"], "cancelled")
        output, error = self.run_program("jobs", "cancel", first, second, expect=1)
        self.assertIn("1 jobs cancelled · 1 refused", output)
        self.assertIn(first, error)
        made = self.json("jobs", "retry", first)["new_jobs"]
        self.assertEqual(self.json("jobs", "show", made[0])["retry_of"], first)
        _, error = self.run_program("jobs", "delete", made[0], expect=1)
        self.assertIn("must be finished", error)
        self.json("jobs", "delete", first)
        self.run_program("jobs", "show", first, expect=2)
        self.json("queue", "resume")
        self.json("jobs", "wait", made[0])

    def test_jobs_are_cancelled_retried_and_deleted_by_what_they_have_in_common(self):
        self.store_while_paused(4)
        self.assertEqual(self.json("jobs", "cancel", "--status", "queued", "--project", "p")["changed"], 4)
        self.assertEqual(self.json("jobs", "retry", "--status", "cancelled")["changed"], 4)
        self.assertEqual(self.json("jobs", "retry", "--status", "cancelled"), {"changed": 0, "refused": 4})
        self.assertEqual(self.json("jobs", "delete", "--type", "file_processing", "--status", "cancelled")["changed"], 4)
        self.json("queue", "resume")
        self.assertEqual(self.json("jobs", "wait", "--project", "p"), {"unfinished": 0, "failed": 0})
        self.check_marked_files(4)

    def test_wait_ends_with_1_when_a_job_failed(self):
        ids = self.store_while_paused(1)
        self.json("jobs", "cancel", *ids)
        self.assertEqual(self.json("jobs", "wait", *ids, expect=1)["jobs"][0]["status"], "cancelled")

    def test_jobs_that_are_not_there_are_named(self):
        self.run_program("projects", "create", "p")
        for action in ("wait", "cancel", "retry", "delete"):
            _, error = self.run_program("jobs", action, NO_JOB, expect=2)
            self.assertIn(NO_JOB, error)
        _, error = self.run_program("jobs", "cancel", "--project", "nosuch", expect=2)
        self.assertIn("nosuch", error)


if __name__ == "__main__":
    main()
