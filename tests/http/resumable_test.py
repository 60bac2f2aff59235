"""Files in pieces: a connection or a whole server may die in between, and nothing is sent twice or lost."""
import os
import signal

from daemon import Case, HTTPD, main


class Resumable(Case):
    def put(self, name, piece, first, total, expect):
        headers = {"Content-Range": f"bytes {first}-{first + len(piece) - 1}/{total}"}
        return self.ask("PUT", f"{self.at}/files/{name}", piece, headers, expect=expect)

    def there(self, name, total):
        return self.ask("PUT", f"{self.at}/files/{name}", b"", {"Content-Range": f"bytes */{total}"}, expect=308).json["received_bytes"]

    def restart(self):
        self.httpd.stop(signal.SIGKILL)
        self.httpd = self.start(HTTPD)

    def test_pieces_become_one_file_across_a_kill(self):
        content = os.urandom(100_000).hex().encode()
        total, name = len(content), "d/large.txt"
        reply = self.put(name, content[:70_000], 0, total, expect=308)
        self.assertEqual((reply.headers["Range"], reply.json), ("bytes=0-69999", {"received_bytes": 70_000, "total_bytes": total}))
        self.assertEqual(self.sources(), [])
        self.restart()
        self.assertEqual(self.there(name, total), 70_000)
        self.put(name, content[60_000:120_000], 60_000, total, expect=308)  # what is there may come again
        self.refuse(409, "PUT", f"{self.at}/files/{name}", content[130_000:], {"Content-Range": f"bytes 130000-{total - 1}/{total}"})
        self.restart()
        done = self.put(name, content[120_000:], 120_000, total, expect=202).json
        self.assertEqual(done["sources"][0]["file_size"], total)
        self.finished(done["jobs"][0]["id"])
        at = f"{self.at}/sources/{done['sources'][0]['id']}/content"
        self.assertEqual(self.ask("GET", at).body, content)
        self.assertEqual(self.there("other.txt", total), 0)

    def test_what_came_before_a_connection_broke_stays(self):
        content = b"x" * 50_000
        head = f"PUT {self.at}/files/cut.txt HTTP/1.1\r\nHost: localhost\r\nContent-Range: bytes 0-49999/50000\r\nContent-Length: 50000\r\n\r\n"
        self.assertIn(b" 400 ", self.httpd.raw(head.encode() + content[:30_000], ends=True)[:20])
        have = self.there("cut.txt", 50_000)
        self.assertEqual(have, 30_000)
        done = self.put("cut.txt", content[have:], have, 50_000, expect=202).json
        self.assertEqual(self.ask("GET", f"{self.at}/sources/{done['sources'][0]['id']}/content").body, content)


if __name__ == "__main__":
    main()
