"""Starts the real daemons for a test, in folders that are the test's own, and speaks HTTP to them."""
import http.client
import json
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import uuid

import jsonschema

HTTPD = os.environ.get("ARCHAEO_HTTPD", "")
WORKER = os.environ.get("ARCHAEO_WORKER", "")
CLI = os.environ.get("ARCHAEO_CLI", "")
LIMIT_S = 60


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


def multipart(parts):
    """[(name, filename or None, bytes)] → (body, headers)"""
    boundary = uuid.uuid4().hex
    body = b""
    for name, filename, content in parts:
        head = f'form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
        body += f"--{boundary}\r\nContent-Disposition: {head}\r\n\r\n".encode() + content + b"\r\n"
    return body + f"--{boundary}--\r\n".encode(), {"Content-Type": f"multipart/form-data; boundary={boundary}"}


class Reply:
    def __init__(self, response, body):
        self.status = response.status
        self.headers = response.headers
        self.body = body

    @property
    def json(self):
        return json.loads(self.body)


class Daemon:
    """A daemon that runs, and its address."""

    def __init__(self, root, program, *arguments, environment=None, listen="127.0.0.1:0"):
        self.errors = open(root / f"errors-{uuid.uuid4().hex[:8]}", "wb")
        self.popen = subprocess.Popen([program, "--listen", listen, *map(str, arguments)], stdin=subprocess.DEVNULL,
                                      stdout=subprocess.PIPE, stderr=self.errors, env=environment)
        line = self.popen.stdout.readline().decode()
        if " listens on http" not in line:
            raise AssertionError(f"{line!r} {pathlib.Path(self.errors.name).read_text()}")
        self.host, port = line.split("//")[1].strip().rsplit(":", 1)
        self.port = int(port)

    def request(self, method, path, body=None, headers=None, **more):
        connection = http.client.HTTPConnection(self.host, self.port, timeout=LIMIT_S)
        try:
            if isinstance(body, (dict, list)):
                body, headers = json.dumps(body), {"Content-Type": "application/json", **(headers or {})}
            connection.request(method, path, body, headers or {}, **more)
            response = connection.getresponse()
            return Reply(response, response.read())
        finally:
            connection.close()

    def socket(self):
        return socket.create_connection((self.host, self.port), timeout=LIMIT_S)

    def raw(self, data, ends=False):
        """Sends bytes and returns all that comes back until the server closes."""
        with self.socket() as client:
            client.sendall(data)
            if ends:
                client.shutdown(socket.SHUT_WR)
            received = b""
            while True:
                try:
                    piece = client.recv(65536)
                except ConnectionResetError:
                    return received
                if not piece:
                    return received
                received += piece

    def stop(self, with_signal=signal.SIGTERM):
        if self.popen.poll() is None:
            self.popen.send_signal(with_signal)
        code = self.popen.wait(LIMIT_S)
        self.popen.stdout.close()
        self.errors.close()
        said = pathlib.Path(self.errors.name).read_text(errors="replace")
        if "Sanitizer" in said or "runtime error" in said:
            raise AssertionError(said)
        return code


class Case(unittest.TestCase):
    """A test with a folder, and a front-end with the project "p" on it."""
    arguments = ()

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-http-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.data = self.root / "data"
        self.httpd = self.start(HTTPD, *self.arguments)
        self.document = self.httpd.request("GET", "/openapi.json").json
        self.project = self.ask("POST", "/api/v1/projects", {"name": "p"}, expect=201).json["id"]
        self.at = f"/api/v1/projects/{self.project}"

    def start(self, program, *arguments, **more):
        daemon = Daemon(self.root, program, "--data", self.data, *arguments, **more)
        self.addCleanup(lambda: daemon.popen.poll() is None and daemon.stop(signal.SIGKILL))
        return daemon

    def ask(self, method, path, body=None, headers=None, expect=200, **more):
        """The reply, which must have the status and be as the description says."""
        reply = self.httpd.request(method, path, body, headers, **more)
        self.assertEqual(reply.status, expect, (method, path, reply.body[:500]))
        self.check_shape(method, path.split("?")[0], reply)
        return reply

    def operation(self, method, path):
        parts = path.strip("/").split("/")
        best = None
        for template, methods in self.document["paths"].items():
            wanted = template.strip("/").split("/")
            rest = template.endswith("/files/{name}")
            if method.lower() not in methods or not (len(wanted) == len(parts) or rest and len(parts) >= len(wanted)):
                continue
            if all(w.startswith("{") or w == p for w, p in zip(wanted, parts)):
                if best is None or template.count("{") < best[0]:
                    best = (template.count("{"), methods[method.lower()])
        return best and best[1]

    def check_shape(self, method, path, reply):
        operation = self.operation(method, path)
        if operation is None:
            return
        documented = operation["responses"]
        self.assertIn(str(reply.status), documented, f"undocumented: {method} {path}")
        content = documented[str(reply.status)].get("content", {})
        kind = reply.headers.get("Content-Type", "").split(";")[0]
        if not content:
            self.assertEqual(reply.body, b"")
            return
        self.assertEqual(kind, list(content)[0].split(";")[0])
        if kind.endswith("json"):
            schema = {**list(content.values())[0]["schema"], "components": self.document["components"]}
            jsonschema.Draft202012Validator(schema).validate(reply.json)

    def refuse(self, status, method, path, body=None, headers=None, code=None):
        """A refusal as RFC 9457 has it; the server goes on."""
        reply = self.ask(method, path, body, headers, expect=status)
        self.assertEqual(reply.headers["Content-Type"], "application/problem+json")
        problem = reply.json
        self.assertEqual(problem["status"], status)
        if code:
            self.assertEqual(problem["code"], code)
        self.assertEqual(self.httpd.request("GET", "/healthz").status, 200)
        return problem

    def upload(self, files, expect=202, headers=None, **fields):
        parts = [("file", name, content) for name, content in files.items()]
        parts += [(name, None, str(value).encode()) for name, value in fields.items()]
        body, kind = multipart(parts)
        return self.ask("POST", f"{self.at}/upload", body, {**kind, **(headers or {})}, expect=expect)

    def finished(self, job_id):
        def ended():
            job = self.ask("GET", f"/api/v1/jobs/{job_id}").json
            return job if job["is_finished"] else None
        return eventually(ended, f"job {job_id} ends")

    def upload_and_wait(self, files, **fields):
        jobs = self.upload(files, **fields).json["jobs"]
        return [self.finished(job["id"]) for job in jobs]

    def sources(self):
        return self.ask("GET", f"{self.at}/sources?per_page=1000").json["sources"]


def main():
    unittest.main()
