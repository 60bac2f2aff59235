"""Starts, tells, stops and kills the processes of a test that share one data folder, which is the test's own."""
import contextlib
import fcntl
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import unittest
import uuid

PROGRAM = os.environ.get("ARCHAEO_WORKER", "")
SANITIZER = os.environ.get("ARCHAEO_SANITIZE", "")
OPTIMISED = os.environ.get("ARCHAEO_BUILD_TYPE", "").startswith("Rel") and not SANITIZER
LIMIT_S = 240 if SANITIZER else 60  # for what happens in a moment
LEASE_S = 10  # the default


def figure(text):
    """A measured number, for who reads the output; nothing is asserted of it."""
    print(f"    {text}", flush=True)


def seed():
    """ARCHAEO_SEED replays a run, as far as the scheduler lets it."""
    chosen = int(os.environ.get("ARCHAEO_SEED") or int.from_bytes(os.urandom(4), "big"))
    figure(f"ARCHAEO_SEED={chosen}")
    return chosen


def eventually(holds, what, limit_s=LIMIT_S):
    """The first true answer of `holds`, which is asked again and again."""
    give_up_at = time.monotonic() + limit_s
    while True:
        answer = holds()
        if answer:
            return answer
        if time.monotonic() >= give_up_at:
            raise AssertionError(f"not within {limit_s} s: {what}")
        time.sleep(0.01)


def fixed_id(name, number):
    """The id of a job enqueued with name=NAME."""
    return str(uuid.uuid5(uuid.UUID(int=0), f"{name}-{number}"))


class Ended(AssertionError):
    """The process is gone, and what was waited for will not come."""


