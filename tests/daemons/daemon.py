"""Starts the daemons for a test, on free ports and in folders that are the test's own, and speaks HTTP with them."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import tempfile
import threading
import time
import unittest
import urllib.parse

PROGRAMS = {"httpd": os.environ.get("ARCHAEO_HTTPD", ""), "worker": os.environ.get("ARCHAEO_WORKER_DAEMON", ""),
            "cli": os.environ.get("ARCHAEO_CLI", "")}
PATIENCE_S = 60
BOUNDARY = "archaeologist-test-boundary"


class Broken(Exception):
    """No whole reply came: the request may have been done or not."""


class Reply:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def json(self):
        return json.loads(self.body)


class Client:
    """One keep-alive connection. One thread at a time."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_S)

    def ask(self, method, path, body=None, headers=()):
        if isinstance(body, (dict, list)):
            body, headers = json.dumps(body).encode(), {"Content-Type": "application/json", **dict(headers)}
        try:
            self.connection.request(method, path, body=body, headers=dict(headers))
            reply = self.connection.getresponse()
            return Reply(reply.status, reply.headers, reply.read())
        except (OSError, http.client.HTTPException) as error:
            self.connection.close()
            raise Broken(str(error)) from error

    def upload(self, project, files, fields=()):
        """files: name to bytes."""
        parts = [f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
                 for name, value in dict(fields).items()]
        for name, content in files.items():
            parts.append(f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                         "Content-Type: text/plain\r\n\r\n".encode() + content + b"\r\n")
        parts.append(f"--{BOUNDARY}--\r\n".encode())
        return self.ask("POST", f"/api/v1/projects/{project}/upload", b"".join(parts),
                        {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"})

    def close(self):
        self.connection.close()


class Daemon:
    """A running daemon. Its log is drained, so that it never waits for its reader."""

    def __init__(self, kind, data, *arguments, environment=None):
        self.process = subprocess.Popen(
            [PROGRAMS[kind], "--data", str(data), "--listen", "127.0.0.1:0", *map(str, arguments)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment)
        self.log = []
        self.reader = threading.Thread(target=lambda: self.log.extend(self.process.stderr), daemon=True)
        self.reader.start()
        self.said = self.process.stdout.readline().decode()
        if " listens on http://" not in self.said:
            self.process.wait()
            self.reader.join()
            raise RuntimeError(f"{kind} did not start: {self.said!r} {b''.join(self.log).decode()}")
        self.url = self.said.split()[-1]
        self.port = urllib.parse.urlsplit(self.url).port

    def client(self):
        return Client(self.port)

    def ask(self, method, path, body=None, headers=()):
        client = self.client()
        try:
            return client.ask(method, path, body, headers)
        finally:
            client.close()

    def get(self, path):
        reply = self.ask("GET", path)
        if reply.status != 200:
            raise AssertionError(f"GET {path}: {reply.status} {reply.body[:500]}")
        return reply.json()

    def kill(self):
        self.process.kill()
        return self.wait()

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        return self.wait()

    def wait(self, timeout=PATIENCE_S):
        """Its exit code."""
        code = self.process.wait(timeout=timeout)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()
        return code


class Case(unittest.TestCase):
    def setUp(self):
        for name, path in PROGRAMS.items():
            if not os.access(path, os.X_OK):
                raise RuntimeError(f'{name} is "{path}", must be a program: set ARCHAEO_HTTPD, ARCHAEO_WORKER_DAEMON, '
                                   "ARCHAEO_CLI")
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-test-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.data = self.root / "data"

    def environment(self, **more):
        kept = {name: value for name, value in os.environ.items()
                if not name.startswith(("ARCHAEOLOGIST_", "XDG_", "NOTIFY_"))}
        return kept | {"HOME": str(self.root), "LC_ALL": "C.UTF-8", "ASAN_OPTIONS": "detect_leaks=0"} | more

    def start(self, kind, *arguments, data=None, **environment):
        daemon = Daemon(kind, data or self.data, *arguments, environment=self.environment(**environment))
        self.addCleanup(self.end, daemon)
        return daemon

    @staticmethod
    def end(daemon):
        if daemon.process.poll() is None:
            daemon.kill()

    def make_project(self, daemon, name="p"):
        reply = daemon.ask("POST", "/api/v1/projects", {"name": name})
        self.assertEqual(reply.status, 201, reply.body)
        return reply.json()["id"]

    def until(self, is_true, what, patience_s=PATIENCE_S):
        """What is_true returned, once that is true."""
        deadline = time.monotonic() + patience_s
        while True:
            value = is_true()
            if value:
                return value
            self.assertLess(time.monotonic(), deadline, f"not within {patience_s} s: {what}")
            time.sleep(0.01)

    def new_job(self, daemon, job_type, data=None, **more):
        reply = daemon.ask("POST", "/api/v1/jobs", {"job_type": job_type, "job_data": data or {}, **more})
        self.assertEqual(reply.status, 202, reply.body)
        return reply.json()["id"]

    def finished(self, daemon, job, path="/api/v1/jobs/"):
        def look():
            found = daemon.get(path + job)
            return found if found["status"] in ("completed", "failed", "cancelled") else None
        return self.until(look, f"job {job} ends")

    def running(self, daemon, job):
        return self.until(lambda: daemon.get(f"/api/v1/jobs/{job}")["status"] == "running", f"job {job} runs")

    def until_all_done(self, daemon):
        def look():
            stats = daemon.get("/api/v1/jobs/queue/stats")
            return stats["pending"] + stats["queued"] + stats["running"] + stats["scheduled"] == 0
        self.until(look, "all jobs end", 180)

    def check_databases(self):
        databases = sorted(self.data.rglob("*.db"))
        self.assertIn(self.data / "catalog.db", databases)
        for path in databases:
            connection = sqlite3.connect(path)
            self.assertEqual(connection.execute("PRAGMA integrity_check").fetchall(), [("ok",)], path)
            connection.close()

    def sources(self, daemon, project):
        """All of a project, by name."""
        found, page = {}, 1
        while True:
            reply = daemon.get(f"/api/v1/projects/{project}/sources?page={page}&per_page=1000")
            for source in reply["sources"]:
                self.assertNotIn(source["filename"], found)
                found[source["filename"]] = source
            if not reply["has_more"]:
                self.assertEqual(len(found), reply["total"])
                return found
            page += 1


def marked(number):
    """A file with a word of its own, of a size of its own."""
    line = "the ledger of the account was read and its balance posted to the next period by the clerk\n"
    return f"file {number}: here zqmark{number:05d}end stands\n".encode() + line.encode() * (1 + number % 40)


def main():
    unittest.main()
