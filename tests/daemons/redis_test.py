"""The daemons with their queue on a real Redis: httpd has the catalog, the worker has not."""
import http.client
import json
import pathlib
import shutil
import subprocess
import sys
import threading
import time

import daemon

sys.path.append(str(pathlib.Path(__file__).parent.parent / "process"))
from redis_server import RedisServer, free_port  # noqa: E402: its folder is only known now


PROMISE_MS = 250
STEPS = 30
ROUNDS_MAX = 8
NEVER_NS = 10**12
# Tells its progress in steps, and when it did each, in its result.
TEACHER = f"""#!/bin/sh
cat >/dev/null
for step in $(seq {STEPS}); do
    now=$(date +%s%N)
    echo "progress $step {STEPS} step $step" >&2
    times="$times$now,"
    sleep 0.3
done
echo "{{\\"times\\":[$times$(date +%s%N)]}}"
"""


class Stream:
    """Reads an event stream on a thread of its own, and notes when each event came."""

    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=daemon.PATIENCE_S)
        self.connection.request("GET", "/api/v1/events")
        self.reply = self.connection.getresponse()
        self.came = []
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def read(self):
        while line := self.reply.readline():
            if line.startswith(b"event: "):
                self.came.append((line[7:].strip().decode(), time.time_ns()))
                if self.came[-1][0] == "job.completed":
                    break
        self.connection.close()


