"""Jobs and the queue in people's hands: waiting, cancelling, repeating, forgetting, pausing."""
import signal
import time

from program import Case, main

UNKNOWN = "01890000-0000-7000-8000-000000000000"
TIME_OVER = 124


class Jobs(Case):
    """Jobs that wait: ingested into a paused queue by a program that was interrupted then."""

    FILES = 5

    def setUp(self):
        super().setUp()
        self.run_program("projects", "create", "p")
        self.run_program("queue", "pause")
        for number in range(self.FILES):
            self.write(f"{number}.txt", f"walrus number {number}\n")
        process = self.start("ingest", self.tree, "--project", "p")
        self.wait_until_queued(self.FILES)
        process.send_signal(signal.SIGINT)
        output, self.said = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130, output)

    def wait_until_queued(self, count):
        deadline = time.monotonic() + 60
        while self.stats()["queued"] < count:
            self.assertLess(time.monotonic(), deadline, "the ingest queues nothing")

    def stats(self):
        return self.json("queue", "stats")

    def ids(self, *arguments):
        return [job["id"] for job in self.json("jobs", "list", *arguments)["jobs"]]

    def status(self, job_id):
        return self.json("jobs", "show", job_id)["status"]

    def work(self):
        self.run_program("queue", "resume")
        self.run_program("jobs", "wait", "--all")


class Pausing(Jobs):
    def test_a_paused_queue_keeps_its_jobs_and_whoever_waits_is_told_why(self):
        self.assertIn(b"paused", self.said)
        self.assertIn(b"queue resume", self.said)
        stats = self.stats()
        self.assertEqual((stats["paused"], stats["queued"], stats["completed"]), (True, self.FILES, 0))
        output, _ = self.run_program("queue", "stats")
        self.assertRegex(output, r"(?m)^queued +5 \(5 normal\)$")
        self.assertRegex(output, r"(?m)^paused +yes$")

    def test_pause_and_resume_may_be_repeated_and_answer_with_the_stats(self):
        for command, paused in [("pause", True), ("pause", True), ("resume", False), ("resume", False)]:
            stats = self.json("queue", command)
            self.assertEqual((stats["paused"], stats["queued"]), (paused, self.FILES))


