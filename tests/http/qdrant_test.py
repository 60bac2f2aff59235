"""The whole way with vectors in Qdrant: upload, process, search, erase, look after it, move it."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import time

import daemon
from daemon import CLI, HTTPD, LIMIT_S, WORKER, Case, eventually

SUPPORT = pathlib.Path(__file__).resolve().parent.parent / "support"
sys.path.insert(0, str(SUPPORT))
from qdrant_peer import QdrantPeer  # noqa: E402: its folder is only known now

MODEL = "builtin-hash-1"


class QdrantTest(Case):
    def setUp(self):
        self.qdrant = QdrantPeer()
        self.addCleanup(self.qdrant.stop)
        self.collection = f"{self.qdrant.prefix}-{MODEL}"
        super().setUp()

    def environment(self, **more):
        return {**os.environ, "QDRANT_API_KEY": self.qdrant.key, "ARCHAEOLOGIST_VECTORS": self.qdrant.url, **more}

    def start(self, program, *arguments, environment=None, **more):
        return super().start(program, *arguments, environment=self.environment(**(environment or {})), **more)

    def cli(self, *arguments, code=0, **environment):
        made = subprocess.run([CLI, *map(str, arguments)], capture_output=True, timeout=LIMIT_S, check=False,
                              env=self.environment(**environment))
        if code is not None:
            self.assertEqual(made.returncode, code, made.stderr.decode())
        return made.stdout.decode(), made.stderr.decode()

    def ready(self):
        reply = self.httpd.request("GET", "/readyz")
        self.assertEqual(reply.status, 200)
        return reply.json["status"], {check["name"]: check for check in reply.json["checks"]}

    def found(self, words, **more):
        query = "&".join([f"q={words.replace(' ', '%20')}", *[f"{name}={value}" for name, value in more.items()]])
        return [hit["source_name"] for hit in self.ask("GET", f"{self.at}/search?{query}").json["results"]]

    def test_a_file_is_found_in_every_mode_and_no_more_when_it_is_deleted(self):
        text = "The ledger of Uruk was kept on clay.\n" * 50
        jobs = self.upload_and_wait({"clay.txt": text.encode(), "reed.txt": b"Boats of reed went down the river.\n"})
        self.assertEqual({job["status"] for job in jobs}, {"completed"})
        for mode in ("words", "semantic", "hybrid", "literal"):
            self.assertEqual(self.found("ledger of Uruk", mode=mode)[0], "clay.txt", mode)
        self.assertEqual(self.found("reed", path="*.md"), [])
        self.assertFalse((self.data / "vectors").exists())
        chunks = self.ask("GET", f"{self.at}/sources/{self.sources()[0]['id']}/chunks").json
        self.assertEqual("".join(chunk["content"] for chunk in chunks["chunks"]), text)
        self.upload_and_wait({"reed.txt": b"Boats of cedar went down the river.\n"})
        self.assertEqual(self.found("reed", mode="literal"), [])
        self.assertEqual(self.found("cedar", mode="literal"), ["reed.txt"])
        for source in self.sources():
            self.ask("DELETE", f"{self.at}/sources/{source['id']}", expect=204)
        self.assertEqual(self.found("river", mode="words"), [])
        self.assertEqual(self.ask("DELETE", f"/api/v1/projects/{self.project}", expect=204).body, b"")
        self.assertEqual(self.qdrant.points(self.collection), [])
        metrics = self.httpd.request("GET", "/metrics").body.decode()
        self.assertRegex(metrics, r'archaeologist_backend_requests_total\{endpoint="qdrant upsert"\} [1-9]')

    def test_while_qdrant_is_away_jobs_wait_searches_say_so_and_then_all_goes_on(self):
        if not self.qdrant.is_ours:
            self.skipTest("a real one is not stopped")
        self.assertEqual(self.ready()[0], "ready")
        self.upload_and_wait({"first.txt": b"the first of the words\n"})
        self.qdrant.pause()
        waiting = self.upload({"second.txt": b"the second of the words\n"}).json["jobs"]
        eventually(lambda: self.ready()[0] == "degraded", "the outage is seen")
        _, checks = self.ready()
        self.assertEqual(checks["vector store"]["verdict"], "warning")
        self.assertNotIn("127.0.0.1", json.dumps(checks))
        for mode in ("hybrid", "literal"):
            began = time.monotonic()
            problem = self.refuse(503, "GET", f"{self.at}/search?q=first&mode={mode}")
            self.assertEqual(problem["code"], "unavailable")
            # 5 s are a search's; 20 were a request's.
            self.assertLess(time.monotonic() - began, 15)
        self.qdrant.resume()
        eventually(lambda: self.ready()[0] == "ready", "Qdrant answers again")
        job = self.finished(waiting[0]["id"])
        self.assertEqual((job["status"], job["retry_count"]), ("completed", 0))
        self.assertEqual(self.found("second", mode="words"), ["second.txt"])

    def test_a_retry_stores_nothing_twice(self):
        text = "\n\n".join(f"Paragraph {number} of the long story of clay. " * 12 for number in range(40)).encode()
        self.upload_and_wait({"story.txt": text})
        before = len(self.qdrant.points(self.collection))
        self.assertGreater(before, 10)
        self.httpd.stop()
        self.httpd = self.start(HTTPD)
        self.upload_and_wait({"story.txt": text, "other.txt": b"another\n"})
        self.assertEqual(len(self.qdrant.points(self.collection)), before + 1)

    def test_a_worker_of_its_own_uses_the_same_store_and_says_how_it_is(self):
        self.httpd.stop()
        self.httpd = self.start(HTTPD, "--workers", 0)
        worker = self.start(WORKER)
        self.assertEqual(self.upload_and_wait({"a.txt": b"of clay and reed\n"})[0]["status"], "completed")
        self.assertEqual(self.found("reed"), ["a.txt"])
        reply = worker.request("GET", "/readyz")
        self.assertEqual((reply.status, reply.json["status"]), (200, "ready"))
        self.assertIn("vector store", [check["name"] for check in reply.json["checks"]])

    def test_doctor_says_what_is_the_matter_with_the_store(self):
        self.upload_and_wait({"a.txt": b"of clay and reed\n"})
        found, _ = self.cli("doctor", "--data", self.data)
        self.assertRegex(found, r"good +vector store +http://127.0.0.1:\d+/t\w+: answers in \d+ ms")
        found, _ = self.cli("doctor", "--data", self.data, "--json", code=1, QDRANT_API_KEY="hidden-one")
        store = next(check for check in json.loads(found)["checks"] if check["name"] == "vector store")
        self.assertEqual(store["verdict"], "bad")
        self.assertIn("401 Must provide an API key", store["found"])
        self.assertIn("QDRANT_API_KEY", store["advice"])
        self.assertNotIn("hidden", found)

    def test_a_collection_for_other_vectors_is_refused(self):
        other = f"{self.qdrant.prefix}x"
        self.qdrant.ask("PUT", f"/collections/{other}-{MODEL}", {"vectors": {"dense": {"size": 768, "distance": "Cosine"}},
                                                                "sparse_vectors": {"bm25": {"modifier": "idf"}}})
        _, said = self.cli("sources", "list", "--data", self.data, "--vectors", self.qdrant.url + "x", code=1)
        self.assertIn(f'collection "{other}-{MODEL}" has 768 dimensions, model "{MODEL}" gives 384', said)

    def test_a_second_data_folder_on_the_same_prefix_is_refused_and_both_are_named(self):
        first, second = (self.data / "id").read_text(), None
        self.assertEqual(self.qdrant.ask("GET", f"/collections/{self.collection}")["config"]["metadata"], {"data_folder": first})
        other = self.root / "other"
        for command in (("projects", "create", "x"), ("doctor",)):
            _, said = self.cli(*command, "--data", other, code=1)
            second = (other / "id").read_text()
            self.assertIn(f"is data folder {first}'s, this is data folder {second}", said)
        # One that nobody said anything of is the first one's who uses it; from then on it is seen by whoever has it open.
        self.qdrant.ask("PATCH", f"/collections/{self.collection}", {"metadata": {"data_folder": second}})
        found, _ = self.cli("doctor", "--data", other, code=None)
        self.assertRegex(found, r"good +vector store")
        eventually(lambda: self.ready()[0] == "degraded", "the front-end sees whose it is now")

    def test_settings_are_checked_and_secrets_masked(self):
        def config_of(*arguments, **environment):
            return subprocess.run([HTTPD, "--check-config", "--data", self.data, *arguments], capture_output=True, check=False,
                                  env=self.environment(**environment), timeout=LIMIT_S)
        shown = config_of("--vectors", self.qdrant.url)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertNotIn(self.qdrant.key.encode(), shown.stdout)
        for wrong in ("http://host", "qdrant+http://", "qdrant+http://key:hidden@host/p", "qdrant+http://host/p?shard=1"):
            refused = config_of("--vectors", wrong)
            self.assertEqual(refused.returncode, 2, wrong)
            self.assertIn(b"vector store", refused.stderr)
            self.assertNotIn(b"hidden", refused.stderr)

    def test_the_server_of_the_environment_is_the_daemons_store(self):
        self.httpd.stop()
        self.httpd = self.start(HTTPD, environment={"ARCHAEOLOGIST_VECTORS": "", "QDRANT_URL": self.qdrant.server + "/" + self.qdrant.prefix})
        self.upload_and_wait({"a.txt": b"of clay and reed\n"})
        self.assertEqual(len(self.qdrant.points(self.collection)), 1)

    def test_vectors_are_copied_from_a_folder_to_qdrant_and_used_there(self):
        self.httpd.stop()
        here = {"ARCHAEOLOGIST_VECTORS": ""}
        self.httpd = self.start(HTTPD, environment=here)
        self.upload_and_wait({f"file-{number}.txt": f"clay tablet number {number}\n".encode() * 20 for number in range(40)})
        self.httpd.stop()
        said, _ = self.cli("vectors", "copy", "--from", self.data, "--to", self.qdrant.url, "--json", "--samples", 10)
        report = json.loads(said)
        self.assertEqual((report["generations"], report["copied"], report["compared"], report["missing"]), (40, 40, 10, 0))
        self.assertEqual(report["counted"], len(self.qdrant.points(self.collection)))
        owner = self.qdrant.ask("GET", f"/collections/{self.collection}")["config"]["metadata"]["data_folder"]
        self.assertEqual(owner, (self.data / "id").read_text())
        said, _ = self.cli("vectors", "copy", "--from", self.data, "--to", self.qdrant.url)
        self.assertIn("40 files · 0 copied (0 chunks) · 40 there already", said)
        shutil.rmtree(self.data / "vectors")
        self.httpd = self.start(HTTPD)
        self.assertEqual(len(set(self.found("tablet number", per_source=1, limit=100))), 40)

    def test_a_copy_says_what_is_wrong_with_its_places(self):
        _, said = self.cli("vectors", "copy", "--from", self.root / "nothing", "--to", self.qdrant.url, code=2)
        self.assertIn("must be a data folder with vectors in it", said)
        self.assertFalse((self.root / "nothing").exists())
        self.cli("vectors", "copy", "--from", self.qdrant.url, "--to", self.qdrant.url, code=2)
        _, said = self.cli("vectors", "copy", "--from", self.qdrant.url, "--to", self.root / "new", code=1,
                           FROM_QDRANT_API_KEY="hidden-two")
        self.assertIn("401", said)
        self.assertNotIn("hidden", said)


if __name__ == "__main__":
    daemon.main()