class Process:
    """tests/process/worker_program.cpp, running."""

    def __init__(self, data, errors, **arguments):
        self.data = data
        command = [PROGRAM, f"data={data}", *(f"{name}={value}" for name, value in arguments.items())]
        self.popen = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=errors)
        self.heard = threading.Condition()
        self.replies = []
        self.events = []
        self.has_ended = False
        self.reader = threading.Thread(target=self.read, daemon=True)
        self.reader.start()
        self.reply()

    def read(self):
        for line in self.popen.stdout:
            if not line.endswith(b"\n"):
                break  # cut off by a kill
            text = line.decode().rstrip("\n")
            with self.heard:
                if text.startswith("event "):
                    self.events.append(text[len("event "):])
                else:
                    self.replies.append(text)
                self.heard.notify_all()
        with self.heard:
            self.has_ended = True
            self.heard.notify_all()

    def take(self, texts, prefix, limit_s):
        give_up_at = time.monotonic() + limit_s
        with self.heard:
            while True:
                for text in texts:
                    if text.startswith(prefix):
                        texts.remove(text)
                        return text
                if self.has_ended:
                    raise Ended(f'the process ended before "{prefix}"')
                if not self.heard.wait(give_up_at - time.monotonic()):
                    raise AssertionError(f'not within {limit_s} s: "{prefix}"')

    def say(self, command):
        try:
            self.popen.stdin.write(command.encode() + b"\n")
            self.popen.stdin.flush()
        except BrokenPipeError as gone:
            raise Ended(command) from gone

    def reply(self, limit_s=LIMIT_S):
        answer = self.take(self.replies, "", limit_s)
        if not answer.startswith("ok "):
            raise AssertionError(answer)
        return answer[len("ok "):]

    def ask(self, command, limit_s=LIMIT_S):
        self.say(command)
        return self.reply(limit_s)

    def refusal(self, command):
        """The error that a command must meet."""
        self.say(command)
        answer = self.take(self.replies, "", LIMIT_S)
        if not answer.startswith("error "):
            raise AssertionError(f"{command}: not refused: {answer}")
        return answer[len("error "):]

    def event(self, prefix, limit_s=LIMIT_S):
        """Waits for an event that begins so; its words after that."""
        return self.take(self.events, prefix, limit_s)[len(prefix):].split()

    def job(self, job_id):
        return json.loads(self.ask(f"get id={job_id}"))

    def jobs(self, job_ids):
        for job_id in job_ids:
            self.say(f"get id={job_id}")
        return [json.loads(self.reply()) for _ in job_ids]

    def stats(self):
        return json.loads(self.ask("stats"))

    def enqueue(self, job_type, **values):
        """One job; its id."""
        words = "".join(f" {name}={value}" for name, value in values.items())
        self.ask(f"enqueue type={job_type}{words}")
        return self.event("enqueued 0")[0]

    def is_running(self):
        return self.popen.poll() is None

    def kill(self):
        """As a crash; returns the moment."""
        self.popen.kill()
        killed_at = time.monotonic()
        self.popen.wait()
        self.close()
        return killed_at

    def close(self):
        self.reader.join()
        with contextlib.suppress(BrokenPipeError):
            self.popen.stdin.close()
        self.popen.stdout.close()

    def end(self):
        """Lets it drain; its exit code."""
        with contextlib.suppress(BrokenPipeError):
            self.popen.stdin.close()
        code = self.popen.wait(LIMIT_S)
        self.close()
        return code

    def stop(self):
        """As a machine that sleeps. Not in the middle of a commit, where it would keep everybody else from theirs."""
        with open(f"{self.data}/run/catalog.lock", "rb") as lock:
            while True:
                self.popen.send_signal(signal.SIGSTOP)
                eventually(self.is_stopped, "the process is stopped")
                try:
                    fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return
                except BlockingIOError:
                    self.go_on()

    def is_stopped(self):
        return pathlib.Path(f"/proc/{self.popen.pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "T"

    def go_on(self):
        self.popen.send_signal(signal.SIGCONT)


class Case(unittest.TestCase):
    """A test with a data folder and processes on it."""

    def setUp(self):
        if not os.access(PROGRAM, os.X_OK):
            raise RuntimeError(f'ARCHAEO_WORKER is "{PROGRAM}", must be the program of these tests')
        print(f"\n{self.id()}", flush=True)
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-test-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.data = self.root / "data"
        self.errors = open(self.root / "errors", "w+b")
        self.addCleanup(self.errors.close)
        self.processes = []
        self.addCleanup(self.kill_all)

    def start(self, **arguments):
        process = Process(self.data, self.errors, **arguments)
        self.processes.append(process)
        return process

    def start_worker(self, **arguments):
        """Runs jobs, and is known to the others as a worker."""
        process = self.start(**arguments)
        worker_id = process.ask("work")
        eventually(lambda: process.ask("status") == "running" and self.has_joined(worker_id), "the worker joined")
        return process

    def has_joined(self, worker_id):
        return self.query("SELECT count(*) FROM workers WHERE worker_id = ?", worker_id) == 1

    def query(self, sql, *values):
        """One number of the catalog."""
        with contextlib.closing(sqlite3.connect(f"file:{self.data}/catalog.db?mode=ro", uri=True)) as catalog:
            return catalog.execute(sql, values).fetchone()[0]

    def end_all(self):
        """Ends what runs in order, and checks what is left."""
        for process in self.processes:
            if process.is_running():
                self.assertEqual(process.end(), 0)
        with contextlib.closing(sqlite3.connect(self.data / "catalog.db")) as catalog:
            self.assertEqual(catalog.execute("PRAGMA integrity_check").fetchall(), [("ok",)])
        left = [path.name for path in (self.data / "run").iterdir() if path.suffix in (".lock", ".sock")]
        self.assertEqual(left, ["catalog.lock"], "somebody died and nobody noticed")
        self.errors.seek(0)
        self.assertEqual(self.errors.read().decode(errors="replace"), "")

    def kill_all(self):
        """A test that failed may have left some running, and some died by themselves."""
        for process in self.processes:
            process.kill()

    def assert_outcomes(self, job, outcomes):
        self.assertEqual([attempt["outcome"] for attempt in job["attempts"]], outcomes, job)


def main():
    sys.stdout.reconfigure(line_buffering=True)
    unittest.main()
