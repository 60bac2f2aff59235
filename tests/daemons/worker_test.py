"""archaeologist-worker beside a front-end that runs nothing itself."""
import socket

from daemon import Case, main, marked

STATUS = {"worker_id": str, "state": str, "since": str, "running": list, "processed": int, "failed": int}


class Beside(Case):
    def setUp(self):
        super().setUp()
        self.httpd = self.start("httpd", "--workers", 0)

    def worker(self, *arguments, **environment):
        return self.start("worker", "--handler", "nap=sleep 600", "--handler", "quick=true", *arguments, **environment)

    def status(self, worker, method="GET", path="status"):
        reply = worker.ask(method, f"/jobs/worker/{path}")
        self.assertEqual(reply.status, 200, reply.body)
        status = reply.json()
        for name, kind in STATUS.items():
            self.assertIsInstance(status[name], kind, name)
        self.assertEqual(set(status), set(STATUS) | {"last_claim_at"})
        return status

    def test_jobs_run_there_and_what_was_uploaded_is_found(self):
        project = self.make_project(self.httpd)
        client = self.httpd.client()
        self.addCleanup(client.close)
        reply = client.upload(project, {f"{number}.txt": marked(number) for number in range(20)})
        self.assertEqual(reply.status, 202)
        jobs = [job["id"] for job in reply.json()["jobs"]]
        self.assertEqual(self.httpd.get("/api/v1/jobs/queue/stats")["queued"], 20)
        worker = self.worker("--worker-id", "beside")
        for job in jobs:
            self.assertEqual(self.finished(self.httpd, job)["status"], "completed")
        shown = worker.get(f"/jobs/status/{jobs[0]}")
        self.assertEqual((shown["id"], shown["status"]), (jobs[0], "completed"))
        found = self.httpd.get(f"/api/v1/projects/{project}/search?mode=literal&q=zqmark00013end")
        self.assertEqual(found["total_found"], 1)
        status = self.until(lambda: self.status(worker)["processed"] >= 20 and self.status(worker), "20 are counted")
        self.assertEqual((status["worker_id"], status["state"], status["running"]), ("beside", "running", []))
        self.assertEqual(worker.get("/jobs/queue/stats"), self.httpd.get("/api/v1/jobs/queue/stats"))
        self.assertEqual(worker.stop(), 0)

    def test_what_it_runs_is_in_its_status(self):
        worker = self.worker("--grace", 0)
        job = self.new_job(self.httpd, "nap")
        self.running(self.httpd, job)
        running = self.status(worker)["running"]
        self.assertEqual([(one["job_id"], one["job_type"]) for one in running], [(job, "nap")])
        self.assertEqual(worker.stop(), 0)

    def test_unknown_and_malformed_jobs_are_told_apart(self):
        worker = self.worker()
        missing = worker.ask("GET", "/jobs/status/00000000-0000-4000-8000-000000000000")
        self.assertEqual((missing.status, missing.json()["code"]), (404, "not_found"))
        self.assertIn(worker.ask("GET", "/jobs/status/seven").status, (400, 422))
        self.assertEqual(worker.ask("POST", "/jobs/worker/status").status, 405)

    def test_stop_takes_no_more_and_start_goes_on_and_both_may_be_said_twice(self):
        worker = self.worker()
        for _ in range(2):
            self.assertEqual(self.status(worker, "POST", "stop")["state"], "stopped")
            self.assertEqual(self.status(worker)["state"], "stopped")
        self.assertEqual(worker.ask("GET", "/readyz").status, 503)
        self.assertEqual(worker.ask("GET", "/healthz").status, 200)
        job = self.new_job(self.httpd, "quick")
        self.assertEqual(self.httpd.get(f"/api/v1/jobs/{job}")["status"], "queued")
        for _ in range(2):
            self.assertEqual(self.status(worker, "POST", "start")["state"], "running")
        self.assertEqual(self.finished(self.httpd, job)["status"], "completed")
        self.assertEqual(worker.ask("GET", "/readyz").status, 200)
        self.assertEqual(worker.stop(), 0)

    def test_stop_waits_for_its_jobs(self):
        worker = self.worker("--handler", "short=sleep 1")
        job = self.new_job(self.httpd, "short")
        self.running(self.httpd, job)
        self.status(worker, "POST", "stop")
        self.assertEqual(self.httpd.get(f"/api/v1/jobs/{job}")["status"], "completed")

    def test_another_finishes_what_a_killed_one_began(self):
        flag = self.root / "second"
        script = self.root / "once.sh"
        script.write_text(f'#!/bin/sh\nif [ -e {flag} ]; then exit 0; fi\ntouch {flag}\nexec sleep 600\n')
        script.chmod(0o755)
        first = self.worker("--handler", f"once={script}")
        job = self.new_job(self.httpd, "once")
        self.running(self.httpd, job)
        self.until(flag.exists, "the program began")
        first.kill()
        self.worker("--handler", f"once={script}")
        self.assertEqual(self.finished(self.httpd, job)["status"], "completed")

    def test_a_second_one_of_a_name_does_nothing_until_the_first_is_gone(self):
        first = self.worker("--worker-id", "twin", "--grace", 0)
        self.until(lambda: self.status(first)["state"] == "running", "the first runs")
        second = self.worker("--worker-id", "twin")
        self.until(lambda: self.status(second)["state"] == "refused", "the second is refused")
        self.assertEqual(second.ask("GET", "/readyz").status, 503)
        self.assertEqual(first.stop(), 0)
        self.until(lambda: self.status(second)["state"] == "running", "the second takes its place")


class Notify(Case):
    def test_the_service_manager_is_told_of_readiness_and_of_the_stop(self):
        for kind in ("httpd", "worker"):
            with self.subTest(kind):
                path = self.root / f"{kind}.socket"
                with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as manager:
                    manager.bind(str(path))
                    manager.settimeout(30)
                    daemon = self.start(kind, NOTIFY_SOCKET=str(path))
                    self.assertEqual(manager.recv(4096).decode().split("\n"),
                                     ["READY=1", f"STATUS=listens on {daemon.url}"])
                    self.assertEqual(daemon.stop(), 0)
                    self.assertEqual(manager.recv(4096), b"STOPPING=1")


if __name__ == "__main__":
    main()
