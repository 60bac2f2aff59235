"""Every endpoint: what it answers when all is well, at the edges of pages, and to wrong values. Each reply is held against the
live /openapi.json."""
import time
import uuid

from daemon import Case, eventually, main

NOBODY = "01a20a76-7d79-7000-8000-42a7246b443d"


class Endpoints(Case):
    def test_projects_are_made_listed_changed_and_deleted(self):
        made = self.ask("POST", "/api/v1/projects", {"name": "q", "description": "d"}, expect=201).json
        self.assertEqual([project["name"] for project in self.ask("GET", "/api/v1/projects").json], ["p", "q"])
        at = f"/api/v1/projects/{made['id']}"
        self.assertEqual(self.ask("GET", at).json["description"], "d")
        self.assertEqual(self.ask("PUT", at, {"name": "r"}).json["name"], "r")
        self.refuse(409, "PUT", at, {"name": "p"}, code="already_exists")
        self.refuse(409, "POST", "/api/v1/projects", {"name": "p"}, code="already_exists")
        self.refuse(422, "POST", "/api/v1/projects", {"nam": "x"})
        self.refuse(422, "POST", "/api/v1/projects", {"name": 7})
        self.refuse(422, "POST", "/api/v1/projects", {"name": "line\nbreak"})
        self.ask("DELETE", at, expect=204)
        for method, body in (("GET", None), ("PUT", {"name": "s"}), ("DELETE", None)):
            self.refuse(404, method, at, body, code="not_found")
        self.refuse(422, "GET", "/api/v1/projects/zero")

    def test_an_upload_returns_with_jobs_that_end_searchable(self):
        reply = self.upload({"a.txt": b"the zebra crossed\n", "d/b.md": b"# Zebra\n\nstripes\n"}, priority="high",
                            metadata='{"from":"test"}', timeout_seconds=60, max_retries=1).json
        self.assertEqual((reply["success"], reply["total_files"], reply["processed_files"], reply["skipped_files"]), (True, 2, 2, 0))
        self.assertEqual([job["priority"] for job in reply["jobs"]], ["high", "high"])
        self.assertEqual(reply["sources"][0]["metadata"], {"from": "test"})
        for job in reply["jobs"]:
            self.assertEqual(self.finished(job["id"])["status"], "completed")
        again = self.upload({"a.txt": b"the zebra crossed\n"}, metadata="plain words").json
        self.assertEqual((again["processed_files"], again["skipped_files"], again["jobs"]), (0, 1, []))
        forced = self.upload({"a.txt": b"the zebra crossed\n"}, force="true", metadata="plain words").json
        self.assertEqual(forced["sources"][0]["metadata"], {"comment": "plain words"})
        self.finished(forced["jobs"][0]["id"])
        found = self.ask("GET", f"{self.at}/search?q=zebra").json
        self.assertEqual({hit["source_name"] for hit in found["results"]}, {"a.txt", "d/b.md"})
        self.assertEqual(found["coverage"]["searchable"], 2)
        everywhere = self.ask("GET", f"/api/v1/search?q=Zebra&mode=literal&project_id={self.project}&path=*.md").json
        self.assertEqual((everywhere["total_found"], everywhere["results"][0]["highlights"][0]), (1, [2, 7]))
        pattern = self.ask("GET", f"{self.at}/search?q=[zZ]e.ra&regex=true").json
        self.assertEqual((pattern["mode"], pattern["total_found"]), ("literal", 2))

    def test_search_refuses_what_it_cannot_do(self):
        for query in ("", "?q=", "?q=x&mode=best", "?q=x&limit=0", "?q=x&limit=1001", "?q=x&offset=-1", "?q=x&word=maybe",
                      "?q=x&regex=true&mode=words", "?q=(x&regex=true", "?q=x*&regex=true", "?q=x&unknown=1", "?q=x&q=y"):
            self.refuse(422, "GET", f"{self.at}/search{query}")
        self.refuse(404, "GET", "/api/v1/search?q=x&project_id=999")

    def test_sources_are_read_described_processed_again_and_deleted(self):
        text = "first line\nsecond — line\n".encode()
        self.upload_and_wait({"d/a b.txt": text})
        source = self.sources()[0]
        at = f"{self.at}/sources/{source['id']}"
        self.assertEqual(self.ask("GET", at).json["status"], "searchable")
        whole = self.ask("GET", f"{at}/content")
        self.assertEqual((whole.body, whole.headers["Content-Disposition"]), (text, "attachment; filename*=UTF-8''a%20b.txt"))
        part = self.ask("GET", f"{at}/content", headers={"Range": "bytes=6-9"}, expect=206)
        self.assertEqual((part.body, part.headers["Content-Range"]), (b"line", f"bytes 6-9/{len(text)}"))
        self.assertEqual(self.ask("GET", f"{at}/content", headers={"Range": "bytes=-5"}, expect=206).body, text[-5:])
        behind = {"Range": f"bytes={len(text)}-"}
        self.refuse(416, "GET", f"{at}/content", headers=behind)
        self.assertEqual(self.ask("GET", f"{at}/content", headers=behind, expect=416).headers["Content-Range"], f"bytes */{len(text)}")
        self.assertEqual(self.httpd.request("GET", f"{at}/content?form=text").body, text)
        chunks = self.ask("GET", f"{at}/chunks").json
        self.assertEqual((chunks["total"], "".join(chunk["content"] for chunk in chunks["chunks"])), (1, text.decode()))
        self.assertEqual(self.ask("PUT", f"{at}/metadata", {"metadata": {"k": [1]}}).json["metadata"], {"k": [1]})
        self.refuse(422, "PUT", f"{at}/metadata", {"metadata": "text"})
        again = self.ask("POST", f"{at}/reprocess", {"priority": "urgent"}, expect=202).json
        self.assertEqual((again["source"]["version"], self.finished(again["job"]["id"])["status"]), (2, "completed"))
        other = self.ask("POST", "/api/v1/projects", {"name": "other"}, expect=201).json["id"]
        self.refuse(404, "GET", f"/api/v1/projects/{other}/sources/{source['id']}")
        self.ask("DELETE", at, expect=204)
        self.assertEqual(self.sources(), [])
        self.assertEqual(self.ask("GET", f"{self.at}/search?q=second&mode=literal").json["total_found"], 0)
        for path in ("", "/content", "/chunks"):
            self.refuse(404, "GET", at + path)

    def test_pages_meet_at_their_edges(self):
        self.upload_and_wait({f"{number}.txt": f"file {number}".encode() for number in range(5)})
        for path, items in ((f"{self.at}/sources", "sources"), ("/api/v1/jobs", "jobs"), (f"/api/v1/jobs/project/{self.project}", "jobs")):
            seen = []
            for page, more in ((1, True), (2, True), (3, False), (4, False)):
                reply = self.ask("GET", f"{path}?page={page}&per_page=2").json
                self.assertEqual((reply["total"], reply["page"], reply["has_more"]), (5, page, more))
                seen += [item["id"] for item in reply[items]]
            self.assertEqual(len(set(seen)), 5)
            for query in ("page=0", "page=-1", "page=x", "per_page=0", "per_page=1001", "page=99999999999999999999", "status=lost"):
                self.refuse(422, "GET", f"{path}?{query}")
        self.refuse(404, "GET", "/api/v1/projects/999/sources")
        self.refuse(404, "GET", "/api/v1/jobs?project_id=999")

    def test_system_endpoints_answer(self):
        self.assertEqual(self.ask("GET", "/readyz").json["status"], "ready")
        reply = self.ask("GET", "/metrics")
        self.assertEqual(reply.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        self.assertEqual(reply.headers["Keep-Alive"].split(",")[0], "timeout=75")
        metrics = reply.body.decode()
        self.assertIn('archaeologist_http_requests_total{route="isReady",status="200"} 1', metrics)
        page = self.ask("GET", "/")
        self.assertEqual(page.headers["Content-Type"], "text/html; charset=utf-8")
        self.assertIn("<title>", page.body.decode())
        head = self.httpd.request("HEAD", "/healthz")
        self.assertEqual((head.status, head.body, head.headers["Content-Length"]), (200, b"", "15"))
        self.assertIn("GET", self.httpd.request("OPTIONS", "/healthz").headers["Allow"])
        self.assertEqual(self.httpd.request("GET", "/nowhere").status, 404)
        self.assertEqual(self.httpd.request("DELETE", "/healthz").status, 405)
        self.assertEqual(self.httpd.request("GET", "/healthz", headers={"X-Request-Id": "abc-1"}).headers["X-Request-Id"], "abc-1")
        self.assertEqual(len(self.ask("GET", "/api/v1/workers").json["workers"]), 1)


class Jobs(Case):
    def setUp(self):
        super().setUp()
        # A job that waits for a file to appear: {"until": PATH}.
        script = self.root / "until"
        script.write_text('#!/bin/sh\nread data\nfile=${data#*:\\"}\nwhile [ ! -e "${file%\\"*}" ] && [ -e "$0" ]; do sleep 0.02; done\necho \'{"done":true}\'\n')
        script.chmod(0o755)
        self.httpd.stop()
        self.httpd = self.start(self.httpd.popen.args[0], "--handler", f"until={script}")

    def waiting_job(self, name="go", **more):
        return self.ask("POST", "/api/v1/jobs", {"job_type": "until", "job_data": {"until": str(self.root / name)}, **more}, expect=202).json

    def running(self, job_id):
        return eventually(lambda: self.ask("GET", f"/api/v1/jobs/{job_id}").json["status"] == "running", "it runs")

    def test_a_job_of_an_own_type_runs_and_its_history_tells(self):
        job = self.waiting_job(project_id=self.project, priority="urgent")
        self.running(job["id"])
        self.refuse(409, "DELETE", f"/api/v1/jobs/{job['id']}", code="conflict")
        self.refuse(409, "PUT", f"/api/v1/jobs/{job['id']}", {"priority": "low"}, code="conflict")
        self.refuse(409, "POST", f"/api/v1/jobs/{job['id']}/retry", code="conflict")
        (self.root / "go").touch()
        ended = self.finished(job["id"])
        self.assertEqual((ended["status"], ended["result_data"]), ("completed", {"done": True}))
        history = self.ask("GET", f"/api/v1/jobs/{job['id']}/history").json
        self.assertEqual([event["kind"] for event in history["events"] if event["kind"] != "job.progress"],
                         ["job.queued", "job.running", "job.completed"])
        self.refuse(409, "PUT", f"/api/v1/jobs/{job['id']}", {"status": "cancelled"}, code="conflict")
        again = self.ask("POST", f"/api/v1/jobs/{job['id']}/retry", expect=202).json
        self.assertEqual(again["retry_of"], job["id"])
        self.finished(again["id"])
        self.ask("DELETE", f"/api/v1/jobs/{job['id']}", expect=204)
        self.refuse(404, "GET", f"/api/v1/jobs/{job['id']}")

    def test_a_running_job_is_cancelled(self):
        job = self.waiting_job("never")
        self.running(job["id"])
        self.assertEqual(self.ask("PUT", f"/api/v1/jobs/{job['id']}", {"status": "cancelled"}).json["status"], "cancelled")
        self.assertEqual(self.finished(job["id"])["status"], "cancelled")

    def test_a_paused_queue_keeps_jobs_which_can_be_changed_meanwhile(self):
        self.assertTrue(self.ask("POST", "/api/v1/jobs/queue/pause").json["paused"])
        jobs = [self.waiting_job()["id"] for _ in range(3)]
        self.assertEqual(self.ask("PUT", f"/api/v1/jobs/{jobs[0]}", {"priority": "low"}).json["priority"], "low")
        stats = self.ask("GET", "/api/v1/jobs/queue/stats").json
        self.assertEqual((stats["queued"], stats["by_priority"]["low"], stats["degraded"], stats["outbox_depth"]), (3, 1, False, 0))
        bulk = {"filter": {"ids": jobs[:2]}, "action": "cancel"}
        self.assertEqual(self.ask("POST", "/api/v1/jobs/bulk", bulk).json, {"changed": 2, "refused": 0})
        for body in ({"filter": {}, "action": "cancel"}, {"filter": {"job_type": "until"}, "action": "fly"}, {"action": "cancel"},
                     {"filter": {"job_type": "until"}, "action": "cancel", "priority": "low"}):
            self.refuse(422, "POST", "/api/v1/jobs/bulk", body)
        (self.root / "go").touch()
        self.assertFalse(self.ask("POST", "/api/v1/jobs/queue/resume").json["paused"])
        self.assertEqual(self.finished(jobs[2])["status"], "completed")
        user = self.ask("GET", "/api/v1/jobs/stats/user").json
        self.assertEqual(user, self.ask("GET", "/api/v1/jobs/stats/global").json)
        self.assertEqual((user["total_jobs"], user["cancelled_jobs"], user["success_rate"]), (3, 2, 1))
        minutes = self.ask("GET", "/api/v1/jobs/queue/history?window=5").json["minutes"]
        self.assertEqual(sum(minute["cancelled"] for minute in minutes), 2)
        self.refuse(422, "GET", "/api/v1/jobs/queue/history?window=0")

    def test_a_job_for_later_waits(self):
        job = self.waiting_job(scheduled_at=time.strftime("%Y-%m-%dT%H:%M:%S+00:00", time.gmtime(time.time() + 3600)))
        self.assertIsNotNone(job["scheduled_at"])
        self.assertEqual(self.ask("GET", "/api/v1/jobs/queue/stats").json["scheduled"], 1)

    def test_wrong_jobs_are_refused(self):
        for body in ({}, {"job_type": ""}, {"job_type": "file_processing"}, {"job_type": "until", "priority": "asap"},
                     {"job_type": "until", "timeout_seconds": -1}, {"job_type": "until", "max_retries": 101},
                     {"job_type": "until", "job_data": []}, {"job_type": "until", "scheduled_at": "tomorrow"},
                     {"job_type": "until", "prio": "low"}, {"job_type": 1}):
            self.refuse(422, "POST", "/api/v1/jobs", body)
        self.refuse(404, "POST", "/api/v1/jobs", {"job_type": "until", "project_id": 999})
        for path in (NOBODY, NOBODY + "/history", NOBODY + "/events"):
            self.refuse(404, "GET", "/api/v1/jobs/" + path)
        self.refuse(422, "GET", "/api/v1/jobs/no-uuid", code="invalid_argument")
        self.refuse(422, "PUT", f"/api/v1/jobs/{NOBODY}", {})
        self.refuse(404, "PUT", f"/api/v1/jobs/{NOBODY}", {"status": "cancelled"})

    def test_the_same_key_makes_the_same_job(self):
        key = {"Idempotency-Key": str(uuid.uuid4())}
        body = {"job_type": "until", "job_data": {"until": str(self.root / "go")}}
        first = self.ask("POST", "/api/v1/jobs", body, key, expect=202).json
        self.assertEqual(self.ask("POST", "/api/v1/jobs", body, key, expect=202).json["id"], first["id"])
        self.refuse(422, "POST", "/api/v1/jobs", {"job_type": "other"}, key)
        one = self.upload({"k.txt": b"same"}, headers=key).json
        self.assertEqual(self.upload({"k.txt": b"same"}, headers=key).json["jobs"][0]["id"], one["jobs"][0]["id"])
        self.upload({"k.txt": b"other"}, headers=key, expect=422)


if __name__ == "__main__":
    main()
