"""One file in pieces: any client can find out how far it came and go on, whatever happened to either side in between."""
import signal

from daemon import HTTPD, Case, eventually, main

CONTENT = "".join(f"line {number} of the long tale of the walrus\n" for number in range(4_000)).encode()
STEP = 50_000


class Resumable(Case):
    def setUp(self):
        super().setUp()
        self.path = f"{self.at}/files/tales/walrus.txt"

    def put(self, first, last, expect, content=CONTENT, path=None):
        """The bytes [first, last) of the content."""
        headers = {"Content-Range": f"bytes {first}-{last - 1}/{len(content)}"}
        return self.ask("PUT", path or self.path, content[first:last], headers, expect=expect)

    def received(self, total=len(CONTENT)):
        """How many bytes the server says to have."""
        reply = self.ask("PUT", self.path, b"", {"Content-Range": f"bytes */{total}"}, expect=308)
        count = reply.json["received_bytes"]
        self.assertEqual(reply.json["total_bytes"], total)
        self.assertEqual(reply.headers["Range"], f"bytes=0-{count - 1}" if count else None)
        return count

    def restart(self, with_signal):
        self.httpd.stop(with_signal)
        self.httpd = self.start(HTTPD)

    def await_begun(self):
        """Until bytes of a piece are on disk. A question would be in the piece's way: both take the file for themselves."""
        folder = self.data / "partial"
        eventually(lambda: any(file.stat().st_size > 0 for file in folder.iterdir()), "the piece is begun")

    def check_whole(self, reply):
        """It is there once, processed, with exactly these bytes."""
        self.assertEqual(reply["total_files"], 1)
        self.assertEqual(self.finished(reply["jobs"][0]["id"])["status"], "completed")
        sources = self.sources()
        self.assertEqual([(one["filename"], one["version"], one["status"]) for one in sources],
                         [("tales/walrus.txt", 1, "searchable")])
        self.assertEqual(self.ask("GET", f"{self.at}/sources/{sources[0]['id']}/content").body, CONTENT)

    def test_pieces_become_a_source_with_the_last_one_and_not_before(self):
        self.assertEqual(self.received(), 0)
        for first in range(0, len(CONTENT) - STEP, STEP):
            reply = self.put(first, first + STEP, 308)
            self.assertEqual((reply.json["received_bytes"], reply.headers["Range"]),
                             (first + STEP, f"bytes=0-{first + STEP - 1}"))
            self.assertEqual(self.received(), first + STEP)
            self.assertEqual(self.sources(), [])
        self.check_whole(self.put(first + STEP, len(CONTENT), 202).json)

    def test_a_piece_that_comes_twice_changes_nothing(self):
        self.put(0, STEP, 308)
        self.put(0, STEP, 308)
        self.put(STEP - 10, STEP + 10, 308)
        self.assertEqual(self.received(), STEP + 10)
        self.check_whole(self.put(STEP + 10, len(CONTENT), 202).json)

    def test_pieces_outlive_a_killed_server(self):
        sent = 0
        while sent + STEP < len(CONTENT):
            self.put(sent, sent + STEP, 308)
            self.restart(signal.SIGKILL)
            self.assertEqual(self.received(), sent + STEP)
            self.assertEqual(self.sources(), [])
            sent += STEP
        self.restart(signal.SIGTERM)
        self.check_whole(self.put(sent, len(CONTENT), 202).json)

    def test_a_kill_within_a_piece_loses_none_before_it(self):
        self.put(0, STEP, 308)
        with self.httpd.socket() as client:
            client.sendall(f"PUT {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {STEP}\r\n"
                           f"Content-Range: bytes {STEP}-{2 * STEP - 1}/{len(CONTENT)}\r\n\r\n".encode()
                           + CONTENT[STEP:STEP + 1_000])
            self.restart(signal.SIGKILL)
        received = self.received()
        self.assertGreaterEqual(received, STEP)
        self.assertLessEqual(received, STEP + 1_000)
        self.check_whole(self.put(received, len(CONTENT), 202).json)

    def test_who_adds_to_a_file_that_another_adds_to_is_told_without_a_path_of_the_host(self):
        with self.httpd.socket() as client:
            client.sendall(f"PUT {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {STEP}\r\n"
                           f"Content-Range: bytes 0-{STEP - 1}/{len(CONTENT)}\r\n\r\n".encode() + CONTENT[:1_000])
            asks = {"Content-Range": f"bytes */{len(CONTENT)}"}
            self.await_begun()
            problem = self.refuse(409, "PUT", self.path, b"", asks, code="conflict")
            self.assertNotIn(str(self.root), problem["detail"])
            client.sendall(CONTENT[1_000:STEP])
            self.assertIn(b" 308 ", client.makefile("rb").readline())
        self.check_whole(self.put(STEP, len(CONTENT), 202).json)

    def test_a_client_that_is_gone_within_a_piece_goes_on_where_it_was(self):
        with self.httpd.socket() as client:
            client.sendall(f"PUT {self.path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {STEP}\r\n"
                           f"Content-Range: bytes 0-{STEP - 1}/{len(CONTENT)}\r\n\r\n".encode() + CONTENT[:1_000])
            self.await_begun()
        asks = {"Content-Range": f"bytes */{len(CONTENT)}"}
        eventually(lambda: self.httpd.request("PUT", self.path, b"", asks).status == 308, "the server sees it go")
        received = self.received()
        self.assertLessEqual(received, 1_000)
        self.assertEqual(self.sources(), [])
        self.check_whole(self.put(received, len(CONTENT), 202).json)

    def test_ranges_that_do_not_fit_are_refused_and_what_is_there_stays(self):
        self.put(0, STEP, 308)
        total = len(CONTENT)
        for said in ("bytes 0-1", "bytes -1/9", "bytes 1-0/9", "bytes 0-9/9", "bytes */x", "bytes */", "byte 0-1/9",
                     "bytes 0-1/99999999999999999999", f"bytes {STEP}-{STEP + 5}/{total}"):
            with self.subTest(said):
                self.refuse(422, "PUT", self.path, b"xx", {"Content-Range": said})
        self.refuse(409, "PUT", self.path, b"xx", {"Content-Range": f"bytes {STEP + 1}-{STEP + 2}/{total}"})
        self.refuse(422, "PUT", f"{self.at}/files/../a", b"xx", {"Content-Range": "bytes 0-1/9"})
        self.refuse(404, "PUT", "/api/v1/projects/99/files/a", b"xx", {"Content-Range": "bytes 0-1/9"})
        self.assertEqual(self.received(), STEP)
        self.assertEqual(self.sources(), [])
        self.check_whole(self.put(STEP, total, 202).json)

    def test_files_in_pieces_do_not_mix(self):
        other = bytes(reversed(CONTENT))
        self.put(0, STEP, 308)
        self.put(0, STEP, 308, content=other, path=f"{self.at}/files/tales/surlaw.txt")
        self.assertEqual(self.received(), STEP)
        self.put(STEP, len(other), 202, content=other, path=f"{self.at}/files/tales/surlaw.txt")
        self.put(STEP, len(CONTENT), 202)
        contents = {one["filename"]: self.ask("GET", f"{self.at}/sources/{one['id']}/content").body for one in self.sources()}
        self.assertEqual(contents, {"tales/walrus.txt": CONTENT, "tales/surlaw.txt": other})


