"""A type's program does the same in every host, and so does the processing of files."""
import subprocess

from daemon import PROGRAMS, Case, main

HOSTS = ("httpd", "worker")

# What the programs do, by type. The library's own tests (unit/worker/command) hold the in-process handler to the same.
SCRIPTS = {
    "echo": 'data=$(cat); printf \'{"got":%s,"type":"%s","attempt":"%s"}\' "$data" "$ARCHAEOLOGIST_JOB_TYPE" '
            '"$ARCHAEOLOGIST_ATTEMPT"',
    "silent": "cat >/dev/null",
    "bad": "echo 'first line' >&2; echo 'the ledger does not balance' >&2; exit 3",
    "mute": "exit 4",
    "busy": "echo 'come again' >&2; exit 75",
    "nonsense": "echo 'no JSON'",
    "killed": "kill -9 $$",
    "progress": "echo 'progress 3 7 nearly there' >&2; echo '{}'",
    "slow": "exec sleep 600",
}
SHOWN = ("status", "result_data", "error_message", "error_code", "retry_count", "progress", "progress_percent")


class Handlers(Case):
    def setUp(self):
        super().setUp()
        self.hosts = {}
        self.arguments = []
        for name, text in SCRIPTS.items():
            script = self.root / f"{name}.sh"
            script.write_text(f"#!/bin/sh\n{text}\n")
            script.chmod(0o755)
            self.arguments += ["--handler", f"{name}={script}"]

    def host(self, kind):
        """A front-end on a fresh folder whose jobs are done by the given kind of host."""
        data = self.root / kind
        if kind == "httpd":
            return self.start("httpd", *self.arguments, "--grace", 0, data=data)
        front = self.start("httpd", "--workers", 0, data=data)
        self.start("worker", *self.arguments, "--grace", 0, data=data)
        return front

    def same(self, job_type, expected, data=None, **more):
        """Runs a job in every host, and compares what became of it with each other and with what is expected."""
        outcomes = {}
        for kind in HOSTS:
            if kind not in self.hosts:
                self.hosts[kind] = self.host(kind)
            daemon = self.hosts[kind]
            job = self.finished(daemon, self.new_job(daemon, job_type, data, **more))
            outcomes[kind] = {name: job[name] for name in SHOWN if name in job}
        self.assertEqual(outcomes["httpd"], outcomes["worker"], job_type)
        for name, value in expected.items():
            self.assertEqual(outcomes["httpd"][name], value, (job_type, name))
        return outcomes["httpd"]

    def test_results_and_failures_are_the_same_in_every_host(self):
        data = {"text": "ü \"quoted\"", "list": [1, 2, {"deep": None}]}
        self.same("echo", {"status": "completed", "result_data": {"got": data, "type": "echo", "attempt": "1"}}, data)
        self.same("silent", {"status": "completed", "result_data": {}})
        self.same("progress", {"status": "completed"})
        self.assertIn("the ledger does not balance",
                      self.same("bad", {"status": "failed", "retry_count": 0})["error_message"])
        self.assertIn("4", self.same("mute", {"status": "failed"})["error_message"])
        self.assertIn("JSON", self.same("nonsense", {"status": "failed"})["error_message"])
        self.assertIn("come again", self.same("busy", {"status": "failed"}, max_retries=0)["error_message"])
        self.assertIn("signal", self.same("killed", {"status": "failed"}, max_retries=0)["error_message"])

    def test_a_time_limit_ends_the_program_in_every_host(self):
        outcome = self.same("slow", {"status": "failed"}, timeout_seconds=1, max_retries=0)
        self.assertIn("1 s", outcome["error_message"])

    def test_a_cancelled_job_s_program_is_killed_in_every_host(self):
        for kind in HOSTS:
            with self.subTest(kind):
                mark = self.root / f"{kind}.pid"
                script = self.root / "slow.sh"
                script.write_text(f"#!/bin/sh\necho $$ >{mark}.new\nmv {mark}.new {mark}\nexec sleep 600\n")
                daemon = self.host(kind)
                job = self.new_job(daemon, "slow")
                self.until(mark.exists, "the program runs")
                process = mark.read_text().strip()
                reply = daemon.ask("PUT", f"/api/v1/jobs/{job}", {"status": "cancelled"})
                self.assertEqual(reply.status, 200, reply.body)
                self.assertEqual(self.finished(daemon, job)["status"], "cancelled")
                self.until(lambda: not self.lives(process), "the program is gone", 15)

    @staticmethod
    def lives(process):
        try:
            with open(f"/proc/{process}/stat", encoding="ascii") as stat:
                return stat.read().rsplit(")", 1)[1].split()[0] != "Z"
        except FileNotFoundError:
            return False

    FILES = {"a.txt": b"the walrus\n", "empty.txt": b"", "b.bin": bytes(range(256)) * 40,
             "code.py": b"def carpenter():\n    return 1\n", "latin.txt": "gr\u00fcn\n".encode("latin-1")}

    def processed(self, daemon, project):
        """What became of every file, by its name."""
        jobs = {job["source_id"]: job for job in daemon.get("/api/v1/jobs?per_page=100")["jobs"]}
        outcomes = {}
        for name, source in self.sources(daemon, project).items():
            job = jobs[source["id"]]
            outcomes[name] = (job["status"], job["error_message"], job["retry_count"], source["status"], source["chunks"],
                              source["charset"], source["file_type"])
        return outcomes

    def test_files_are_processed_alike_in_every_host_and_in_process(self):
        outcomes = {}
        for kind in HOSTS:
            daemon = self.host(kind)
            project = self.make_project(daemon)
            client = daemon.client()
            self.addCleanup(client.close)
            reply = client.upload(project, {f"tree/{name}": content for name, content in self.FILES.items()})
            self.assertEqual(reply.status, 202, reply.body)
            self.until_all_done(daemon)
            outcomes[kind] = self.processed(daemon, project)
        tree = self.root / "tree"
        tree.mkdir()
        for name, content in self.FILES.items():
            (tree / name).write_bytes(content)
        local = self.root / "local"
        subprocess.run([PROGRAMS["cli"], "--data", local, "ingest", tree, "--project", "p"], check=True,
                       capture_output=True, env=self.environment(), timeout=60)
        daemon = self.start("httpd", "--workers", 0, data=local)
        outcomes["in-process"] = self.processed(daemon, daemon.get("/api/v1/projects")[0]["id"])
        self.assertEqual(outcomes["httpd"], outcomes["worker"])
        self.assertEqual(outcomes["httpd"], outcomes["in-process"])
        self.assertEqual(outcomes["httpd"]["tree/a.txt"][:4], ("completed", None, 0, "searchable"))
        self.assertEqual(outcomes["httpd"]["tree/b.bin"][4], 0)


if __name__ == "__main__":
    main()
