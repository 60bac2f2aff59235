"""How a daemon starts, and what keeps it from it."""
import json
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from daemon import Daemon, HTTPD, WORKER, main, multipart


class Start(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-start-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)

    def run_once(self, program, *arguments, expect=0, **variables):
        environment = {name: value for name, value in os.environ.items() if not name.startswith(("REDIS_", "QUEUE", "ARCHAEOLOGIST_"))}
        ended = subprocess.run([program, "--data", self.root / "data", *arguments], capture_output=True, timeout=60, check=False,
                               env={**environment, **variables})
        self.assertEqual(ended.returncode, expect, ended.stdout + ended.stderr)
        return ended.stdout.decode(), ended.stderr.decode()

    def test_wrong_settings_end_with_2_and_say_what_is_wrong(self):
        (self.root / "wrong.conf").write_text("lissen = 127.0.0.1:0\n")
        for program in (HTTPD, WORKER):
            for arguments, variables, said in ((("--listen", "0.0.0.0:0"), {}, "must be an address of this machine alone"),
                                               (("--listen", "127.0.0.1"), {}, "must be HOST:PORT"),
                                               (("--listen", "127.0.0.1:99999"), {}, "must be HOST:PORT"),
                                               (("--grace", "-1"), {}, "must be 0 to 3600"),
                                               (("--log-format", "xml"), {}, "must be one of text, json"),
                                               (("--handler", "thumbnail"), {}, "must be TYPE=PROGRAM"),
                                               (("--config", self.root / "wrong.conf"), {}, "is no setting of this program"),
                                               (("--config", self.root / "missing.conf"), {}, "cannot be read"),
                                               ((), {"REDIS_URL": "http://localhost"}, "Redis URL"),
                                               ((), {"REDIS_HOST": "localhost", "REDIS_PORT": "x"}, "Redis URL"),
                                               (("--queue-shards", "0"), {}, "must be 1 to 64"),
                                               ((), {"QUEUE": "redis"}, "redis-url must say where Redis is"),
                                               ((), {"QUEUE": "kafka"}, "must be one of auto, sqlite, redis")):
                self.assertIn(said, self.run_once(program, *arguments, expect=2, **variables)[1])
        self.assertFalse((self.root / "data").exists())

    def test_a_flag_beats_the_environment_which_beats_the_file(self):
        (self.root / "a.conf").write_text("worker-id = file\ngrace = 7\n")
        lines = self.run_once(HTTPD, "--config", self.root / "a.conf", "--check-config", "--listen", "127.0.0.1:9", WORKER_ID="environment")[0]
        self.assertIn('listen = "127.0.0.1:9"  # --listen\n', lines)
        self.assertIn('worker-id = "environment"  # $WORKER_ID\n', lines)
        self.assertIn(f'grace = "7"  # {self.root}/a.conf\n', lines)
        self.assertIn('log-level = "info"  # default\n', lines)

    def test_the_doctor_finds_a_new_folder_good(self):
        for program in (HTTPD, WORKER):
            self.assertIn("good     data folder: ", self.run_once(program, "doctor")[0])

    def test_json_logs_name_request_and_jobs(self):
        daemon = Daemon(self.root, HTTPD, "--data", self.root / "data", "--log-format", "json")
        daemon.request("POST", "/api/v1/projects", {"name": "p"})
        body, kind = multipart([("file", "a.txt", b"hello")])
        job = daemon.request("POST", "/api/v1/projects/1/upload", body, {**kind, "X-Request-Id": "mine-1"}).json["jobs"][0]["id"]
        self.assertEqual(daemon.stop(), 0)
        lines = [json.loads(line) for line in pathlib.Path(daemon.errors.name).read_text().splitlines()]
        request = next(line for line in lines if line.get("request_id") == "mine-1")
        self.assertEqual((request["method"], request["status"], request["job_ids"]), ("POST", 202, job))


if __name__ == "__main__":
    main()
