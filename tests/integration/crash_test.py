"""Sudden ends, interruptions and several processes at once: nothing is lost, nothing is doubled."""
import os
import random
import signal
import time

from program import Case, main


class Interruptions(Case):
    FILES = 300

    def setUp(self):
        super().setUp()
        self.write_marked_files("many", self.FILES)

    def start_ingest(self, *arguments, **popen):
        return self.start("ingest", self.tree, "--project", "p", *arguments, **popen)

    def test_a_killed_ingest_is_continued_by_the_next_and_every_file_is_there_once(self):
        seed = int(os.environ.get("ARCHAEO_SEED", "20261123"))
        chance = random.Random(seed)
        whole = self.root / "whole"
        began = time.monotonic()
        self.run_program("ingest", self.tree, "--project", "p", data=whole)
        seconds = time.monotonic() - began
        for moment in [chance.uniform(0, seconds) for _ in range(5)]:
            with self.subTest(seed=seed, killed_after_s=round(moment, 3)):
                process = self.start_ingest()
                time.sleep(moment)  # the moment itself is what is tested
                process.kill()
                process.communicate()
                if self.data.joinpath("catalog.db").exists():
                    self.check_databases()
        report = self.ingest()
        self.assertEqual((report["failed"], report["pending"], report["problem_count"]), (0, 0, 0))
        self.check_marked_files(self.FILES)
        output, _ = self.run_program("ingest", self.tree, "--project", "p")
        self.assertEqual(output, f"nothing changed: {self.FILES} files, no jobs\n")

    def wait_for_first_job(self, process):
        """Until the catalog has a finished job; True when the ingest still runs then."""
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:
            if any(self.data.glob("vectors/*.db")):
                return process.poll() is None
            time.sleep(0.005)
        return False

    def interrupted(self, signal_number):
        """An ingest that was stopped in its middle; its exit code and what it said."""
        process = self.start_ingest()
        self.assertTrue(self.wait_for_first_job(process), "the ingest ended before it could be stopped")
        process.send_signal(signal_number)
        began = time.monotonic()
        output, error = process.communicate(timeout=60)
        self.assertLess(time.monotonic() - began, 15)
        searchable = self.json("sources", "list", "--project", "p", "--status", "searchable")["total"]
        self.assertLess(searchable, self.FILES, "it was not in its middle")
        return process.returncode, (output + error).decode()

    def test_ctrl_c_ends_with_130_and_the_next_run_continues(self):
        code, said = self.interrupted(signal.SIGINT)
        self.assertEqual(code, 130, said)
        self.assertIn("the same command continues", said)
        report = self.ingest()
        self.assertEqual((report["failed"], report["pending"]), (0, 0))
        self.check_marked_files(self.FILES)

    def test_a_termination_request_ends_with_143(self):
        code, said = self.interrupted(signal.SIGTERM)
        self.assertEqual(code, 143, said)
        self.ingest()
        self.check_marked_files(self.FILES)

    def test_a_second_ctrl_c_ends_it_at_once_and_nothing_is_lost(self):
        process = self.start_ingest()
        self.wait_for_first_job(process)
        while process.poll() is None:
            process.send_signal(signal.SIGINT)
        process.communicate()
        self.assertEqual(process.returncode, 130)
        self.ingest()
        self.check_marked_files(self.FILES)


class SeveralProcesses(Case):
    FILES = 120

    def test_two_ingests_of_different_trees_into_one_folder_both_complete(self):
        for folder in ("left", "right"):
            self.write_marked_files(folder, self.FILES)
        # In one project as well as apart: the same names would be the same sources, so the trees are given by folder.
        running = [self.start("ingest", self.tree / folder, "--project", folder) for folder in ("left", "right")]
        for process in running:
            _, error = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, error)
        for folder in ("left", "right"):
            self.check_marked_files(self.FILES, project=folder)

    def test_two_ingests_of_the_same_tree_make_every_file_searchable_once(self):
        self.write_marked_files("same", self.FILES)
        running = [self.start("ingest", self.tree, "--project", "p") for _ in range(2)]
        for process in running:
            _, error = process.communicate(timeout=300)
            self.assertEqual(process.returncode, 0, error)
        self.check_marked_files(self.FILES)

    def test_searches_during_an_ingest_answer(self):
        self.write_marked_files("same", self.FILES)
        self.run_program("projects", "create", "p")
        process = self.start("ingest", self.tree, "--project", "p")
        replies = 0
        while process.poll() is None or replies == 0:
            reply = self.search("zqmark", "literal", "--limit", "1000")
            self.assertLessEqual(reply["total_found"], self.FILES)
            replies += 1
        process.communicate()
        self.check_marked_files(self.FILES)


if __name__ == "__main__":
    main()
