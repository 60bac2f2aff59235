"""A daemon whose handlers hang makes room for another process: exit 75."""
import os
import signal
import sqlite3
import subprocess

import daemon

HANGING = os.environ.get("ARCHAEO_HANGING_DAEMON", "")


class Hang(daemon.Case):
    def run_hanging(self, jobs):
        process = subprocess.Popen([HANGING, "--data", self.data, "--grace", "0"], env=self.environment(HANGING_JOBS=str(jobs)),
                                   stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL)
        self.addCleanup(process.stdout.close)
        self.addCleanup(process.stderr.close)
        self.addCleanup(process.kill)
        self.assertIn(b" listens on ", process.stdout.readline())
        return process

    def test_when_all_handlers_it_may_lose_hang_it_ends_with_75_and_its_jobs_have_failed(self):
        process = self.run_hanging(64)
        self.assertEqual(process.wait(daemon.PATIENCE_S), 75)
        self.assertIn(b"its handlers hang", process.stderr.read())
        with sqlite3.connect(self.data / "catalog.db") as catalog:
            states = catalog.execute("SELECT state, count(*) FROM jobs GROUP BY 1").fetchall()
        catalog.close()
        self.assertEqual(states, [("failed", 64)])
        self.check_databases()

    def test_one_handler_that_hangs_does_not_keep_it_from_stopping(self):
        process = self.run_hanging(1)
        self.until(lambda: self.count("failed") == 1, "its time limit ends the job")
        process.send_signal(signal.SIGTERM)
        self.assertEqual(process.wait(daemon.PATIENCE_S), 0)

    def count(self, state):
        with sqlite3.connect(f"file:{self.data / 'catalog.db'}?mode=ro", uri=True) as catalog:
            found = catalog.execute("SELECT count(*) FROM jobs WHERE state = ?", (state,)).fetchone()[0]
        catalog.close()
        return found


if __name__ == "__main__":
    daemon.main()