class Waiting(Jobs):
    def test_a_wait_does_the_work_when_no_other_process_does(self):
        self.run_program("queue", "resume")
        output, _ = self.run_program("jobs", "wait", "--project", "p")
        self.assertEqual(output, "5 completed\n")
        self.assertEqual(self.search("walrus")["total_found"], self.FILES)
        output, _ = self.run_program("jobs", "wait", "--project", "p")
        self.assertEqual(output, "no unfinished jobs\n")

    def test_a_wait_for_named_jobs_gives_them_whole_in_the_order_asked(self):
        self.run_program("queue", "resume")
        ids = self.ids()[1:4]
        reply = self.json("jobs", "wait", *ids)
        self.assertEqual([job["id"] for job in reply["jobs"]], ids)
        self.assertEqual((reply["completed"], reply["unfinished"]), (3, 0))
        self.assertTrue(all(job["status"] == "completed" for job in reply["jobs"]))

    def test_a_wait_whose_time_is_over_ends_with_its_own_exit_code(self):
        for arguments in [("--all",), ("--all", "--no-work"), ("--type", "file_processing"), (self.ids()[0],)]:
            _, error = self.run_program("jobs", "wait", *arguments, "--timeout", "0", expect=TIME_OVER)
            self.assertIn("paused", error)
        reply = self.json("jobs", "wait", "--all", "--timeout", "1", expect=TIME_OVER)
        self.assertEqual((reply["completed"], reply["unfinished"]), (0, self.FILES))
        self.assertEqual(self.stats()["queued"], self.FILES)

    def test_a_wait_without_work_lets_another_process_do_it(self):
        self.run_program("queue", "resume")
        self.run_program("jobs", "wait", "--all", "--no-work", "--timeout", "0", expect=TIME_OVER)
        watcher = self.start("jobs", "wait", "--all", "--no-work")
        self.run_program("jobs", "wait", "--all")
        output, error = watcher.communicate(timeout=60)
        self.assertEqual(watcher.returncode, 0, error)
        self.assertIn(output, (b"5 completed\n", b"no unfinished jobs\n"))

    def test_a_wait_for_a_cancelled_job_fails_and_names_it(self):
        cancelled, other = self.ids()[:2]
        self.run_program("jobs", "cancel", cancelled)
        self.run_program("queue", "resume")
        output, error = self.run_program("jobs", "wait", cancelled, other, expect=1)
        self.assertEqual(output, "1 completed · 1 cancelled\n")
        self.assertIn(cancelled, error)
        self.assertNotIn(other, error)

    def test_a_wait_for_a_job_that_fails_says_why(self):
        blobs = [path for path in self.data.joinpath("lake").rglob("*") if path.is_file()]
        for blob in blobs:
            if blob.read_bytes() == b"walrus number 3\n":
                blob.unlink()
        self.run_program("queue", "resume")
        output, error = self.run_program("jobs", "wait", "--all", expect=1)
        self.assertEqual(output, "4 completed · 1 failed\n")
        failed = self.ids("--status", "failed")[0]
        self.assertRegex(error, rf"job {failed} is failed: \S+")
        self.assertEqual(self.json("jobs", "retry", "--all"), {"changed": 1, "refused": 0})

    def test_an_interrupted_wait_ends_soon_and_leaves_the_jobs(self):
        for number, code in [(signal.SIGINT, 130), (signal.SIGTERM, 143)]:
            process = self.start("jobs", "wait", "--all")
            # It handles signals before it says that the queue is paused.
            self.assertIn(b"paused", process.stderr.readline())
            process.send_signal(number)
            process.communicate(timeout=30)
            self.assertEqual(process.returncode, code)
        self.assertEqual(self.stats()["queued"], self.FILES)


class Changing(Jobs):
    def test_a_cancelled_job_never_runs_and_the_others_do(self):
        cancelled = self.ids()[0]
        self.assertEqual(self.run_program("jobs", "cancel", cancelled)[0], "1 cancelled\n")
        self.work()
        self.assertEqual(self.status(cancelled), "cancelled")
        self.assertEqual(self.search("walrus")["total_found"], self.FILES - 1)

    def test_a_filter_cancels_all_that_fit_and_nothing_else(self):
        self.run_program("projects", "create", "other")
        self.assertEqual(self.json("jobs", "cancel", "--project", "other"), {"changed": 0, "refused": 0})
        self.assertEqual(self.json("jobs", "cancel", "--type", "no_such_type"), {"changed": 0, "refused": 0})
        self.assertEqual(self.json("jobs", "cancel", "--status", "queued", "--project", "p"),
                         {"changed": self.FILES, "refused": 0})
        self.assertEqual(self.stats()["cancelled"], self.FILES)

    def test_a_retry_prints_the_new_job_which_does_the_work_again(self):
        self.work()
        old = self.ids()[0]
        new = self.run_program("jobs", "retry", old)[0].strip()
        self.assertNotEqual(new, old)
        self.run_program("jobs", "wait", new)
        self.assertEqual(self.json("jobs", "show", new)["retry_of"], old)
        self.assertEqual(self.search("walrus")["total_found"], self.FILES)

    def test_a_filter_retries_what_failed_unless_a_status_is_named(self):
        self.run_program("jobs", "cancel", self.ids()[0])
        self.work()
        self.assertEqual(self.json("jobs", "retry", "--all"), {"changed": 0, "refused": 0})
        self.assertEqual(self.json("jobs", "retry", "--status", "cancelled"), {"changed": 1, "refused": 0})
        output, _ = self.run_program("jobs", "retry", "--status", "cancelled")
        self.assertEqual(output, "0 retried · 1 refused\n", "it was retried before")
        self.run_program("jobs", "wait", "--all")
        self.assertEqual(self.search("walrus")["total_found"], self.FILES)

    def test_a_deleted_job_is_gone_and_its_file_stays(self):
        self.work()
        gone, *rest = self.ids()
        self.assertEqual(self.run_program("jobs", "delete", gone)[0], "1 deleted\n")
        self.run_program("jobs", "show", gone, expect=2)
        self.assertEqual(self.ids(), rest)
        self.assertEqual(self.json("jobs", "delete", "--all"), {"changed": len(rest), "refused": 0})
        self.assertEqual(self.json("jobs", "list")["total"], 0)
        self.assertEqual(self.search("walrus")["total_found"], self.FILES)
        self.check_databases()

    def test_deleting_all_leaves_what_is_unfinished(self):
        self.assertEqual(self.json("jobs", "delete", "--all"), {"changed": 0, "refused": 0})
        self.assertEqual(self.stats()["queued"], self.FILES)


