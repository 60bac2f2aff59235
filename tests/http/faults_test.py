"""Files on their way in while every backend fails in every way: each ends up in search exactly once, and a reader who never stops
looking sees whole files only, the old one or the new one.

$ARCHAEO_FAULT_FILES says how many files (2,000 is the whole proof), $ARCHAEO_SEED which of their requests fail.
"""
import collections
import hashlib
import json
import math
import os
import pathlib
import queue
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request

import daemon
from daemon import HTTPD, LIMIT_S, WORKER, Case, eventually, multipart
from embedder_test import EmbeddingServer
from s3_lake_test import BUCKET, KEYS, S3Server

SUPPORT = pathlib.Path(__file__).resolve().parent.parent / "support"
sys.path += [str(SUPPORT), str(SUPPORT.parent / "process")]
from embedding_server import Server as Model  # noqa: E402: their folders are only known now
from qdrant_peer import QdrantPeer  # noqa: E402
from redis_server import RedisServer  # noqa: E402

FILES = int(os.environ.get("ARCHAEO_FAULT_FILES", "64"))
SEED = int(os.environ.get("ARCHAEO_SEED", "7"))
MODEL, DIMENSION = "small", 32
ALL_OF_IT = 500  # files; from there on it takes its time
FOLDERS = 20
REPLACED_OF_TEN = 3
LARGE_EVERY = 32  # files; of more chunks than one body to Qdrant holds
# Of a hundred requests, while that fault has its storm.
STORMS = {"slow": 100, "reset": 30, "half": 30, "lost": 30, "done": 30, "error": 90, "busy": 90, "later": 90}
MIXED = {fault: 4 for fault in STORMS}
HITS_A_STORM = 3
STORM_S = 1.5 if FILES < ALL_OF_IT else 20
LONGEST_S = 150 + 2 * FILES
WORDS = "clay reed barley silver ledger scribe temple canal herd oil wool copper tablet weight measure debt".split()
LINE = r"zq[a-j]{5}q v(\d+) line"


def name_of(number):
    return f"tablets/{number % FOLDERS}/{number:05}.txt"


def mark_of(number):
    """A word of its own: letters only, so that it has no parts."""
    return "zq" + f"{number:05}".translate(str.maketrans("0123456789", "abcdefghij")) + "q"


def text_of(number, version):
    """Every line, and so every chunk, says whose it is."""
    rng = random.Random(number * 100 + version)
    lines = 3_000 if number % LARGE_EVERY == 0 else rng.randrange(1, 80)
    return "".join(f"{mark_of(number)} v{version} line {line} {' '.join(rng.choices(WORDS, k=4))}\n" for line in range(lines))


class FaultProxy:
    """fault_proxy.py before a server."""

    def __init__(self, port, seed):
        self.popen = subprocess.Popen([sys.executable, "-B", SUPPORT / "fault_proxy.py", str(port), str(seed)],
                                      stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.popen.stdout.readline())

    def ask(self, method, what, body=None):
        request = urllib.request.Request(f"http://127.0.0.1:{self.port}/_test/{what}", body, method=method)
        with urllib.request.urlopen(request, timeout=LIMIT_S) as reply:
            return json.load(reply)

    def set(self, percents):
        self.ask("PUT", "faults", json.dumps(percents).encode())

    def counts(self):
        return collections.Counter(self.ask("GET", "counts"))

    def stop(self):
        self.popen.stdin.close()
        self.popen.stdout.close()
        self.popen.wait(LIMIT_S)


class Uploads:
    """Hands files over until they are accepted; the versions of one file one after the other."""
    THREADS = 4

    def __init__(self, httpd, at):
        self.httpd, self.at = httpd, at
        self.offered, self.accepted, self.sources = {}, {}, {}  # by number: versions, versions, ids
        self.refusals, self.wrong = collections.Counter(), []
        self.queues = [queue.Queue() for _ in range(self.THREADS)]
        self.threads = [threading.Thread(target=self.work, args=(one,), daemon=True) for one in self.queues]
        for thread in self.threads:
            thread.start()

    def put(self, number, version):
        self.queues[number % self.THREADS].put((number, version))

    def work(self, mine):
        while (one := mine.get()) is not None:
            number, version = one
            self.offered[number] = version
            body, headers = multipart([("file", name_of(number), text_of(number, version).encode())])
            while True:
                reply = self.httpd.request("POST", f"{self.at}/upload", body, headers)
                if reply.status == 202:
                    self.sources[number] = reply.json["sources"][0]["id"]
                    self.accepted[number] = version
                    break
                self.refusals[reply.status] += 1
                if reply.status not in (429, 503):
                    self.wrong.append((number, version, reply.status, reply.body[:300]))
                    break

    def finish(self):
        for one in self.queues:
            one.put(None)
        for thread in self.threads:
            thread.join()


