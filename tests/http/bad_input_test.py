"""What the network can send: each with its right status, nothing half-written, and the server serving on."""
import json

from daemon import Case, Daemon, HTTPD, eventually, main, multipart


def status_of(raw):
    return int(raw.split(b" ", 2)[1]) if raw else None


class BadUploads(Case):
    def tearDown(self):
        self.assertEqual(self.sources(), [], "nothing was half-written")
        self.assertEqual(self.httpd.stop(), 0)

    def put(self, name, body=b"x", **headers):
        return self.httpd.raw(f"PUT {self.at}/files/{name} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: {len(body)}\r\n".encode() +
                              "".join(f"{key}: {value}\r\n" for key, value in headers.items()).encode() + b"\r\n" + body)

    def test_names_that_no_file_may_have(self):
        for name in ("", "../x", "a/../b", "/x", "a//b", "a\0b", "x" * 300, "a/" + "y" * 256, "line\nbreak"):
            body, kind = multipart([("file", name.replace("\n", "%0A"), b"x")])
            self.refuse(422, "POST", f"{self.at}/upload", body, kind)
        for name in ("..%2Fx", "a%00b", "x" * 300, "%ff%fe", "a/../../b", ""):
            self.assertEqual(status_of(self.put(name)), 422, name)

    def test_uploads_without_files_or_with_wrong_fields(self):
        for fields in ([], [("priority", None, b"high")], [("file", "a", b"x"), ("priority", None, b"asap")],
                       [("file", "a", b"x"), ("timeout_seconds", None, b"-5")], [("file", "a", b"x"), ("max_retries", None, b"x")],
                       [("file", "a", b"x"), ("force", None, b"perhaps")], [("file", "a", b"x"), ("colour", None, b"red")],
                       [("file", "a", b"x"), ("file", "a", b"y")]):
            body, kind = multipart(fields)
            self.refuse(422, "POST", f"{self.at}/upload", body, kind)
        body, kind = multipart([("file", "a", b"x")])
        self.refuse(404, "POST", "/api/v1/projects/999/upload", body, kind)
        self.refuse(415, "POST", f"{self.at}/upload", b"{}", {"Content-Type": "application/json"})
        self.refuse(400, "POST", f"{self.at}/upload", body, {"Content-Type": "multipart/form-data"})
        self.refuse(422, "PUT", f"{self.at}/files/a?priority=asap", b"x")
        self.refuse(415, "PUT", f"{self.at}/files/a", b"x", {"Content-Encoding": "gzip"})

    def test_bodies_that_are_cut_off(self):
        body, kind = multipart([("file", "a.txt", b"x" * 5000)])
        head = f"POST {self.at}/upload HTTP/1.1\r\nHost: localhost\r\nContent-Type: {kind['Content-Type']}\r\n"
        for cut in (0, 1, 100, 3000, len(body) - 3):
            with self.subTest(cut=cut):  # the rest never comes; or it was never announced
                announced = self.httpd.raw(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body[:cut], ends=True)
                self.assertEqual(status_of(announced), 400)
                complete = self.httpd.raw(f"{head}Connection: close\r\nContent-Length: {cut}\r\n\r\n".encode() + body[:cut])
                self.assertEqual(status_of(complete), 400)
        for chunks in (b"5\r\nhello", b"zz\r\nhello\r\n0\r\n\r\n", b"3\r\nhello\r\n0\r\n\r\n", b"5\r\nhello\r\n"):
            reply = self.httpd.raw(f"PUT {self.at}/files/a HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n".encode() + chunks, ends=True)
            self.assertEqual(status_of(reply), 400, chunks)

    def test_more_files_than_allowed(self):
        body, kind = multipart([("file", f"{number}", b"x") for number in range(10_000)])
        self.refuse(413, "POST", f"{self.at}/upload", body, kind, code="too_large")

    def test_pieces_that_do_not_fit(self):
        for content_range in ("bytes 0-1", "bytes 2-1/5", "bytes 0-5/5", "lines 0-1/5", "bytes 0-3/5", "bytes x-1/5"):
            self.refuse(422, "PUT", f"{self.at}/files/a", b"xx", {"Content-Range": content_range})
        self.refuse(409, "PUT", f"{self.at}/files/a", b"xx", {"Content-Range": "bytes 2-3/5"})
        self.refuse(413, "PUT", f"{self.at}/files/a", b"xx", {"Content-Range": f"bytes 0-1/{2**40}"})


