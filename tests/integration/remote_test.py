"""The command line as a client of a server: what it sends, and what it says when the server does not do its part. What the
real server answers is tested with the real server."""
import hashlib
import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
import unittest

import fake_server
from program import PROGRAM, Case, main

KEY = "arch-5ecret-key"
UNKNOWN = "01890000-0000-7000-8000-999999999999"


class Remote(Case):
    def setUp(self):
        super().setUp()
        self.server = fake_server.FakeServer()
        self.addCleanup(self.server.stop)

    def start(self, *arguments, prefix=(), **popen):
        """Without --data: the environment names the server."""
        popen = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "cwd": self.root,
                 "env": self.environment() | {"ARCHAEOLOGIST_URL": self.server.url}} | popen
        process = subprocess.Popen([*prefix, PROGRAM, *arguments], **popen)
        self.addCleanup(self.end, process)
        return process

    def said(self, *arguments, expect=1, **popen):
        """What it complains of, after which it must not have printed a result."""
        output, error = self.run_program(*arguments, expect=expect, **popen)
        self.assertEqual(output, "")
        self.assertTrue(error.startswith("archaeologist: "), error)
        self.assertEqual(error.count("\n"), 1, error)
        return error


class Ingesting(Remote):
    def test_files_are_sent_under_their_names_and_the_report_is_that_of_a_local_run(self):
        self.write("a b/ü%?#&+.txt", "text\n")
        self.write("empty.txt", "")
        self.write("broken.txt", "broken\n")
        self.write("node_modules/left-out.txt", "no\n")
        report = self.json("ingest", self.tree, "--project", "p", "--priority", "high", expect=1)
        self.assertEqual((report["files"], report["searchable"], report["skipped"], report["failed"], report["chunks"]),
                         (3, 1, 1, 1, 2))
        self.assertEqual(sorted(self.server.sources), ["tree/a b/ü%?#&+.txt", "tree/broken.txt", "tree/empty.txt"])
        self.assertEqual({job["priority"] for job in self.server.jobs.values()}, {"high"})

        output, error = self.run_program("ingest", self.tree, "--project", "p")
        self.assertEqual(output, "nothing changed: 3 files, no jobs\n")
        self.assertEqual(len(self.server.projects), 1)
        self.assertNotIn("cannot", error)

    def test_many_files_go_over_few_connections(self):
        for number in range(200):
            self.write(f"{number}.txt", f"number {number}\n")
        report = self.ingest()
        self.assertEqual((report["searchable"], report["problem_count"]), (200, 0))
        self.assertLessEqual(self.server.connections, 8)

    def test_a_large_file_arrives_whole(self):
        content = os.urandom(5_000_000)
        self.write("large.bin", content)
        self.ingest()
        self.assertEqual(self.server.sources["tree/large.bin"]["file_size"], len(content))
        self.assertEqual(self.server.sources["tree/large.bin"]["content_hash"], hashlib.sha256(content).hexdigest())

    def test_a_refused_file_is_a_problem_and_the_others_go_on(self):
        self.write("a.txt", "a\n")
        self.write("big.txt", "b\n")
        self.server.faults["PUT", "/api/v1/projects/1/files/tree/big.txt"] = lambda handler: handler.problem(
            413, "too_large", "big.txt has 2 bytes, must be at most 1")
        report = self.json("ingest", self.tree, "--project", "p", expect=1)
        self.assertEqual((report["searchable"], report["problem_count"]), (1, 1))
        self.assertEqual(report["problems"][0]["code"], "too_large")
        self.assertEqual(report["problems"][0]["error"], "big.txt has 2 bytes, must be at most 1")

    def test_a_server_that_is_too_busy_or_broke_off_is_asked_again(self):
        self.write("a.txt", "a\n")
        busy = lambda handler: handler.problem(503, "unavailable", "draining")  # noqa: E731
        broken = fake_server.Handler.break_off
        self.server.faults["PUT", "/api/v1/projects"] = [busy, broken]
        self.server.faults["GET", "/api/v1/jobs/0"] = [broken, busy]
        self.assertEqual(self.ingest()["searchable"], 1)

    def test_a_file_that_the_server_hangs_up_on_does_not_end_the_ingest_a_server_that_is_gone_does(self):
        self.write("a.txt", "a\n")
        self.write("b.txt", "b\n")
        hang_up = fake_server.Handler.break_off
        self.server.faults["PUT", "/api/v1/projects/1/files/tree/a.txt"] = hang_up
        report = self.json("ingest", self.tree, "--project", "p", expect=1)
        self.assertEqual((report["searchable"], [problem["path"] for problem in report["problems"]]),
                         (1, [str(self.tree / "a.txt")]))
        self.server.faults["GET", "/api/v1/projects/1"] = hang_up
        _, error = self.run_program("ingest", self.tree, "--project", "p", expect=1)
        self.assertRegex(error, r"(?m)^archaeologist: server .* the connection broke")

    def test_what_is_unfinished_is_counted_when_it_is_interrupted(self):
        self.server.paused = True
        for number in range(5):
            self.write(f"{number}.txt", f"number {number}\n")
        process = self.start("ingest", self.tree, "--project", "p")
        deadline = time.monotonic() + 60
        while len(self.server.jobs) < 5:
            self.assertLess(time.monotonic(), deadline, "nothing is sent")
        process.send_signal(signal.SIGINT)
        output, error = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 130)
        self.assertIn("5 pending", output.decode())
        self.assertIn("the queue is paused", error.decode())

        self.server.paused = False
        report = self.ingest()
        self.assertEqual((report["unchanged"], report["searchable"], report["pending"]), (5, 5, 0))