class Reader:
    """Looks at files that were offered, in every way there is, and remembers what was wrong. What it saw of a file it must see for
    ever, or a newer one."""

    def __init__(self, httpd, at, uploads, seed):
        self.httpd, self.at, self.uploads = httpd, at, uploads
        self.rng = random.Random(seed)
        self.seen = collections.defaultdict(int)  # number to version
        self.sizes = {}  # (number, version) to chunks
        self.looks, self.found, self.away, self.wrong = collections.Counter(), collections.Counter(), collections.Counter(), []
        self.is_over = threading.Event()
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()

    def stop(self):
        self.is_over.set()
        self.thread.join()

    def run(self):
        ways = [self.literal, self.words, self.chunks, self.content, self.status]
        while not self.is_over.is_set():
            known = list(self.uploads.offered)
            if not known:
                continue
            way, number = self.rng.choice(ways), self.rng.choice(known)
            try:
                way(number)
            except Exception as error:  # a reader that has ended would find nothing wrong
                self.wrong.append((way.__name__, number, repr(error)))

    def get(self, way, path):
        """None while a backend is away."""
        reply = self.httpd.request("GET", self.at + path)
        self.looks[way] += 1
        if reply.status in (429, 503):
            self.away[way] += 1
            return None
        assert reply.status == 200, (path, reply.status, reply.body[:300])
        return reply

    def hold(self, way, number, text):
        """A whole file, or none yet."""
        versions = set(map(int, re.findall(LINE, text)))
        version = max(versions, default=0)
        if versions and text != text_of(number, version):
            self.wrong.append((way, number, f"{len(text)} bytes of versions {sorted(versions)}"))
        elif not self.seen[number] <= version <= self.uploads.offered[number]:
            self.wrong.append((way, number, f"version {version} behind {self.seen[number]}"))
        self.found[way] += bool(versions)
        self.seen[number] = max(self.seen[number], version)

    def search(self, number, mode):
        reply = self.get(mode, f"/search?q={mark_of(number)}&mode={mode}&limit=1000&per_source=0")
        return reply and [hit for hit in reply.json["results"] if hit["source_name"] == name_of(number)]

    def literal(self, number):
        hits = self.search(number, "literal")
        if hits is not None:
            self.hold("literal", number, "".join(hit["content"] for hit in sorted(hits, key=lambda hit: hit["byte_range"])))

    def words(self, number):
        """The hundred best of a large file, all of a small one."""
        hits = self.search(number, self.rng.choice(["words", "hybrid"]))
        if hits is not None and number % LARGE_EVERY != 0:
            self.hold("words", number, "".join(hit["content"] for hit in sorted(hits, key=lambda hit: hit["byte_range"])))

    def source(self, way, number):
        known = self.uploads.sources.get(number)
        reply = known and self.get(way, f"/sources/{known}")
        return reply and reply.json

    def chunks(self, number):
        known = self.uploads.sources.get(number)
        reply = known and self.get("chunks", f"/sources/{known}/chunks?per_page=1000")
        if reply:
            self.hold("chunks", number, "".join(chunk["content"] for chunk in reply.json["chunks"]))

    def content(self, number):
        """Of the newest version, searched or not."""
        known = self.uploads.sources.get(number)
        reply = known and self.get("content", f"/sources/{known}/content")
        if reply and reply.body.decode() not in [text_of(number, version) for version in (1, 2)]:
            self.wrong.append(("content", number, f"{len(reply.body)} bytes"))

    def status(self, number):
        source = self.source("status", number)
        if not source or source["active_version"] is None and self.seen[number] == 0:
            return
        version = source["active_version"] or 0
        is_newest = version == source["version"]
        if source["status"] != ("searchable" if is_newest else "pending") or version < self.seen[number] or not source["chunks"]:
            self.wrong.append(("status", number, source))
        elif self.sizes.setdefault((number, version), source["chunks"]) != source["chunks"]:
            self.wrong.append(("status", number, f"{source['chunks']} chunks, were {self.sizes[number, version]}"))
        self.seen[number] = max(self.seen[number], version)