class Keys(Case):
    """A request may be repeated when its reply was lost."""

    def test_the_same_key_gets_what_the_first_request_made(self):
        key = {"Idempotency-Key": "k 1"}
        first = self.ask("PUT", f"{self.at}/files/a.txt", b"walrus", key, expect=202).json
        self.httpd.stop(signal.SIGKILL)
        self.httpd = self.start(HTTPD)
        again = self.ask("PUT", f"{self.at}/files/a.txt", b"walrus", key, expect=202).json
        self.assertEqual([job["id"] for job in again["jobs"]], [job["id"] for job in first["jobs"]])
        self.assertEqual([one["id"] for one in again["sources"]], [one["id"] for one in first["sources"]])
        self.assertEqual(self.ask("GET", "/api/v1/jobs").json["total"], 1)

    def test_the_same_key_with_another_body_is_refused_and_nothing_is_stored(self):
        key = {"Idempotency-Key": "k"}
        self.ask("PUT", f"{self.at}/files/a.txt", b"walrus", key, expect=202)
        self.refuse(422, "PUT", f"{self.at}/files/a.txt", b"seal", key)
        source = self.sources()[0]
        self.assertEqual(source["version"], 1)
        self.assertEqual(self.ask("GET", f"{self.at}/sources/{source['id']}/content").body, b"walrus")

    def test_a_key_is_of_one_route_and_file(self):
        key = {"Idempotency-Key": "k"}
        for name in ("a.txt", "b.txt"):
            self.ask("PUT", f"{self.at}/files/{name}", name.encode(), key, expect=202)
        self.upload({"c.txt": b"c"}, headers=key)
        self.assertEqual(len(self.sources()), 3)

    def test_a_key_longer_than_allowed_is_refused(self):
        self.refuse(422, "PUT", f"{self.at}/files/a.txt", b"x", {"Idempotency-Key": "k" * 256})
        self.assertEqual(self.sources(), [])


if __name__ == "__main__":
    main()
