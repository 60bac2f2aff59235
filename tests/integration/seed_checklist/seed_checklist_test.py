"""The checklist the project began with, one test a line: Redis, the front-end, a worker and Qdrant, each a process of its own.

The worker shares nothing with the front-end but Redis, Qdrant and a lake on S3.
"""
import math
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[2]
for folder in ("http", "process", "support"):
    sys.path.insert(0, str(TESTS / folder))
from daemon import HTTPD, WORKER, Daemon, eventually, multipart  # noqa: E402: their folders are only known now
from qdrant_peer import QdrantPeer  # noqa: E402
from redis_server import RedisServer  # noqa: E402

KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "sEcReT/+kEy", "AWS_SESSION_TOKEN": ""}
DIMENSION = 384
CONTENT = "".join(f"## Tablet {number}\n\nThe ledger of tablet {number} counts {number} jars of oil and {number + 1} of beer.\n\n" * 3
                  for number in range(60))


class SeedChecklist(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-seed-"))
        cls.addClassCleanup(shutil.rmtree, cls.root, ignore_errors=True)
        cls.redis = RedisServer(cls.root / "redis", "--appendonly", "yes")
        cls.addClassCleanup(cls.redis.kill)
        cls.qdrant = QdrantPeer()
        cls.addClassCleanup(cls.qdrant.stop)
        s3 = subprocess.Popen([sys.executable, "-B", TESTS / "support/s3_server.py", "lake", KEYS["AWS_ACCESS_KEY_ID"],
                               KEYS["AWS_SECRET_ACCESS_KEY"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        cls.addClassCleanup(s3.communicate)
        lake = f"s3://lake?endpoint=http://127.0.0.1:{int(s3.stdout.readline())}"
        cls.environment = {**os.environ, **KEYS, "REDIS_URL": cls.redis.url, "ARCHAEOLOGIST_LAKE": lake,
                           "ARCHAEOLOGIST_VECTORS": cls.qdrant.url, "QDRANT_API_KEY": cls.qdrant.key}
        cls.httpd = cls.start(HTTPD, "front", "--workers", 0, "--queue", "redis")
        cls.worker = cls.start(WORKER, "worker")
        cls.project = cls.ask("POST", "/api/v1/projects", {"name": "seed"})["id"]
        body, kind = multipart([("file", "ledger.md", CONTENT.encode())])
        # Paused, so that the job can be seen to wait.
        cls.ask("POST", "/api/v1/jobs/queue/pause")
        cls.uploaded = cls.ask("POST", f"/api/v1/projects/{cls.project}/upload", body, kind)["jobs"][0]
        cls.waiting = cls.ask("GET", f"/api/v1/jobs/{cls.uploaded['id']}")
        cls.stats_before = cls.ask("GET", "/api/v1/jobs/queue/stats")
        cls.ask("POST", "/api/v1/jobs/queue/resume")
        cls.job = eventually(cls.ended, "the job ends")
        cls.points = cls.qdrant.points(f"{cls.qdrant.prefix}-builtin-hash-1")

    @classmethod
    def start(cls, program, name, *arguments):
        daemon = Daemon(cls.root, program, "--data", cls.root / name, *arguments, environment=cls.environment)
        cls.addClassCleanup(lambda: daemon.popen.poll() is None and daemon.stop())
        return daemon

    @classmethod
    def ask(cls, method, path, body=None, headers=None):
        reply = cls.httpd.request(method, path, body, headers)
        if reply.status >= 300:
            raise AssertionError((method, path, reply.status, reply.body))
        return reply.json if reply.body else None

    @classmethod
    def ended(cls):
        job = cls.ask("GET", f"/api/v1/jobs/{cls.uploaded['id']}")
        return job if job["is_finished"] else None

    def test_1_redis_the_front_end_a_worker_and_qdrant_run(self):
        self.assertEqual(self.redis.ask("PING"), b"+PONG\r\n")
        for daemon in (self.httpd, self.worker):
            reply = daemon.request("GET", "/readyz")
            self.assertEqual((reply.status, reply.json["status"]), (200, "ready"))
            checks = {check["name"]: check["verdict"] for check in reply.json["checks"]}
            self.assertEqual((checks["lake"], checks["vector store"]), ("good", "good"))

    def test_2_a_file_is_uploaded_by_the_api(self):
        sources = self.ask("GET", f"/api/v1/projects/{self.project}/sources")["sources"]
        self.assertEqual([source["filename"] for source in sources], ["ledger.md"])
        content = self.httpd.request("GET", f"/api/v1/projects/{self.project}/sources/{sources[0]['id']}/content")
        self.assertEqual(content.body.decode(), CONTENT)

    def test_3_its_job_is_made_and_queued(self):
        self.assertEqual(self.waiting["job_type"], "file_processing")
        self.assertIn(self.waiting["status"], ("pending", "queued"))
        self.assertEqual(self.stats_before["queued"] + self.stats_before.get("outbox_depth", 0), 1)

    def test_4_the_worker_processes_it(self):
        self.assertEqual((self.job["status"], self.job["retry_count"]), ("completed", 0))
        history = self.ask("GET", f"/api/v1/jobs/{self.job['id']}/history")
        status = self.worker.request("GET", "/jobs/worker/status").json
        self.assertEqual(history["attempts"][0]["worker_id"], status["worker_id"])
        self.assertFalse((self.root / "worker" / "catalog.db").exists())
        self.assertFalse((self.root / "worker" / "vectors").exists())

    def test_5_its_progress_is_told(self):
        self.assertEqual(self.job["progress_percentage"], 100)
        history = self.ask("GET", f"/api/v1/jobs/{self.job['id']}/history")
        kinds = [event["kind"] for event in history["events"]]
        self.assertEqual([kind for kind in kinds if kind in ("job.queued", "job.running", "job.completed")],
                         ["job.queued", "job.running", "job.completed"])

    def test_6_vectors_are_there_with_content_dimension_and_count(self):
        self.assertGreater(len(self.points), 10)
        self.assertEqual(len(self.points), self.job["result_data"]["chunks"])
        for point in self.points:
            dense = point["vector"]["dense"]
            self.assertEqual(len(dense), DIMENSION)
            self.assertAlmostEqual(math.hypot(*dense), 1, places=4)
            self.assertTrue(point["vector"]["bm25"]["indices"])
            self.assertTrue(point["payload"]["text"].strip())
        text = "".join(point["payload"]["text"] for point in sorted(self.points, key=lambda one: one["payload"]["ordinal"]))
        self.assertEqual(text, CONTENT)

    def test_7_search_finds_the_processed_file(self):
        for mode in ("words", "semantic", "hybrid", "literal"):
            reply = self.ask("GET", f"/api/v1/projects/{self.project}/search?q=ledger%20of%20tablet%2042&mode={mode}")
            self.assertGreater(reply["total_found"], 0, mode)
            self.assertEqual(reply["results"][0]["source_name"], "ledger.md")
        self.assertIn("tablet 42", self.ask("GET", f"/api/v1/projects/{self.project}/search?q=ledger%20of%20tablet%2042&mode=literal")
                      ["results"][0]["content"])


if __name__ == "__main__":
    unittest.main()
