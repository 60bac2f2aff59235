"""The whole way with an embedding server: upload, process, search; another model while it is killed; outages; settings."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import threading
import urllib.request

import daemon
from daemon import CLI, HTTPD, LIMIT_S, WORKER, Case, eventually

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "process"))
from redis_server import RedisServer  # noqa: E402: its folder is only known now

SUPPORT = pathlib.Path(__file__).resolve().parent.parent / "support"
KEY = "sk-hidden-key"


class EmbeddingServer:
    """embedding_server.py, which holds requests against the types of OpenAI's client."""

    def __init__(self, model, dimension, key=""):
        self.model = model
        self.popen = subprocess.Popen([sys.executable, "-B", SUPPORT / "embedding_server.py", model, str(dimension), key],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.popen.stdout.readline())
        self.url = f"http://127.0.0.1:{self.port}/v1?model={model}"

    def stop(self):
        self.popen.stdin.close()
        self.popen.stdout.close()
        self.popen.wait(LIMIT_S)

    def counts(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_test/counts", timeout=LIMIT_S) as reply:
            return json.load(reply)

    def fail(self, status):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_test/fail", str(status).encode(), method="PUT")
        urllib.request.urlopen(request, timeout=LIMIT_S).close()


class EmbedderTest(Case):
    def setUp(self):
        self.servers = []
        super().setUp()

    def server(self, *arguments):
        server = EmbeddingServer(*arguments)
        self.servers.append(server)
        self.addCleanup(server.stop)
        return server

    def restart(self, *arguments, with_signal=signal.SIGTERM, **environment):
        self.httpd.stop(with_signal)
        self.httpd = self.start(HTTPD, *arguments, environment={**os.environ, **environment})

    def tearDown(self):
        for server in self.servers:
            self.assertEqual(server.counts()["bad"], 0, server.model)

    def cli(self, *arguments, code=0, at=None, **environment):
        made = subprocess.run([CLI, *map(str, arguments), *(("--data", self.data) if at is None else at)], capture_output=True, timeout=LIMIT_S, check=False,
                              env={**os.environ, **environment})
        self.assertEqual(made.returncode, code, made.stderr.decode())
        return made.stdout.decode(), made.stderr.decode()

    def search(self, text, mode="semantic"):
        return self.ask("GET", f"{self.at}/search?q={text}&mode={mode}&limit=100&per_source=0").json

    def changes(self, **environment):
        checks = json.loads(self.cli("doctor", "--json", ARCHAEOLOGIST_EMBEDDER_KEY=KEY, **environment)[0])["checks"]
        return [check for check in checks if check["name"] == "change of model"]

    def ready(self):
        reply = self.httpd.request("GET", "/readyz")
        self.assertEqual(reply.status, 200)
        return reply.json["status"], {check["name"]: check for check in reply.json["checks"]}

    def test_a_model_behind_a_key_is_used_from_upload_to_search_and_by_the_command_line_too(self):
        server = self.server("small", 48, KEY)
        self.restart("--embedder", server.url, ARCHAEOLOGIST_EMBEDDER_KEY=KEY)
        jobs = self.upload_and_wait({f"f{number}.txt": f"clay tablet number {number}\n".encode() for number in range(20)})
        self.assertEqual({job["status"] for job in jobs}, {"completed"})
        eventually(lambda: not self.changes(), "the project has the model")
        found = self.search("clay%20tablet")
        self.assertEqual(len(found["results"]), 20)
        self.assertGreater(found["results"][0]["why"]["similarity"], 0.3)
        said, _ = self.cli("search", "clay tablet", "--project", "p", "--mode", "semantic", "--json", ARCHAEOLOGIST_EMBEDDER_KEY=KEY)
        self.assertTrue(json.loads(said)["results"])
        said, _ = self.cli("doctor", ARCHAEOLOGIST_EMBEDDER_KEY=KEY)
        self.assertRegex(said, r"good +embedder +small/48, 48 dimensions: a word was embedded in \d+ ms")
        said, _ = self.cli("doctor", code=1, ARCHAEOLOGIST_EMBEDDER_KEY="sk-hidden-wrong")
        self.assertIn("ARCHAEOLOGIST_EMBEDDER_KEY", said)
        self.assertNotIn("hidden", said)
        self.assertIn("archaeologist_backend_requests_total{endpoint=\"embed\"}", self.httpd.request("GET", "/metrics").body.decode())

    def test_search_works_all_the_time_while_a_model_changes_and_the_daemon_is_killed(self):
        files = {f"f{number}.txt": f"clay tablet number {number}\n".encode() for number in range(300)}
        self.upload_and_wait(files)
        server = self.server("large", 96)
        slots, kills = 8, (20, 90, 180, 260)
        self.restart("--embedder", server.url, "--workers", slots)
        # A reader of its own process, which nobody kills.
        reader = self.start(HTTPD, "--workers", 0)
        wrong, looks, stop = [], [0], threading.Event()

        def read():
            while not stop.is_set():
                for mode in ("semantic", "hybrid", "words", "literal"):
                    reply = reader.request("GET", f"{self.at}/search?q=tablet&mode={mode}&limit=1000&per_source=0")
                    sources = {hit["source_name"] for hit in reply.json.get("results", [])}
                    looks[0] += 1
                    # A leg has its 100 best; literal has all.
                    if reply.status != 200 or len(sources) < (300 if mode == "literal" else 100):
                        wrong.append((mode, reply.status, len(sources), reply.json.get("note")))

        thread = threading.Thread(target=read)
        thread.start()
        try:
            for made in kills:
                eventually(lambda: server.counts()["texts"] >= made, f"{made} texts are embedded")
                self.restart("--workers", slots, with_signal=signal.SIGKILL)
            eventually(lambda: not self.changes(), "the change is complete")
        finally:
            stop.set()
            thread.join()
        self.assertEqual(wrong, [])
        self.assertGreater(looks[0], 8)
        self.assertNotIn("word forms", self.search("tablet").get("note", ""))
        self.assertEqual({source["status"] for source in self.sources()}, {"searchable"})
        # Of each kill, what was on its way; and the query.
        self.assertLessEqual(server.counts()["repeated"], len(kills) * slots + 1)

    def test_while_the_embedder_is_away_jobs_wait_search_goes_by_words_and_then_all_goes_on(self):
        server = self.server("small", 48)
        self.restart("--embedder", server.url)
        self.upload_and_wait({"first.txt": b"the first of the words\n"})
        eventually(lambda: not self.changes(), "the project has the model")
        self.assertEqual(self.ready()[0], "ready")
        server.fail(503)
        waiting = self.upload({"second.txt": b"the second of the words\n"}).json["jobs"]
        eventually(lambda: self.search("words", "hybrid").get("note", "").startswith("words only: "), "the outage is told")
        self.assertEqual(self.search("words", "hybrid")["results"][0]["source_name"], "first.txt")
        self.refuse(503, "GET", f"{self.at}/search?q=words&mode=semantic")
        eventually(lambda: self.ready()[0] == "degraded", "readyz names it")
        self.assertEqual(self.ready()[1]["embedder"]["verdict"], "warning")
        eventually(lambda: self.ask("GET", "/api/v1/jobs/queue/stats").json["scheduled"] == 1, "the job waits")
        server.fail(0)
        job = self.finished(waiting[0]["id"])
        self.assertEqual((job["status"], job["retry_count"]), ("completed", 0))
        eventually(lambda: self.ready()[0] == "ready", "it answers again")

    def test_a_worker_of_its_own_follows_the_data_folder(self):
        server = self.server("small", 48)
        self.restart("--workers", 0, "--embedder", server.url)
        worker = self.start(WORKER)
        self.assertEqual(self.upload_and_wait({"a.txt": b"of clay and reed\n"})[0]["status"], "completed")
        eventually(lambda: not self.changes(), "the project has the model")
        self.assertEqual(len(self.search("clay")["results"]), 1)
        self.assertIn("embedder", [check["name"] for check in worker.request("GET", "/readyz").json["checks"]])

    def test_workers_without_a_catalog_change_the_model_too(self):
        redis = RedisServer(self.root / "redis")
        self.addCleanup(redis.kill)
        self.upload_and_wait({f"f{number}.txt": f"clay tablet number {number}\n".encode() for number in range(30)})
        one, two = self.server("one", 48), self.server("two", 96)
        for server in (one, two):
            self.restart("--workers", 0, "--redis-url", redis.url, "--embedder", server.url)
            refused = subprocess.run([WORKER, "--data", self.data, "--redis-url", redis.url, "--listen", "127.0.0.1:0"],
                                     capture_output=True, timeout=LIMIT_S, check=False)
            self.assertIn(b'model is "builtin-hash-1/384" here', refused.stderr)
            worker = self.start(WORKER, "--redis-url", redis.url, "--embedder", server.url)
            # Its model is not searched yet: it is found all the same.
            self.assertEqual(self.upload_and_wait({f"{server.model}.txt": f"of clay and {server.model} reed\n".encode()})[0]["status"],
                             "completed")
            self.assertEqual(self.search(f"{server.model}%20reed", "literal")["total_found"], 1)
            eventually(lambda: not self.changes(REDIS_URL=redis.url), "the project has the model")
            found = self.search("clay%20tablet")
            self.assertEqual(len({hit["source_name"] for hit in found["results"]}), 31 if server is one else 32)
            worker.stop()
            self.assertEqual(server.counts()["repeated"], 0)

    def test_of_a_project_that_denies_external_models_no_text_reaches_the_server_whoever_works(self):
        redis = RedisServer(self.root / "redis")
        self.addCleanup(redis.kill)
        server = self.server("small", 48)
        self.restart("--workers", 0, "--redis-url", redis.url, "--embedder", server.url)
        self.start(WORKER, "--redis-url", redis.url, "--embedder", server.url)
        made = self.ask("POST", "/api/v1/projects", {"name": "secret", "external_models": "denied"}, expect=201).json
        self.assertEqual(made["external_models"], "denied")
        self.refuse(422, "POST", "/api/v1/projects", {"name": "other", "external_models": "no"})
        self.at = f"/api/v1/projects/{made['id']}"
        for version in (1, 2):
            jobs = self.upload_and_wait({f"f{number}.txt": f"clay tablet number {number} of {version}\n".encode() for number in range(20)})
            self.assertEqual({job["status"] for job in jobs}, {"completed"})
        for mode in ("semantic", "hybrid", "words", "literal"):
            self.assertEqual(len(self.search("tablet", mode)["results"]), 20, mode)
        self.assertIn("external models denied", self.cli("projects", "list", REDIS_URL=redis.url, ARCHAEOLOGIST_QUEUE="redis")[0])
        self.assertEqual(server.counts()["texts"], 0)

        self.at = f"/api/v1/projects/{self.project}"
        self.upload_and_wait({"open.txt": b"reed boats\n"})
        eventually(lambda: not self.changes(REDIS_URL=redis.url), "the open project has the model")
        self.assertEqual(len(self.search("reed")["results"]), 1)
        self.assertEqual(server.counts()["texts"], 2)
        self.ask("PUT", self.at, {"external_models": "denied"})
        self.upload_and_wait({"later.txt": b"cedar boats\n"})
        eventually(lambda: not self.changes(REDIS_URL=redis.url), "the open project has the built-in model")
        self.assertEqual(len(self.search("boats")["results"]), 2)
        self.assertEqual(server.counts()["texts"], 2)
        changed = self.cli("projects", "set", "p", "--external-models", "allowed", "--json", "--server", f"http://127.0.0.1:{self.httpd.port}",
                           at=())[0]
        self.assertEqual(json.loads(changed)["external_models"], "allowed")
        eventually(lambda: not self.changes(REDIS_URL=redis.url), "it has the server's model again")
        self.assertEqual(server.counts()["texts"], 3)

    def test_settings_are_checked_before_anything_is_opened(self):
        def config_of(*arguments, **environment):
            return subprocess.run([HTTPD, "--check-config", "--data", self.data, *arguments], capture_output=True, check=False,
                                  env={**os.environ, **environment}, timeout=LIMIT_S)
        shown = config_of("--embedder", "http://host?model=m", ARCHAEOLOGIST_EMBEDDER_KEY=KEY)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertNotIn(b"hidden", shown.stdout)
        for wrong in ("ollama", "http://u:hidden@host", "http://host?modle=m", "http://host?api=cohere"):
            refused = config_of("--embedder", wrong)
            self.assertEqual(refused.returncode, 2, wrong)
            self.assertIn(b"embedder", refused.stderr)
            self.assertNotIn(b"hidden", refused.stderr)
        _, said = self.cli("search", "x", "--embedder", "http://127.0.0.1:1?model=m", "--project", "p", code=2)
        self.assertIn("127.0.0.1:1", said)


if __name__ == "__main__":
    daemon.main()