class Refusals(Jobs):
    def test_an_unfinished_job_is_neither_retried_nor_deleted(self):
        queued = self.ids()[0]
        for command in ("retry", "delete"):
            _, error = self.run_program("jobs", command, queued, expect=1)
            self.assertIn(f"job {queued}: status is queued, must be finished", error)
        self.assertEqual(self.status(queued), "queued")

    def test_a_finished_job_is_not_cancelled(self):
        self.work()
        completed = self.ids()[0]
        _, error = self.run_program("jobs", "cancel", completed, expect=1)
        self.assertIn(f"job {completed}: status is completed, which is final", error)

    def test_wrong_ids_are_each_named_and_the_others_are_still_done(self):
        first, second = self.ids()[:2]
        self.run_program("jobs", "cancel", first)
        output, error = self.run_program("--json", "jobs", "cancel", UNKNOWN, first, second, expect=2)
        self.assertIn(UNKNOWN, error)
        self.assertIn(first, error)
        self.assertNotIn(second, error)
        self.assertIn('"changed":1,"refused":2', output)
        self.assertEqual(self.status(second), "cancelled")

    def test_an_unknown_job_or_project_is_an_error_of_the_request(self):
        for command in ("wait", "cancel", "retry", "delete"):
            _, error = self.run_program("jobs", command, UNKNOWN, expect=2)
            self.assertIn(UNKNOWN, error)
            _, error = self.run_program("jobs", command, "--project", "nosuch", expect=2)
            self.assertIn('"nosuch"', error)


class WrongRequests(Case):
    def test_a_wrong_command_line_ends_with_2_and_makes_nothing(self):
        for arguments, said in [
                (("jobs", "cancel"), "no job is named"), (("jobs", "delete", "12"), "36"),
                (("jobs", "retry", UNKNOWN, "--all"), "one or the other"),
                (("jobs", "delete", "--status", "queued"), "completed, failed, cancelled"),
                (("jobs", "delete", "--project", ""), "--project"), (("jobs", "wait", "--all", "--timeout", "-1"), "--timeout"),
                (("queue",), "subcommand"), (("queue", "stop"), '"stop" is no command')]:
            with self.subTest(arguments=arguments):
                output, error = self.run_program(*arguments, expect=2)
                self.assertEqual(output, "")
                self.assertIn(said, error)
                self.assertFalse(self.data.exists())

    def test_a_data_folder_that_is_not_there_is_not_made(self):
        for arguments in [("jobs", "wait", "--all"), ("jobs", "cancel", "--all"), ("queue", "stats"),
                          ("queue", "pause"), ("queue", "resume")]:
            _, error = self.run_program(*arguments, expect=2)
            self.assertIn(str(self.data), error)
            self.assertFalse(self.data.exists())


if __name__ == "__main__":
    main()
