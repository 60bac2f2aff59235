"""A server of the API in memory, as far as the command line asks, for what the real one never does: it breaks off, sends
nonsense, forgets, is too busy. Its objects are those the library writes."""
import hashlib
import http.server
import json
import threading
import urllib.parse

API = "/api/v1"
NOW = "2026-11-24T10:00:00.000Z"


class FakeServer(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Handler)
        self.lock = threading.Lock()
        self.projects = []
        self.sources = {}
        self.jobs = {}
        self.requests = []    # (method, path with query, headers)
        self.connections = 0
        self.paused = False
        self.looks = {}       # how often a job was asked for
        self.looks_until_finished = 1
        self.faults = {}      # (method, beginning of the path) -> function(handler), or a list of them, used up one by one
        self.thread = threading.Thread(target=self.serve_forever, args=(0.02,), daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server_address[1]}"

    def stop(self):
        self.shutdown()
        self.server_close()
        self.thread.join()

    def asked(self, method, path):
        return [entry for entry in self.requests if entry[0] == method and entry[1].startswith(API + path)]

    def add_job(self, source_id, status="queued", **members):
        job = {"id": f"01890000-0000-7000-8000-{len(self.jobs) + 1:012}", "job_type": "file_processing", "status": status,
               "priority": "normal", "project_id": 1, "user_id": 1, "source_id": source_id, "investigation_id": None,
               "parent_id": None, "retry_of": None, "job_data": {}, "result_data": None, "error_message": None,
               "created_at": NOW, "queued_at": NOW, "started_at": None, "completed_at": None, "scheduled_at": None,
               "timeout_seconds": 3600, "duration_seconds": None, "progress_current": 0, "progress_total": 0,
               "progress_message": None, "progress_percentage": 0, "is_finished": False, "worker_id": None,
               "retry_count": 0, "max_retries": 3, "epoch": 0} | members
        self.jobs[job["id"]] = job
        return job

    def put_file(self, name, content, priority):
        known = self.sources.get(name)
        digest = hashlib.sha256(content).hexdigest()
        if known and known["content_hash"] == digest:
            return known, None
        source = {"id": known["id"] if known else len(self.sources) + 1, "project_id": 1, "filename": name,
                  "original_filename": name, "version": known["version"] + 1 if known else 1, "content_hash": digest,
                  "file_size": len(content), "file_type": "", "content_type": "", "language": "", "charset": "",
                  "replaced_bytes": 0, "uploaded_by": 1, "created_at": NOW, "updated_at": NOW, "metadata": {},
                  "status": "pending", "reason": "", "chunks": 0, "active_version": None, "active_generation": None}
        job = self.add_job(source["id"], priority=priority, job_data={"filename": name})
        source["job_id"] = job["id"]
        self.sources[name] = source
        return source, job

    def look_at(self, job):
        self.looks[job["id"]] = self.looks.get(job["id"], 0) + 1
        if not self.paused and not job["is_finished"] and self.looks[job["id"]] >= self.looks_until_finished:
            name = job["job_data"].get("filename", "")
            ends = "failed" if "broken" in name else "completed"
            chunks = 0 if "empty" in name else 2
            job |= {"status": ends, "is_finished": True, "completed_at": NOW, "result_data": {"chunks": chunks}}
            for source in self.sources.values():
                if source["job_id"] == job["id"]:
                    source["status"] = "searchable"
        return job

    def stats(self):
        return {"queued": 0, "scheduled": 0, "running": 0, "completed": len(self.jobs), "failed": 0, "cancelled": 0,
                "pending": 0, "total": 0, "by_priority": {"low": 0, "normal": 0, "high": 0, "urgent": 0},
                "oldest_queued_seconds": 0.5, "workers": 1, "paused": self.paused}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        self.server.connections += 1

    def log_message(self, *_):
        pass

    def reply(self, status, value=None, content_type="application/json"):
        body = b"" if value is None else value if isinstance(value, bytes) else json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def problem(self, status, code, detail):
        self.reply(status, {"title": code, "status": status, "detail": detail, "code": code}, "application/problem+json")

    def break_off(self):
        self.close_connection = True

    def read_body(self):
        return self.rfile.read(int(self.headers.get("Content-Length", 0)))

    def fault(self):
        for (method, path), faults in list(self.server.faults.items()):
            if method == self.command and self.path.startswith(path):
                if callable(faults):
                    return faults
                if faults:
                    return faults.pop(0)
        return None

    def handle_one(self):
        content = self.read_body()
        with self.server.lock:
            self.server.requests.append((self.command, self.path, dict(self.headers)))
            fault = self.fault()
            if fault:
                fault(self)
                return
            path, _, query = self.path.partition("?")
            self.answer(path.removeprefix(API).strip("/").split("/"), dict(urllib.parse.parse_qsl(query)), content)

    def source(self, source_id):
        return next((source for source in self.server.sources.values() if str(source["id"]) == source_id), None)

    def change_source(self, method, rest, source, content):
        if (method, rest) == ("GET", []):
            self.reply(200, source)
        elif (method, rest) == ("DELETE", []):
            del self.server.sources[source["filename"]]
            self.reply(204)
        else:
            job = self.server.add_job(source["id"], priority=json.loads(content)["priority"])
            self.reply(202, {"source": source, "job": job})

    do_GET = do_PUT = do_POST = do_DELETE = handle_one  # noqa: N815

    def answer(self, parts, query, content):
        match self.command, *parts:
            case "GET", "projects":
                self.reply(200, self.server.projects)
            case "GET", "projects", "1" if self.server.projects:
                self.reply(200, self.server.projects[0])
            case "POST", "projects":
                wanted = json.loads(content)
                project = {"id": len(self.server.projects) + 1, "name": wanted["name"],
                           "description": wanted.get("description", ""), "created_at": NOW, "sources": 0}
                self.server.projects.append(project)
                self.reply(201, project)
            case "PUT", "projects", _, "files", *name:
                source, job = self.server.put_file(urllib.parse.unquote("/".join(name)), content, query["priority"])
                self.reply(202, {"success": True, "message": "stored", "sources": [source], "jobs": [job] if job else [],
                                 "total_files": 1, "processed_files": 1, "skipped_files": 0 if job else 1})
            case "DELETE", "projects", project_id:
                self.server.projects = [project for project in self.server.projects if str(project["id"]) != project_id]
                self.reply(204)
            case method, "projects", "1", "sources", source_id, *rest if self.source(source_id):
                self.change_source(method, rest, self.source(source_id), content)
            case "GET", "jobs", "queue", "stats":
                self.reply(200, self.server.stats())
            case "POST", "jobs", "queue", ("pause" | "resume") as action:
                self.server.paused = action == "pause"
                self.reply(200, self.server.stats())
            case "GET", "jobs":
                fitting = [job for job in self.server.jobs.values() if query.get("status") in (None, job["status"])]
                self.reply(200, {"jobs": fitting, "total": len(fitting), "page": 1, "per_page": 1000, "has_more": False})
            case "GET", "jobs", job_id if job_id in self.server.jobs:
                self.reply(200, self.server.look_at(self.server.jobs[job_id]))
            case _:
                self.problem(404, "not_found", f"{self.path} does not exist")
