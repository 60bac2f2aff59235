"""Runs the archaeologist program for a test, in folders that are the test's own."""
import json
import os
import pathlib
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

PROGRAM = os.environ.get("ARCHAEO_CLI", "")
SANITIZER = os.environ.get("ARCHAEO_SANITIZE", "")
OPTIMISED = os.environ.get("ARCHAEO_BUILD_TYPE", "").startswith("Rel")
SLOW = os.environ.get("ARCHAEO_SLOW_TESTS") == "1"
TIMEOUT_S = 300
NOBODY = 65534
AS_ROOT = os.geteuid() == 0


class Case(unittest.TestCase):
    """A test with a folder: tree/ to ingest, data/ for the program, both under root."""

    def setUp(self):
        if not os.access(PROGRAM, os.X_OK):
            raise RuntimeError(f'ARCHAEO_CLI is "{PROGRAM}", must be the program to test')
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-test-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.root.chmod(0o755)
        self.tree = self.root / "tree"
        self.tree.mkdir()
        self.data = self.root / "data"

    def write(self, name, text):
        """name: a path below the tree, str or bytes."""
        path = os.path.join(os.fsencode(self.tree), os.fsencode(name))
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as file:
            file.write(text.encode() if isinstance(text, str) else text)
        return path

    def environment(self):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("ARCHAEOLOGIST_", "XDG_", "NO_COLOR"))}
        return kept | {"HOME": str(self.root), "LC_ALL": "C.UTF-8"}

    def start(self, *arguments, prefix=(), data=None, **popen):
        """The running program; its output are bytes."""
        command = [*prefix, PROGRAM, "--data", str(data or self.data), *arguments]
        popen = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.root,
                 "env": self.environment()} | popen
        process = subprocess.Popen(command, **popen)
        self.addCleanup(self.end, process)
        return process

    @staticmethod
    def end(process):
        """A test that failed may have left its program running."""
        if process.poll() is None:
            process.kill()
            process.wait()
        for pipe in (process.stdout, process.stderr):
            if pipe is not None:
                pipe.close()

    def run_program(self, *arguments, expect=0, **popen):
        """Runs to the end; returns (stdout, stderr) as text. Fails when the exit code is another."""
        process = self.start(*arguments, **popen)
        try:
            output, error = process.communicate(timeout=TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            output, error = process.communicate()
            self.fail(f"no end within {TIMEOUT_S} s: {arguments}\n{error.decode(errors='replace')}")
        output, error = ((text or b"").decode("utf-8", "surrogateescape") for text in (output, error))
        self.assertEqual(process.returncode, expect, f"{arguments}\n{output[-2000:]}\n{error[-2000:]}")
        self.assertNotIn("Sanitizer", error)
        return output, error

    def json(self, *arguments, **popen):
        return json.loads(self.run_program("--json", *arguments, **popen)[0])

    def ingest(self, *arguments, **popen):
        """Ingests the tree into project "p" and returns the report."""
        return self.json("ingest", self.tree, "--project", "p", *arguments, **popen)

    def search(self, query, mode="literal", *arguments):
        process = self.start("--json", "search", "--project", "p", "--mode", mode, *arguments, "--", query)
        output, error = process.communicate(timeout=TIMEOUT_S)
        self.assertIn(process.returncode, (0, 1), error)
        reply = json.loads(output)
        self.assertEqual(process.returncode, 0 if reply["results"] else 1)
        return reply

    def names_found(self, query, mode="literal", *arguments):
        return sorted(hit["source_name"] for hit in self.search(query, mode, *arguments)["results"])

    def sources(self, *arguments):
        return self.json("sources", "list", "--project", "p", "--per-page", "1000", *arguments)["sources"]

    def source(self, name):
        """The one source whose name ends like this."""
        found = [source for source in self.sources() if source["filename"].endswith(name)]
        self.assertEqual(len(found), 1, name)
        return found[0]

    def write_marked_files(self, folder, count, kilobytes=3):
        """Files that each hold a word of their own, zqmarkNNNNNend, in plausible text."""
        filler = "the ledger of the account was read and its balance posted to the next period by the clerk\n"
        for number in range(count):
            lines = [f"file {number} line {line}: {filler}" for line in range(kilobytes * 8)]
            lines.insert(len(lines) // 2, f"here zqmark{number:05d}end stands\n")
            self.write(f"{folder}/{number % 7}/{number:05d}.txt", "".join(lines))

    def check_marked_files(self, count, project="p"):
        """Every file's word is found exactly once, nothing is pending, and all databases are sound."""
        reply = self.json("search", "--project", project, "--mode", "literal", "--limit", "1000", "zqmark")
        self.assertEqual(reply["total_found"], count)
        self.assertEqual(len({hit["source_name"] for hit in reply["results"]}), min(count, 1000))
        coverage = reply["coverage"]
        self.assertEqual((coverage["searchable"], coverage["pending"], coverage["failed"]), (count, 0, 0))
        self.check_databases()

    def check_databases(self):
        databases = sorted(self.data.rglob("*.db"))
        self.assertIn(self.data / "catalog.db", databases)
        for path in databases:
            connection = sqlite3.connect(path)
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)], path)
            connection.close()

    def as_nobody(self):
        """A command prefix under which file permissions hold, and the test's folders made nobody's."""
        if not AS_ROOT:
            return []
        for path in [self.root, *self.root.rglob("*")]:
            os.chown(path, NOBODY, NOBODY, follow_symlinks=False)
        return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]


def main():
    unittest.main()
