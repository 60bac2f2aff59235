"""Server-Sent Events: in order, without a hole for who comes back, and with an end where the job has one."""
import json
import threading

from daemon import Case, LIMIT_S, eventually, main


class Stream:
    """A client of an event stream; reads on a thread of its own."""

    def __init__(self, daemon, path, last_id=None):
        self.socket = daemon.socket()
        head = f"GET {path} HTTP/1.1\r\nHost: localhost\r\n" + (f"Last-Event-ID: {last_id}\r\n" if last_id is not None else "")
        self.socket.sendall((head + "\r\n").encode())
        self.file = self.socket.makefile("rb")
        self.status = int(self.file.readline().split()[1])
        self.events = []
        self.last_id = last_id
        self.ended = threading.Event()
        self.opened = threading.Event()
        while self.file.readline().strip():
            pass
        self.thread = threading.Thread(target=self.read, daemon=True)
        self.thread.start()

    def chunks(self):
        while True:
            size = self.file.readline().strip()
            if not size or int(size, 16) == 0:
                return
            yield self.file.read(int(size, 16))
            self.file.readline()

    def read(self):
        text = b""
        try:
            for chunk in self.chunks():
                text += chunk
                while b"\n\n" in text:
                    block, text = text.split(b"\n\n", 1)
                    self.take(block.decode())
        except (OSError, ValueError):
            pass
        self.ended.set()

    def take(self, block):
        fields = dict(line.split(": ", 1) for line in block.splitlines() if ": " in line and not line.startswith(":"))
        if "id" in fields:
            self.last_id = int(fields["id"])
        if "data" in fields:
            self.events.append((self.last_id, fields["event"], json.loads(fields["data"])))
        self.opened.set()

    def close(self):
        try:
            self.socket.shutdown(2)
        except OSError:
            pass
        self.thread.join(LIMIT_S)
        self.file.close()
        self.socket.close()


def turns(stream):
    """Without progress, which a busy machine gives the shortest job time to tell of."""
    return [kind for _, kind, _ in stream.events if kind != "job.progress"]


class Events(Case):
    arguments = ("--streams-max", "4")

    def follow(self, path="/api/v1/events", last_id=None):
        stream = Stream(self.httpd, path, last_id)
        self.addCleanup(stream.close)
        return stream

    def test_events_come_in_order_as_they_happen(self):
        stream = self.follow()
        self.assertTrue(stream.opened.wait(LIMIT_S))
        job = self.upload({"a.txt": b"hello"}).json["jobs"][0]["id"]
        eventually(lambda: len(turns(stream)) >= 3, "three turns")
        self.assertEqual(turns(stream), ["job.queued", "job.running", "job.completed"])
        self.assertEqual({data["job_id"] for _, _, data in stream.events}, {job})
        ids = [event_id for event_id, _, _ in stream.events]
        self.assertEqual(ids, sorted(ids))

    def test_who_comes_back_misses_nothing(self):
        first = self.follow()
        self.assertTrue(first.opened.wait(LIMIT_S))
        jobs, seen, last_id = [], [], None
        stream = first
        for turn in range(12):
            jobs += [job["id"] for job in self.upload({f"{turn}-{n}.txt": f"{turn} {n}".encode() for n in range(5)}).json["jobs"]]
            if turn % 3 == 2:  # hangs up in the middle, and comes back with what it saw last
                stream.close()
                seen, last_id = seen + stream.events, stream.last_id
                stream = self.follow(last_id=last_id)
        for job in jobs:
            self.finished(job)
        eventually(lambda: sum(kind == "job.completed" for _, kind, _ in seen + stream.events) >= len(jobs), "all jobs end in the stream")
        everything = seen + stream.events
        ids = [event_id for event_id, _, _ in everything]
        self.assertEqual(ids, sorted(set(ids)), "once each, in order")
        for kind in ("job.queued", "job.completed"):
            self.assertEqual(sorted(data["job_id"] for _, what, data in everything if what == kind), sorted(jobs))

    def test_a_jobs_stream_tells_its_whole_life_and_ends_with_it(self):
        job = self.upload_and_wait({"a.txt": b"hello"})[0]["id"]
        stream = self.follow(f"/api/v1/jobs/{job}/events")
        self.assertTrue(stream.ended.wait(LIMIT_S))
        self.assertEqual(turns(stream), ["job.queued", "job.running", "job.completed"])
        self.assertEqual(stream.events[-1][2]["job"]["status"], "completed")
        again = self.follow(f"/api/v1/jobs/{job}/events", last_id=stream.last_id)
        self.assertEqual(again.status, 204)
        rest = self.follow(f"/api/v1/jobs/{job}/events", last_id=stream.events[1][0])
        self.assertTrue(rest.ended.wait(LIMIT_S))
        self.assertEqual(turns(rest), ["job.completed"])

    def test_more_streams_than_allowed_are_refused_and_wrong_cursors_too(self):
        streams = [self.follow() for _ in range(4)]
        self.assertEqual([stream.status for stream in streams], [200] * 4)
        self.assertEqual(self.follow().status, 503)
        streams[0].close()
        eventually(lambda: self.follow().status == 200, "a place becomes free")
        self.refuse(422, "GET", "/api/v1/events", headers={"Last-Event-ID": "soon"})
        self.refuse(404, "GET", "/api/v1/events?project_id=999")

    def test_a_stop_ends_the_streams(self):
        stream = self.follow()
        self.assertTrue(stream.opened.wait(LIMIT_S))
        self.assertEqual(self.httpd.stop(), 0)
        self.assertTrue(stream.ended.wait(LIMIT_S))


if __name__ == "__main__":
    main()