class FaultsTest(Case):
    arguments = ("--workers", 0)

    def setUp(self):
        self.began = time.monotonic()
        self.qdrant, s3, embedder = QdrantPeer(), S3Server(), EmbeddingServer(MODEL, DIMENSION)
        self.proxies = {}
        for number, (name, server) in enumerate({"qdrant": int(self.qdrant.server.rsplit(":", 1)[1]), "s3": s3.port,
                                                 "embedder": embedder.port}.items()):
            self.proxies[name] = FaultProxy(server, SEED + number)
        for one in (self.qdrant, s3, embedder, *self.proxies.values()):
            self.addCleanup(one.stop)
        at = {name: f"http://127.0.0.1:{proxy.port}" for name, proxy in self.proxies.items()}
        root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-redis-"))
        self.addCleanup(shutil.rmtree, root, ignore_errors=True)
        redis = RedisServer(root / "redis")
        self.addCleanup(redis.kill)
        self.places = {**os.environ, **KEYS, "QDRANT_API_KEY": self.qdrant.key, "REDIS_URL": redis.url,
                       "ARCHAEOLOGIST_LAKE": f"s3://{BUCKET}/lake?endpoint={at['s3']}",
                       "ARCHAEOLOGIST_VECTORS": f"qdrant+{at['qdrant']}/{self.qdrant.prefix}",
                       "ARCHAEOLOGIST_EMBEDDER": f"{at['embedder']}/v1?model={MODEL}"}
        super().setUp()
        self.workers = [self.start(WORKER) for _ in range(2)]

    def start(self, program, *arguments, **more):
        return super().start(program, *arguments, environment=self.places, **more)

    def plan(self):
        """Who is handed over in which storm: every file once, some a second time in a later one."""
        rng = random.Random(SEED)
        rounds = [[] for _ in range(len(STORMS) + 1)]
        for number in range(FILES):
            first = rng.randrange(len(STORMS))
            rounds[first].append((number, 1))
            if rng.randrange(10) < REPLACED_OF_TEN:
                rounds[rng.randrange(first + 1, len(rounds))].append((number, 2))
        return rounds

    def storm(self, number):
        """Each backend has another fault, until each was hit."""
        faults = list(STORMS)
        begin = {name: proxy.counts() for name, proxy in self.proxies.items()}
        had = {name: faults[(number + 3 * place) % len(faults)] for place, name in enumerate(self.proxies)}
        for name, fault in had.items():
            self.proxies[name].set({fault: STORMS[fault]})
        end = time.monotonic() + STORM_S

        def is_over():
            hits = [self.proxies[name].counts()[fault] - begin[name][fault] for name, fault in had.items()]
            return min(hits) >= HITS_A_STORM and time.monotonic() > end
        eventually(is_over, f"each backend is hit: {had}")
        self.tell(f"storm {had}")

    def unfinished(self):
        stats = self.ask("GET", "/api/v1/jobs/queue/stats").json
        return stats["pending"] + stats["queued"] + stats["scheduled"] + stats["running"]

    def test_every_file_ends_up_in_search_exactly_once_and_no_reader_sees_half_of_one(self):
        uploads = self.uploads = Uploads(self.httpd, self.at)
        readers = [Reader(self.httpd, self.at, uploads, SEED + number) for number in range(2)]
        rounds = self.plan()
        for number, handed in enumerate(rounds):
            for one in handed:
                uploads.put(*one)
            if number < len(STORMS):
                self.storm(number)
        for proxy in self.proxies.values():
            proxy.set(MIXED)
        uploads.finish()
        eventually(lambda: self.unfinished() == 0, "all jobs end amid faults", LONGEST_S)
        self.tell("all jobs ended")
        for proxy in self.proxies.values():
            proxy.set({})
        for reader in readers:
            reader.stop()
            self.assertEqual(reader.wrong, [])
        self.assertEqual(uploads.wrong, [])
        self.check_jobs(sum(map(len, rounds)))
        self.check_readers(readers, uploads)
        self.check_faults()
        self.check_store(uploads.accepted)
        self.check_search(uploads.accepted)
        self.tell("all is as it should be")

    def tell(self, what):
        print(f"    {time.monotonic() - self.began:.0f} s: {what}", flush=True)

    def check_jobs(self, count):
        """None was refused, and outages were no attempts."""
        jobs, page = [], 1
        while True:
            reply = self.ask("GET", f"/api/v1/jobs?project_id={self.project}&per_page=1000&page={page}").json
            jobs += reply["jobs"]
            page += 1
            if not reply["has_more"]:
                break
        self.assertEqual(len(jobs), count)
        self.assertEqual([job for job in jobs if job["status"] != "completed" or job["retry_count"]][:5], [])
        claims = [len(self.ask("GET", f"/api/v1/jobs/{job['id']}/history").json["attempts"]) for job in jobs]
        print(f"    {len(jobs)} jobs completed in {sum(claims)} attempts, at most {max(claims)} a job, and no retry spent", flush=True)

    def check_readers(self, readers, uploads):
        looks, found, away = (sum((getattr(reader, name) for reader in readers), collections.Counter())
                              for name in ("looks", "found", "away"))
        print(f"    looked {dict(looks)}, a file was there {dict(found)}, unavailable {dict(away)}; uploads {dict(uploads.refusals)}",
              flush=True)
        for way in ("literal", "words", "chunks"):
            self.assertGreater(found[way], 0, way)
        self.assertGreater(sum(found.values()), 20)

    def check_faults(self):
        for name, proxy in self.proxies.items():
            counts = proxy.counts()
            print(f"    {name}: {dict(counts)}", flush=True)
            for fault in STORMS:
                self.assertGreaterEqual(counts[fault], HITS_A_STORM, (name, fault))

    def points_path(self):
        model_id = f"{MODEL}/{DIMENSION}"
        return f"/collections/{self.qdrant.prefix}-{model_id.replace('/', '_')}-{hashlib.sha256(model_id.encode()).hexdigest()[:8]}/points"

    def count(self):
        return self.qdrant.ask("POST", f"{self.points_path()}/count", {"exact": True})["count"]

    def points(self):
        """By source and generation, and in each by ordinal; from Qdrant itself."""
        found, offset = collections.defaultdict(dict), None
        while True:
            page = self.qdrant.ask("POST", f"{self.points_path()}/scroll",
                                   {"limit": 1_000, "with_payload": True, "with_vector": True, "offset": offset})
            for point in page["points"]:
                payload = point["payload"]
                generation = found[payload["source"], payload["generation"]]
                self.assertNotIn(payload["ordinal"], generation)
                generation[payload["ordinal"]] = point
            offset = page.get("next_page_offset")
            if offset is None:
                return found

    def check_store(self, accepted):
        """Of every file its newest version is active and whole; what else is there are whole older ones, which wait to be erased."""
        sources = {number: self.ask("GET", f"{self.at}/sources/{known}").json for number, known in self.uploads.sources.items()}
        self.assertEqual(len(sources), FILES)
        active = {(source["id"], source["active_generation"]) for source in sources.values()}
        if FILES >= ALL_OF_IT:  # pages that are read while a sweep erases show parts of what it erases
            wanted = sum(source["chunks"] for source in sources.values())
            eventually(lambda: self.count() == wanted, f"older generations are erased, {wanted} points stay", 300)
        stored = self.points()
        self.assertLessEqual(active, set(stored))
        numbers = {source["id"]: number for number, source in sources.items()}
        model, chunks = Model(MODEL, DIMENSION, ""), 0
        for (source_id, generation), points in stored.items():
            number = numbers[source_id]
            is_active = (source_id, generation) in active
            self.assertEqual(sorted(points), list(range(len(points))))
            text = "".join(points[ordinal]["payload"]["text"] for ordinal in range(len(points)))
            self.assertEqual(text, text_of(number, accepted[number] if is_active else 1), (number, is_active))
            if not is_active:
                continue
            chunks += len(points)
            source = sources[number]
            self.assertEqual((source["status"], source["active_version"], source["chunks"]), ("searchable", accepted[number], len(points)))
            for point in points.values():
                payload = point["payload"]
                made = model.vector(text[payload["context_begin"]:payload["core_end"]])
                dense = point["vector"]["dense"]
                self.assertGreater(sum(a * b for a, b in zip(made, dense)) / math.hypot(*made) / math.hypot(*dense), 0.999, (number, payload["ordinal"]))
        print(f"    {len(active)} files, {chunks} chunks, each once; {len(stored) - len(active)} older generations", flush=True)

    def found(self, query, mode, **more):
        more = "".join(f"&{name}={value}" for name, value in more.items())
        return self.ask("GET", f"{self.at}/search?q={urllib.parse.quote(query)}&mode={mode}&limit=1000{more}").json

    def check_search(self, accepted):
        """From outside: each file is found, once, by all of its lines."""
        for folder in range(FOLDERS):
            there = {number: version for number, version in accepted.items() if number % FOLDERS == folder}
            look = {"mode": "literal", "regex": "true", "path": f"tablets/{folder}/*"}
            hits = self.found(LINE + " 0 ", per_source=0, **look)["results"]
            self.assertEqual(sorted(hit["source_name"] for hit in hits), sorted(map(name_of, there)))
            lines = sum(text_of(number, version).count("\n") for number, version in there.items())
            self.assertEqual(self.found(LINE, **look)["total_found"], lines)
        for number in random.Random(SEED).sample(sorted(accepted), min(FILES, 40)):
            mode = ("words", "hybrid", "literal")[number % 3]
            names = [hit["source_name"] for hit in self.found(mark_of(number), mode)["results"]]
            # The test's model has few places for all words: what it takes for alike may stand before what has the word.
            self.assertIn(name_of(number), names[: 10 if mode == "hybrid" else 1], mode)


if __name__ == "__main__":
    daemon.main()