class Refusals(Remote):
    def test_nobody_there_is_said_with_what_to_do(self):
        with socket.socket() as unused:
            unused.bind(("127.0.0.1", 0))
            url = f"http://127.0.0.1:{unused.getsockname()[1]}"
            error = self.said("queue", "stats", "--server", url)
        self.assertEqual(error, f"archaeologist: server {url}: connection refused; is archaeologist-httpd running?\n")

    def test_what_the_server_says_is_what_is_said_and_its_kind_decides_the_exit_code(self):
        for status, code, expect in [(422, "invalid_argument", 2), (404, "not_found", 2), (409, "conflict", 1),
                                     (401, "permission_denied", 1), (503, "unavailable", 1), (500, "internal", 1)]:
            self.server.faults["GET", "/api/v1/jobs"] = lambda handler, s=status, c=code: handler.problem(s, c, f"it is {c}")
            self.assertEqual(self.said("jobs", "list", expect=expect), f"archaeologist: it is {code}\n")

    def test_replies_that_are_none_are_refused_by_name(self):
        whole = b'{"jobs":[],"total":0,"page":1,"per_page":50,"has_more":false}'
        for body, reason in [(b"", "not valid JSON"), (b"<html>", "not valid JSON"), (whole[:20], "not valid JSON"),
                             (b"[]", "the JSON object is missing or malformed"), (b"{}", "total is missing"),
                             (b"[" * 100_000, "not valid JSON"), (whole[:9] + b"7" + whole[9:], "jobs[0] is missing"),
                             (whole[:9] + b"{}" + whole[9:], "jobs[0].id is missing"), (b"\xff\xfe", "not valid JSON")]:
            self.server.faults["GET", "/api/v1/jobs"] = lambda handler, body=body: handler.reply(200, body)
            error = self.said("jobs", "list")
            self.assertIn(self.server.url, error)
            self.assertIn(reason, error, body[:40])

    def test_replies_without_a_reason_are_told_by_their_status(self):
        for status, expect in [(404, 2), (500, 1), (302, 1), (204, 1)]:
            self.server.faults["GET", "/api/v1/jobs"] = lambda handler, status=status: handler.reply(status, b"")
            error = self.said("jobs", "list", expect=expect)
            self.assertTrue(str(status) in error or "not valid JSON" in error, error)

    def test_a_reply_that_breaks_off_is_no_reply(self):
        def half(handler):
            handler.send_response(200)
            handler.send_header("Content-Length", "1000")
            handler.end_headers()
            handler.wfile.write(b'{"jobs":[]')
            handler.break_off()
        for fault in [half, fake_server.Handler.break_off]:
            self.server.faults["GET", "/api/v1/jobs"] = fault
            self.assertIn("the connection broke", self.said("jobs", "list"))

    def test_a_reply_without_an_end_is_cut_off(self):
        def endless(handler):
            handler.send_response(200)
            handler.end_headers()
            try:
                while True:
                    handler.wfile.write(b" " * 1_000_000)
            except OSError:
                handler.break_off()
        self.server.faults["GET", "/api/v1/jobs"] = endless
        self.assertIn("more than 67108864 bytes", self.said("jobs", "list"))


class Addresses(Remote):
    def test_the_key_is_sent_and_never_shown(self):
        environment = self.environment() | {"ARCHAEOLOGIST_URL": self.server.url, "ARCHAEOLOGIST_API_KEY": KEY}
        self.server.faults["GET", "/api/v1/jobs"] = lambda handler: handler.problem(401, "permission_denied", "no such key")
        error = self.said("jobs", "list", env=environment)
        self.assertEqual(self.server.requests[-1][2]["Authorization"], f"Bearer {KEY}")
        self.assertNotIn(KEY, error)
        environment["ARCHAEOLOGIST_API_KEY"] = KEY + "\r\nX-More: 1"
        self.assertNotIn(KEY, self.said("jobs", "list", env=environment, expect=2))

    def test_a_url_may_have_a_path_and_must_hold_no_password(self):
        self.server.faults["GET", "/behind/api/v1/jobs/queue/stats"] = lambda handler: handler.reply(
            200, self.server.stats())
        output, _ = self.run_program("queue", "stats", "--server", self.server.url + "/behind/")
        self.assertIn("workers       1", output)
        error = self.said("queue", "stats", "--server", "http://me:" + KEY + "@localhost", expect=2)
        self.assertNotIn(KEY, error)

    def test_a_data_folder_that_is_named_is_nearer_than_a_server_in_the_environment(self):
        output, _ = self.run_program("--data", self.data, "projects", "create", "here")
        self.assertIn("here", output)
        self.assertEqual(self.server.requests, [])
        self.run_program("--data", self.data, "--server", self.server.url, "projects", "list", expect=2)


