"""The whole way with the lake in a bucket of S3: upload, process, search, get back, look after it, move it."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.request

import daemon
from daemon import CLI, HTTPD, LIMIT_S, WORKER, Case, eventually

SUPPORT = pathlib.Path(__file__).resolve().parent.parent / "support"
KEYS = {"AWS_ACCESS_KEY_ID": "AKIDEXAMPLE", "AWS_SECRET_ACCESS_KEY": "sEcReT/+kEy", "AWS_SESSION_TOKEN": ""}
BUCKET = "the-bucket"


class S3Server:
    """s3_server.py, which holds signatures against botocore's."""

    def __init__(self):
        self.popen = subprocess.Popen([sys.executable, "-B", SUPPORT / "s3_server.py", BUCKET, KEYS["AWS_ACCESS_KEY_ID"],
                                       KEYS["AWS_SECRET_ACCESS_KEY"]], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.port = int(self.popen.stdout.readline())
        self.url = f"s3://{BUCKET}/lake?endpoint=http://127.0.0.1:{self.port}"

    def pause(self):
        self.popen.send_signal(signal.SIGSTOP)

    def resume(self):
        self.popen.send_signal(signal.SIGCONT)

    def stop(self):
        self.resume()
        self.popen.stdin.close()
        self.popen.stdout.close()
        self.popen.wait(LIMIT_S)

    def requests(self):
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}/_test/requests", timeout=LIMIT_S) as reply:
            return reply.read().decode().splitlines()


