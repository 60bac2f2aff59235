"""Every benchmark runs on a tiny input and prints one JSON line with the figures it promises.

usage: smoke_test.py ARCHAEOLOGIST_BENCH
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "process"))
from redis_server import RedisServer

BENCH = ""


def figures(*arguments):
    done = subprocess.run([BENCH, *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        raise AssertionError(f"exit {done.returncode}: {' '.join(arguments)}\n{done.stderr}")
    lines = done.stdout.splitlines()
    assert len(lines) == 1, done.stdout
    return json.loads(lines[0])


class Smoke(unittest.TestCase):
    def check_positive(self, line, *names):
        for name in names:
            self.assertIn(name, line)
            self.assertGreater(line[name], 0, name)

    def test_ingest_measures_generated_files(self):
        line = figures("ingest", "--small", "20")
        self.assertEqual(line["files"], 20)
        self.assertEqual(line["failed"], 0)
        self.check_positive(line, "seconds", "bytes", "mb_per_s", "files_per_s", "chunks", "data_bytes", "data_ratio",
                            "rss_max_mb")

    def test_a_second_search_run_finds_its_corpus_made(self):
        names = ["hybrid_p50_ms", "hybrid_p99_ms", "words_p50_ms", "semantic_p50_ms", "literal_p50_ms", "chunks"]
        with tempfile.TemporaryDirectory() as data:
            arguments = ("search", "--chunks", "50", "--queries", "5", "--data", data)
            first, second = figures(*arguments), figures(*arguments)
        self.check_positive(first, *names)
        self.check_positive(second, *names)
        self.assertEqual(first["chunks"], second["chunks"])
        self.assertGreaterEqual(first["chunks"], 40)

    def test_chunk_measures_every_kind(self):
        for kind in ("plain", "code", "markdown", "table"):
            line = figures("chunk", "--kind", kind, "--mb", "1")
            self.check_positive(line, "chunk_mb_per_s", "analyze_mb_per_s", "embed_mb_per_s", "chunks", "bytes")

    def test_queue_measures_every_backend(self):
        for backend in ("memory", "sqlite"):
            line = figures("queue", "--backend", backend, "--jobs", "50", "--concurrency", "4")
            self.check_positive(line, "enqueue_single_per_s", "enqueue_8_single_per_s", "enqueue_bulk_per_s",
                                "process_per_s", "pickup_p50_ms", "pickup_p99_ms")

    @unittest.skipUnless(shutil.which("redis-server"), "there is no redis-server")
    def test_queue_on_redis_measures_the_whole_and_its_broker(self):
        with tempfile.TemporaryDirectory() as folder:
            server = RedisServer(pathlib.Path(folder) / "redis")
            try:
                line = figures("queue", "--backend", server.url, "--jobs", "50", "--concurrency", "4", "--backlog", "2000")
            finally:
                server.stop()
        self.check_positive(line, "enqueue_bulk_per_s", "process_per_s", "pickup_p99_ms", "urgent_job_ms",
                            "broker_enqueue_8_single_per_s", "broker_enqueue_bulk_per_s", "broker_process_per_s",
                            "broker_stats_p50_ms", "broker_backlog_stats_p50_ms", "broker_backlog_enqueue_bulk_per_s",
                            "broker_backlog_process_per_s")
        self.assertIn("broker_bytes_per_waiting_job", line)

    def test_a_backend_that_is_none_is_refused(self):
        done = subprocess.run([BENCH, "queue", "--backend", "oracle"], capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 1)
        self.assertIn("oracle", done.stderr)

    def test_queue_on_sqlite_measures_processes_and_a_backlog(self):
        line = figures("queue", "--jobs", "50", "--concurrency", "4", "--backlog", "200")
        self.check_positive(line, "bytes_per_finished_job", "pickup_across_p99_ms", "takeover_max_ms", "stats_p99_ms",
                            "job_status_p99_ms", "single_job_of_other_project_ms", "urgent_job_ms")

    def test_vectors_measures_the_way_to_qdrant(self):
        line = figures("vectors", "--points", "3000", "--text-bytes", "100")
        self.check_positive(line, "points_per_s", "mb_per_s", "bytes_per_point", "rss_max_mb")
        self.assertEqual(line["body_points_max"], 128)
        self.assertLess(line["body_mb_max"], 16)

    def test_capi_measures_both_interfaces(self):
        line = figures("capi", "--jobs", "50")
        self.check_positive(line, "claim_complete_cxx_p50_us", "claim_complete_c_p50_us")
        self.assertIn("overhead_percent", line)

    @unittest.skipUnless(os.environ.get("ARCHAEO_HTTPD"), "built without the daemons")
    def test_http_measures_the_daemon(self):
        line = figures("http", "--httpd", os.environ["ARCHAEO_HTTPD"], "--requests", "80", "--uploads", "16", "--large-mb",
                       "2", "--rounds", "3")
        self.check_positive(line, "status_get_per_s", "upload_4k_per_s", "upload_4k_no_workers_per_s",
                            "upload_large_mb_per_s", "upload_to_searchable_p50_ms", "event_to_client_p99_ms")
        self.assertIn("upload_large_more_rss_mb", line)


if __name__ == "__main__":
    BENCH = sys.argv.pop(1)
    unittest.main()