class Redis(daemon.Case):
    def setUp(self):
        super().setUp()
        self.redis = RedisServer(self.root / "redis", "--appendonly", "yes")
        self.addCleanup(self.redis.kill)

    def start_httpd(self, **environment):
        return self.start("httpd", REDIS_URL=self.redis.url, **environment)

    def start_worker(self, **more):
        return self.start("worker", "--redis-url", self.redis.url, **more)

    def refusal(self, kind, *arguments, data=None):
        ended = subprocess.run([daemon.PROGRAMS[kind], *arguments, "--data", data or self.data], capture_output=True, timeout=daemon.PATIENCE_S,
                               env=self.environment(), stdin=subprocess.DEVNULL, check=False)
        self.assertNotEqual(ended.returncode, 0, ended.stdout)
        return ended.stderr.decode()

    def upload(self, httpd, names):
        client = httpd.client()
        try:
            reply = client.upload(1, {name: f"the words of {name}\n".encode() for name in names})
        finally:
            client.close()
        self.assertEqual(reply.status, 202, reply.body)
        return [job["id"] for job in reply.json()["jobs"]]

    def test_a_worker_without_the_catalog_does_what_httpd_accepts(self):
        httpd = self.start_httpd()
        worker = self.start_worker()
        self.make_project(httpd)
        jobs = self.upload(httpd, ["one.txt", "two.txt"])
        for job in jobs:
            self.assertEqual(self.finished(httpd, job)["status"], "completed")
        self.assertEqual(httpd.get("/api/v1/projects/1/search?q=words&mode=literal")["total_found"], 2)
        self.assertEqual(worker.get("/jobs/worker/status")["processed"], 2)
        stats = httpd.get("/api/v1/jobs/queue/stats")
        self.assertEqual((stats["workers"], stats["degraded"], stats["outbox_depth"]), (1, False, 0))
        self.assertEqual(httpd.get("/api/v1/workers"), {"workers": [{"worker_id": worker.get("/jobs/worker/status")["worker_id"], "running": 0}]})
        opened = subprocess.run(["ls", "-l", f"/proc/{worker.process.pid}/fd"], capture_output=True, text=True, check=True).stdout
        self.assertNotIn("catalog.db", opened)
        self.assertIn("vectors/1.db", opened)
        self.assertEqual((worker.stop(), httpd.stop()), (0, 0))

    def test_httpd_and_a_worker_meet_over_tls(self):
        certificate, key = self.root / "redis.pem", self.root / "redis.key"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=redis", "-addext",
                        "subjectAltName=IP:127.0.0.1", "-out", certificate, "-keyout", key], check=True, capture_output=True)
        port = free_port()
        redis = RedisServer(self.root / "tls", "--tls-port", str(port), "--tls-cert-file", str(certificate), "--tls-key-file", str(key),
                            "--tls-ca-cert-file", str(certificate), "--tls-auth-clients", "no")
        self.addCleanup(redis.kill)
        url = f"rediss://127.0.0.1:{port}?ca={certificate}"
        httpd = self.start("httpd", REDIS_URL=url)
        self.start("worker", "--redis-url", url)
        self.make_project(httpd)
        for job in self.upload(httpd, ["one.txt", "two.txt"]):
            self.assertEqual(self.finished(httpd, job)["status"], "completed")
        self.assertIn("not trusted", self.refusal("worker", "--redis-url", f"rediss://127.0.0.1:{port}"))

    def test_uploads_are_accepted_while_redis_is_away_and_done_when_it_is_back(self):
        httpd = self.start_httpd()
        self.start_worker()
        self.make_project(httpd)
        self.redis.kill()
        jobs = self.upload(httpd, [f"{number}.txt" for number in range(20)])
        stats = httpd.get("/api/v1/jobs/queue/stats")
        self.assertEqual((stats["pending"], stats["outbox_depth"]), (20, 20))
        self.until(lambda: httpd.get("/api/v1/jobs/queue/stats")["degraded"], "it says that Redis is away")
        self.until(lambda: b"Redis takes no jobs" in b"".join(httpd.log), "the log says so, and why")
        self.redis.start()
        for job in jobs:
            self.assertEqual(self.finished(httpd, job)["status"], "completed")
        self.assertFalse(httpd.get("/api/v1/jobs/queue/stats")["degraded"])
        said = b"".join(httpd.log)
        self.assertIn(b"cannot connect: Connection refused", said)
        self.assertEqual(said.count(b"Redis takes jobs again"), 1, said)

    def test_without_redis_httpd_starts_says_so_once_and_stops(self):
        self.redis.kill()
        httpd = self.start_httpd()
        self.make_project(httpd)
        self.until(lambda: httpd.get("/api/v1/jobs/queue/stats")["degraded"], "it says that Redis is away")
        self.upload(httpd, ["one.txt"])
        began = time.monotonic()
        self.assertEqual(httpd.stop(), 0)
        print(f"    it stopped within {time.monotonic() - began:.1f} s", flush=True)
        self.assertNotIn(b"takes jobs again", b"".join(httpd.log))
        doctor = subprocess.run([daemon.PROGRAMS["httpd"], "doctor", "--data", self.data], capture_output=True, timeout=daemon.PATIENCE_S,
                                env=self.environment(REDIS_URL=self.redis.url), check=False)
        self.assertEqual(doctor.returncode, 1)
        self.assertIn(b"bad      redis: ", doctor.stdout)

    def test_a_worker_that_reaches_another_lake_refuses_to_start(self):
        httpd = self.start_httpd()
        self.make_project(httpd)
        other = self.root / "other"
        shutil.copytree(self.data, other)
        (other / "id").unlink()
        self.assertIn("has no id", self.refusal("worker", "--redis-url", self.redis.url, data=other))
        (other / "id").write_text("018f0000-0000-7000-8000-000000000000")
        said = self.refusal("worker", "--redis-url", self.redis.url, data=other)
        self.assertRegex(said, 'lake is "018f0000.*must be the same')
        self.assertIn("127.0.0.1:1", self.refusal("worker", "--redis-url", "redis://127.0.0.1:1"))

    def lags_of_one_job(self, httpd, watch):
        """How long after each step a reader saw it, and the end; in ms. watch: follows a job to its end, and gives a function from
        a step's number and time to the time when it was seen."""
        httpd.ask("POST", "/api/v1/jobs/queue/pause")
        job = self.new_job(httpd, "teach")
        seen_at = watch(httpd, job)
        times = self.finished(httpd, job)["result_data"]["times"]
        return [(seen_at(number, at) - at) / 1e6 for number, at in enumerate(times, 1)]

    def watch_stream(self, httpd, job):
        stream = Stream(httpd.port)
        httpd.ask("POST", "/api/v1/jobs/queue/resume")
        stream.thread.join(daemon.PATIENCE_S)

        def seen_at(number, at):
            kind = "job.progress" if number <= STEPS else "job.completed"
            return next((came for event, came in stream.came if event == kind and came >= at), at + NEVER_NS)
        return seen_at

    def watch_job(self, httpd, job):
        seen, client = {}, httpd.client()
        httpd.ask("POST", "/api/v1/jobs/queue/resume")
        while STEPS + 1 not in seen:
            found = client.ask("GET", f"/api/v1/jobs/{job}").json()
            reached = STEPS + 1 if found["status"] == "completed" else found["progress_current"]
            for number in range(reached, 0, -1):
                seen.setdefault(number, time.time_ns())
            time.sleep(0.005)
        client.close()
        return lambda number, at: seen[number]

    def test_progress_and_the_end_reach_readers_within_250_ms(self):
        teacher = self.root / "teach.sh"
        teacher.write_text(TEACHER)
        teacher.chmod(0o755)
        httpd = self.start_httpd()
        self.start("worker", "--redis-url", self.redis.url, "--handler", f"teach={teacher}")
        for name, watch in (("GET /jobs/{id}", self.watch_job), ("the event stream", self.watch_stream)):
            # On a machine that is busy with something else a round may fail, and one step of a good round be late.
            for _ in range(ROUNDS_MAX):
                lags = sorted(self.lags_of_one_job(httpd, watch))
                print(f"    {name}: median {lags[len(lags) // 2]:.0f} ms, last but one of {len(lags)} {lags[-2]:.0f} ms", flush=True)
                if lags[-2] <= PROMISE_MS:
                    break
            self.assertLessEqual(lags[-2], PROMISE_MS, name)

    def test_jobs_come_home_when_they_are_told_to(self):
        httpd = self.start_httpd()
        self.make_project(httpd)
        job = self.upload(httpd, ["one.txt"])[0]
        httpd.stop()
        self.assertIn("wait in Redis", self.refusal("httpd", "--listen", "127.0.0.1:0"))
        self.assertIn("wait in Redis", self.refusal("cli", "jobs", "list"))
        home = self.start("httpd", "--queue", "sqlite")
        self.assertEqual(self.finished(home, job)["status"], "completed")
        self.assertEqual(home.stop(), 0)


if __name__ == "__main__":
    daemon.main()