class S3LakeTest(Case):
    def setUp(self):
        self.s3 = S3Server()
        self.addCleanup(self.s3.stop)
        super().setUp()

    def start(self, program, *arguments, environment=None, **more):
        environment = {**os.environ, **KEYS, "ARCHAEOLOGIST_LAKE": self.s3.url, **(environment or {})}
        return super().start(program, *arguments, environment=environment, **more)

    def cli(self, *arguments, code=0, **environment):
        made = subprocess.run([CLI, *map(str, arguments)], capture_output=True, timeout=LIMIT_S, check=False,
                              env={**os.environ, **KEYS, "ARCHAEOLOGIST_LAKE": self.s3.url, **environment})
        self.assertEqual(made.returncode, code, made.stderr.decode())
        return made.stdout.decode(), made.stderr.decode()

    def blobs_here(self):
        folder = self.data / "lake"
        return [path for path in folder.rglob("*") if path.is_file()] if folder.exists() else []

    def ready(self):
        reply = self.httpd.request("GET", "/readyz")
        self.assertEqual(reply.status, 200)
        return reply.json["status"], {check["name"]: check for check in reply.json["checks"]}

    def test_a_file_goes_in_is_found_and_comes_back_as_it_was(self):
        text = "The ledger of Uruk was kept on clay.\n" * 50
        latin = "Größe und Maß der Gefäße sind in Lagern verzeichnet.\n".encode("latin-1") * 40
        large = os.urandom(3 << 20)
        jobs = self.upload_and_wait({"clay.txt": text.encode(), "latin.txt": latin, "large.bin": large})
        self.assertEqual({job["status"] for job in jobs}, {"completed"})
        found = self.ask("GET", f"{self.at}/search?q=ledger%20of%20Uruk").json["results"]
        self.assertEqual(found[0]["source_name"], "clay.txt")
        self.assertEqual(self.ask("GET", f"{self.at}/search?q=Gef%C3%A4%C3%9Fe").json["results"][0]["source_name"], "latin.txt")
        for source in self.sources():
            wanted = {"clay.txt": text.encode(), "latin.txt": latin, "large.bin": large}[source["filename"]]
            got = self.httpd.request("GET", f"{self.at}/sources/{source['id']}/content")
            self.assertEqual(got.status, 200)
            self.assertEqual(got.body, wanted)
        part = next(source for source in self.sources() if source["filename"] == "large.bin")
        got = self.httpd.request("GET", f"{self.at}/sources/{part['id']}/content", headers={"Range": "bytes=2000000-2000099"})
        self.assertEqual((got.status, got.body), (206, large[2_000_000:2_000_100]))
        self.assertEqual(self.blobs_here(), [])
        self.assertTrue(any(line.startswith("PUT 200 /the-bucket/lake/") for line in self.s3.requests()))
        metrics = self.httpd.request("GET", "/metrics").body.decode()
        self.assertRegex(metrics, r'archaeologist_backend_requests_total\{endpoint="s3 put"\} [1-9]')
        self.assertRegex(metrics, r'archaeologist_backend_request_duration_seconds_count\{endpoint="s3 get"\} [1-9]')

    def test_while_the_lake_is_away_readyz_says_so_jobs_wait_and_then_all_goes_on(self):
        self.assertEqual(self.ready()[0], "ready")
        done = self.upload_and_wait({"first.txt": b"the first of the words\n"})
        self.httpd.request("POST", "/api/v1/jobs/queue/pause")
        waiting = self.upload({"second.txt": b"the second of the words\n"}).json["jobs"]
        self.s3.pause()
        eventually(lambda: self.ready()[0] == "degraded", "the outage is seen")
        _, checks = self.ready()
        self.assertEqual(checks["lake"]["verdict"], "warning")
        self.assertNotIn("127.0.0.1", json.dumps(checks))
        self.assertEqual(self.ask("GET", f"{self.at}/search?q=first&mode=words").json["total_found"], 1)
        self.httpd.request("POST", "/api/v1/jobs/queue/resume")
        self.s3.resume()
        eventually(lambda: self.ready()[0] == "ready", "the lake answers again")
        job = self.finished(waiting[0]["id"])
        self.assertEqual((job["status"], job["retry_count"]), ("completed", 0))
        self.assertEqual(done[0]["status"], "completed")

    def test_a_worker_of_its_own_uses_the_same_lake_and_says_how_it_is(self):
        self.httpd.stop()
        self.httpd = self.start(HTTPD, "--workers", 0)
        worker = self.start(WORKER)
        self.assertEqual(self.upload_and_wait({"a.txt": b"of clay and reed\n"})[0]["status"], "completed")
        reply = worker.request("GET", "/readyz")
        self.assertEqual((reply.status, reply.json["status"]), (200, "ready"))
        self.assertIn("lake", [check["name"] for check in reply.json["checks"]])
        self.assertIn("archaeologist_backend_requests_total", worker.request("GET", "/metrics").body.decode())

    def test_doctor_says_what_is_the_matter_with_the_lake(self):
        self.upload_and_wait({"a.txt": b"of clay and reed\n"})
        found, _ = self.cli("doctor", "--data", self.data)
        self.assertRegex(found, r"good +lake +s3://the-bucket/lake at http://127.0.0.1:\d+: a blob was stored, read back and removed")
        found, _ = self.cli("doctor", "--data", self.data, "--json", code=1, AWS_SECRET_ACCESS_KEY="hidden-one")
        lake = next(check for check in json.loads(found)["checks"] if check["name"] == "lake")
        self.assertEqual(lake["verdict"], "bad")
        self.assertIn("SignatureDoesNotMatch", lake["found"])
        self.assertIn("AWS_SECRET_ACCESS_KEY", lake["advice"])
        self.assertNotIn("hidden", found)
        found, _ = self.cli("doctor", "--data", self.data, code=1,
                            ARCHAEOLOGIST_LAKE=self.s3.url.replace("the-bucket", "no-bucket"))
        self.assertIn("make the bucket, or name another", found)

    def test_another_lake_than_the_one_with_the_files_is_refused(self):
        self.upload_and_wait({"a.txt": b"of clay and reed\n"})
        _, said = self.cli("sources", "list", "--data", self.data, "--project", "p", code=1, ARCHAEOLOGIST_LAKE="")
        self.assertIn("lake copy", said)
        _, said = self.cli("sources", "list", "--data", self.data, "--project", "p", code=1,
                           ARCHAEOLOGIST_LAKE=self.s3.url.replace("/lake?", "/empty?"))
        self.assertIn("are not in lake s3://the-bucket/empty", said)
        self.cli("sources", "list", "--data", self.data, "--project", "p")

    def test_settings_are_checked_and_secrets_masked(self):
        def config_of(*arguments, **environment):
            return subprocess.run([HTTPD, "--check-config", "--data", self.data, *arguments], capture_output=True, check=False,
                                  env={**os.environ, **KEYS, **environment}, timeout=LIMIT_S)
        shown = config_of("--lake", self.s3.url)
        self.assertEqual(shown.returncode, 0, shown.stderr)
        self.assertNotIn(b"sEcReT", shown.stdout)
        self.assertNotIn(b"AKIDEXAMPLE", shown.stdout)
        for wrong in ("http://bucket", "s3://NO", "s3://key:hidden@bucket", "s3://bucket?stile=path"):
            refused = config_of("--lake", wrong)
            self.assertEqual(refused.returncode, 2, wrong)
            self.assertIn(b"lake", refused.stderr)
            self.assertNotIn(b"hidden", refused.stderr)
        self.assertEqual(config_of("--lake", self.s3.url, AWS_SECRET_ACCESS_KEY="").returncode, 2)

    def test_the_bucket_of_the_environment_is_the_daemons_lake(self):
        self.httpd.stop()
        self.httpd = self.start(HTTPD, environment={"ARCHAEOLOGIST_LAKE": "", "S3_BUCKET": BUCKET + "/other", "AWS_REGION": "eu-west-1",
                                                    "S3_ENDPOINT": f"http://127.0.0.1:{self.s3.port}"})
        self.upload_and_wait({"a.txt": b"of clay and reed\n"})
        self.assertTrue(any("/the-bucket/other/" in line for line in self.s3.requests()))
        self.assertEqual(self.blobs_here(), [])

    def test_a_lake_is_copied_from_a_folder_to_s3_and_used_there(self):
        self.httpd.stop()
        local = {"ARCHAEOLOGIST_LAKE": ""}
        self.httpd = self.start(HTTPD, environment=local)
        files = {f"file-{number}.txt": f"clay tablet number {number}\n".encode() * 20 for number in range(40)}
        self.upload_and_wait(files)
        self.httpd.stop()
        self.assertEqual(len(self.blobs_here()), 40)
        to = self.s3.url
        said, _ = self.cli("lake", "copy", "--from", self.data, "--to", to, "--json", "--samples", 10)
        report = json.loads(said)
        self.assertEqual((report["blobs"], report["copied"], report["counted"], report["read_back"]), (40, 40, 40, 10))
        said, _ = self.cli("lake", "copy", "--from", self.data, "--to", to)
        self.assertIn("40 blobs · 0 copied (0 B) · 40 there already · 40 counted · 40 read back", said)
        for blob in self.blobs_here():
            blob.unlink()
        self.httpd = self.start(HTTPD)
        for source in self.sources():
            got = self.httpd.request("GET", f"{self.at}/sources/{source['id']}/content")
            self.assertEqual(got.body, files[source["filename"]])
        self.assertEqual(self.ask("GET", f"{self.at}/search?q=tablet&mode=words&per_source=1&limit=1").json["results"][0]["project_id"],
                         self.project)

    def test_a_copy_says_what_is_wrong_with_its_places(self):
        _, said = self.cli("lake", "copy", "--from", self.root / "nothing", "--to", self.s3.url, code=2)
        self.assertIn("must be a data folder with a lake in it", said)
        self.assertFalse((self.root / "nothing").exists())
        self.cli("lake", "copy", "--from", self.s3.url, "--to", self.s3.url, code=2)
        _, said = self.cli("lake", "copy", "--from", self.s3.url, "--to", self.root / "new", code=1,
                           FROM_AWS_ACCESS_KEY_ID="OTHER", FROM_AWS_SECRET_ACCESS_KEY="hidden-two")
        self.assertIn("SignatureDoesNotMatch", said)
        self.assertNotIn("hidden", said)


if __name__ == "__main__":
    daemon.main()
