"""The daemons over TLS, with certificates that OpenSSL's own program makes."""
import http.client
import json
import os
import pathlib
import shutil
import socket
import ssl
import subprocess
import tempfile
import unittest
import warnings

from daemon import CLI, HTTPD, LIMIT_S, WORKER, Daemon, main, multipart


def certificate(folder, name, *more):
    """A self-signed one for this machine, and its key."""
    paths = folder / f"{name}.crt", folder / f"{name}.key"
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-out", paths[0], "-keyout", paths[1], *more],
                   check=True, capture_output=True)
    return paths


class Tls(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-tls-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.certificate, cls.key = certificate(cls.folder, "server")

    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="archaeologist-tls-"))
        self.addCleanup(shutil.rmtree, self.root, ignore_errors=True)
        self.trusting = ssl.create_default_context(cafile=self.certificate)

    def start(self, program, *arguments):
        daemon = Daemon(self.root, program, "--data", self.root / "data", "--tls-cert", self.certificate, "--tls-key", self.key,
                        *arguments)
        self.addCleanup(lambda: daemon.popen.poll() is None and daemon.stop())
        return daemon

    def connect(self, daemon):
        connection = http.client.HTTPSConnection("127.0.0.1", daemon.port, timeout=LIMIT_S, context=self.trusting)
        self.addCleanup(connection.close)
        return connection

    @staticmethod
    def ask(connection, method, path, body=None, headers=None):
        connection.request(method, path, body, headers or {})
        reply = connection.getresponse()
        return reply.status, reply.read()

    def test_both_daemons_answer_over_tls(self):
        for program in (HTTPD, WORKER):
            connection = self.connect(self.start(program))
            for _ in range(3):
                self.assertEqual(self.ask(connection, "GET", "/healthz")[0], 200)

    def test_a_large_upload_comes_back_byte_for_byte(self):
        connection = self.connect(self.start(HTTPD))
        self.assertEqual(self.ask(connection, "POST", "/api/v1/projects", '{"name":"p"}', {"Content-Type": "application/json"})[0], 201)
        content = os.urandom(48 << 20)
        body, kind = multipart([("file", "big.bin", content)])
        self.assertEqual(self.ask(connection, "POST", "/api/v1/projects/1/upload", body, kind)[0], 202)
        status, got = self.ask(connection, "GET", "/api/v1/projects/1/sources")
        self.assertEqual(status, 200)
        source = json.loads(got)["sources"][0]["id"]
        status, got = self.ask(connection, "GET", f"/api/v1/projects/1/sources/{source}/content")
        self.assertEqual((status, got == content), (200, True))

    def test_events_follow_over_tls(self):
        daemon = self.start(HTTPD)
        stream = self.connect(daemon)
        stream.request("GET", "/api/v1/events")
        reply = stream.getresponse()
        self.assertEqual(reply.status, 200)
        other = self.connect(daemon)
        self.ask(other, "POST", "/api/v1/projects", '{"name":"p"}', {"Content-Type": "application/json"})
        body, kind = multipart([("file", "a.txt", b"hello")])
        self.assertEqual(self.ask(other, "POST", "/api/v1/projects/1/upload", body, kind)[0], 202)
        seen = b""
        while b"job.completed" not in seen:
            line = reply.readline()
            self.assertTrue(line, seen)
            seen += line

    def test_old_protocols_plain_http_and_strangers_get_nothing_and_harm_nobody(self):
        daemon = self.start(HTTPD)
        warnings.simplefilter("ignore", DeprecationWarning)
        old = ssl.create_default_context(cafile=self.certificate)
        old.minimum_version = old.maximum_version = ssl.TLSVersion.TLSv1_1
        old.set_ciphers("ALL:@SECLEVEL=0")
        with socket.create_connection(("127.0.0.1", daemon.port), timeout=LIMIT_S) as plain:
            with self.assertRaises(ssl.SSLError):
                old.wrap_socket(plain, server_hostname="localhost")
        self.assertNotIn(b"HTTP/1.1 200", daemon.raw(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"))
        with self.assertRaises(ssl.SSLCertVerificationError):
            http.client.HTTPSConnection("127.0.0.1", daemon.port, timeout=LIMIT_S).request("GET", "/healthz")
        with daemon.socket():  # a client that says nothing
            self.assertEqual(self.ask(self.connect(daemon), "GET", "/healthz")[0], 200)

    def test_a_head_in_small_pieces_and_two_requests_in_one_record_are_served(self):
        daemon = self.start(HTTPD)
        request = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
        with self.trusting.wrap_socket(daemon.socket(), server_hostname="localhost") as client:
            for byte in request:
                client.sendall(bytes([byte]))
            client.sendall(request + request.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n"))
            received = b""
            while piece := client.recv(65536):
                received += piece
        self.assertEqual(received.count(b"HTTP/1.1 200"), 3)

    def test_the_command_line_asks_over_tls_and_refuses_what_it_cannot_trust(self):
        daemon = self.start(HTTPD)
        command = [CLI, "--server", f"https://127.0.0.1:{daemon.port}", "projects", "create", "p"]
        environment = {name: value for name, value in os.environ.items() if not name.startswith("SSL_")}
        stranger = subprocess.run(command, capture_output=True, env=environment, timeout=LIMIT_S, check=False)
        self.assertEqual(stranger.returncode, 1, stranger.stderr)
        self.assertIn(b"its certificate is not trusted", stranger.stderr)
        trusting = subprocess.run(command, capture_output=True, env=environment | {"SSL_CERT_FILE": str(self.certificate)},
                                  timeout=LIMIT_S, check=False)
        self.assertEqual(trusting.returncode, 0, trusting.stderr)

    def test_wrong_certificates_are_refused_at_start(self):
        other = certificate(self.root, "other")
        locked = self.root / "locked.key"
        subprocess.run(["openssl", "rsa", "-aes256", "-passout", "pass:secret", "-in", other[1], "-out", locked], check=True,
                       capture_output=True)
        for arguments, said in ((("--tls-cert", self.certificate), b"tls-key must be, too"),
                                (("--tls-key", self.key), b"tls-cert must be, too"),
                                (("--tls-cert", self.root / "missing", "--tls-key", self.key), b"must be a certificate in PEM"),
                                (("--tls-cert", self.key, "--tls-key", self.key), b"must be a certificate in PEM"),
                                (("--tls-cert", self.certificate, "--tls-key", other[1]), b"must be the certificate's private key"),
                                (("--tls-cert", other[0], "--tls-key", locked), b"without a passphrase")):
            ended = subprocess.run([HTTPD, "--data", self.root / "data", "--listen", "127.0.0.1:0", *arguments], capture_output=True,
                                   timeout=LIMIT_S, stdin=subprocess.DEVNULL, check=False)
            self.assertEqual(ended.returncode, 2, ended.stderr)
            self.assertIn(said, ended.stderr)
        self.assertFalse((self.root / "data").exists())


if __name__ == "__main__":
    main()