class Jobs(Remote):
    def test_waiting_asks_less_and_less_often_and_never_works_here(self):
        job = self.server.add_job(1)
        self.server.looks_until_finished = 4
        output, _ = self.run_program("jobs", "wait", job["id"])
        self.assertEqual(output, "1 completed\n")
        self.assertFalse(self.data.exists())
        self.server.paused = True
        job = self.server.add_job(1)
        self.run_program("jobs", "wait", "--all", "--timeout", "0", expect=124)

    def test_a_filter_s_jobs_are_waited_for_though_the_clocks_disagree(self):
        self.server.add_job(1, created_at="2027-11-24T10:00:00.000Z")
        fake_server.Handler.date_time_string = lambda *_: "Thu, 25 Nov 2027 10:00:00 GMT"
        self.addCleanup(delattr, fake_server.Handler, "date_time_string")
        self.assertEqual(self.run_program("jobs", "wait", "--all")[0], "1 completed\n")

    def test_an_unknown_job_is_what_it_is_locally(self):
        self.assertIn("does not exist", self.said("jobs", "show", UNKNOWN, expect=2))

    def test_pause_and_resume_name_the_command_with_its_server(self):
        output, _ = self.run_program("queue", "pause", "--server", self.server.url)
        self.assertIn(f"archaeologist queue resume --server {self.server.url}", output)
        self.assertTrue(self.server.paused)
        self.run_program("queue", "resume")
        self.assertFalse(self.server.paused)


class Sources(Remote):
    def test_sources_and_projects_are_shown_processed_again_and_deleted(self):
        self.write("a.txt", "a\n")
        self.write("b.txt", "b\n")
        self.ingest()
        in_project = ("--project", "p")
        shown = self.json("sources", "show", "1", *in_project)
        self.assertEqual(shown, self.server.sources[shown["filename"]])
        output, _ = self.run_program("sources", "reprocess", "1", "--priority", "low", *in_project)
        self.assertEqual(self.server.jobs[output.strip()]["priority"], "low")
        output, error = self.run_program("sources", "delete", "1", "7", *in_project, expect=2)
        self.assertEqual(output, "1 deleted\n")
        self.assertIn("sources/7 does not exist", error)
        self.assertEqual(len(self.server.sources), 1)
        self.run_program("projects", "delete", "p")
        self.assertEqual(self.server.projects, [])


class Doctor(Remote):
    def check(self, status, body, expect):
        self.server.faults["GET", "/readyz"] = lambda handler: handler.reply(status, body)
        return [(check["name"], check["verdict"]) for check in self.json("doctor", expect=expect)["checks"]]

    def test_a_ready_server_is_good_and_one_that_is_not_is_bad_with_its_reasons(self):
        self.assertEqual(self.check(200, {"ready": True}, 0), [("server", "good"), ("access", "good")])
        listed = {"checks": [{"name": "queue", "verdict": "bad", "found": "locked", "advice": "wait"}]}
        self.assertEqual(self.check(503, listed, 1), [("server", "bad"), ("access", "good"), ("queue", "bad")])
        output, _ = self.run_program("doctor", expect=1)
        self.assertIn("bad      queue   locked\n         wait\n", output)

    def test_a_server_that_is_not_there_or_refuses_the_key_is_bad_with_advice(self):
        output, _ = self.run_program("doctor", "--server", "http://no-such-host.invalid", expect=1)
        self.assertRegex(output, r"^bad +server +.*cannot be found.*\n +start archaeologist-httpd")
        self.server.faults["GET", "/api/v1/projects"] = lambda handler: handler.problem(
            401, "permission_denied", "no such key")
        self.assertEqual(self.check(200, {}, 1), [("server", "good"), ("access", "bad")])


@unittest.skipUnless(shutil.which("openssl"), "there is no openssl to make a certificate with")
class Tls(Remote):
    def setUp(self):
        super().setUp()
        self.certificate = self.root / "certificate.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", self.root / "key.pem", "-out",
                        self.certificate, "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"],
                       check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.root / "key.pem")
        self.server.socket = context.wrap_socket(self.server.socket, server_side=True, do_handshake_on_connect=False)
        self.url = f"https://localhost:{self.server.server_address[1]}"

    def test_a_certificate_must_be_trusted_and_name_the_host(self):
        trusting = self.environment() | {"SSL_CERT_FILE": str(self.certificate)}
        output, _ = self.run_program("queue", "stats", "--server", self.url, env=trusting)
        self.assertIn("workers       1", output)
        self.assertIn("its certificate is not trusted", self.said("queue", "stats", "--server", self.url))
        elsewhere = self.url.replace("localhost", "127.0.0.1")
        self.assertIn("its certificate", self.said("queue", "stats", "--server", elsewhere, env=trusting))
        self.assertEqual(len(self.server.requests), 1)


if __name__ == "__main__":
    main()