class BadRequests(Case):
    arguments = ("--header-timeout", "1")

    def test_json_that_is_none(self):
        deep = '{"name":' + '{"a":' * 10_000 + "1" + "}" * 10_000 + "}"
        for text in ("", "{", '{"name":', "[1]", "nul", deep, '{"name":"\udcff"}'):
            self.refuse(400, "POST", "/api/v1/projects", text.encode("utf-8", "surrogateescape"), {"Content-Type": "application/json"})
        self.refuse(415, "POST", "/api/v1/projects", b'{"name":"x"}', {"Content-Type": "text/plain"})
        self.refuse(413, "POST", "/api/v1/projects", json.dumps({"name": "x" * (5 << 20)}).encode(), {"Content-Type": "application/json"})
        self.assertEqual(len(self.ask("GET", "/api/v1/projects").json), 1)

    def test_heads_that_are_wrong(self):
        for expected, head in ((400, b"GARBAGE"), (414, b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\nHost: localhost"),
                               (431, b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40_000),
                               (400, b"POST /api/v1/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nTransfer-Encoding: chunked"),
                               (400, b"POST /api/v1/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Length: 3"),
                               (400, b"POST /api/v1/projects HTTP/1.1\r\nHost: localhost\r\nContent-Length: -2"),
                               (400, b"GET /healthz HTTP/1.1\r\nX: y"),
                               (400, b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nHost: localhost"),
                               (403, b"GET /healthz HTTP/1.1\r\nConnection: close\r\nHost: elsewhere.example"),
                               (403, b"POST /api/v1/jobs/queue/pause HTTP/1.1\r\nConnection: close\r\nHost: localhost\r\nOrigin: http://elsewhere.example")):
            self.assertEqual(status_of(self.httpd.raw(head + b"\r\n\r\n")), expected, head[:80])
        self.assertFalse(self.ask("GET", "/api/v1/jobs/queue/stats").json["paused"])

    def test_slow_heads_cost_no_thread_and_end(self):
        slow = [self.httpd.socket() for _ in range(300)]
        for client in slow:
            client.sendall(b"GET / HT")
        self.assertEqual(self.httpd.request("GET", "/healthz").status, 200)
        self.assertEqual([status_of(client.recv(4096)) for client in slow], [408] * 300)
        for client in slow:
            client.close()

    def test_idle_connections_do_not_keep_others_out(self):
        idle = [self.httpd.socket() for _ in range(2_000)]
        for client in idle[:1_000]:
            client.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            self.assertEqual(status_of(client.recv(4096)), 200)
        self.assertEqual(self.ask("POST", "/api/v1/projects", {"name": "beside"}, expect=201).status, 201)
        for client in idle:
            client.close()

    def test_requests_one_behind_another_and_half_closed_sockets_are_answered(self):
        both = self.httpd.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n" * 2, ends=True)
        self.assertEqual(both.count(b"HTTP/1.1 200"), 2)
        chunked = f"PUT {self.at}/files/c.txt HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\nExpect: 100-continue\r\n\r\n5\r\nhello\r\n0\r\n\r\n"
        reply = self.httpd.raw(chunked.encode() + b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        self.assertTrue(reply.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 202"), reply[:100])
        self.assertIn(b"HTTP/1.1 200", reply)

    def test_a_second_daemon_on_the_port_is_told_so(self):
        with self.assertRaisesRegex(AssertionError, "another program listens there already"):
            Daemon(self.root, HTTPD, "--data", self.data, listen=f"127.0.0.1:{self.httpd.port}")
        self.assertEqual(self.httpd.request("GET", "/healthz").status, 200)


class RequestLimit(Case):
    arguments = ("--requests-max", "8")

    def test_more_requests_than_allowed_are_told_to_come_again(self):
        slow = []
        for _ in range(8):
            client = self.httpd.socket()
            client.sendall(f"PUT {self.at}/files/a HTTP/1.1\r\nHost: localhost\r\nContent-Length: 10\r\n\r\nx".encode())
            slow.append(client)
        refused = eventually(lambda: (lambda reply: reply if reply.status == 503 else None)(self.httpd.request("GET", "/healthz")), "all are busy")
        self.assertEqual(refused.headers["Retry-After"], "1")
        for client in slow:
            client.close()
        eventually(lambda: self.httpd.request("GET", "/healthz").status == 200, "there is room again")


class ConnectionLimit(Case):
    arguments = ("--connections-max", "5")

    def test_clients_beyond_the_limit_are_refused(self):
        clients = [self.httpd.socket() for _ in range(5)]
        eventually(lambda: status_of(self.httpd.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) in (503, None), "it is full")
        for client in clients:
            client.close()
        eventually(lambda: status_of(self.httpd.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")) == 200, "there is room again")


if __name__ == "__main__":
    main()
