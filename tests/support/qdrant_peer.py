"""qdrant_server.py for tests in Python, or the real Qdrant of $ARCHAEO_QDRANT_URL."""
import json
import os
import pathlib
import signal
import subprocess
import sys
import urllib.request
import uuid

SUPPORT = pathlib.Path(__file__).resolve().parent
LIMIT_S = 60


class QdrantPeer:
    def __init__(self):
        real = os.environ.get("ARCHAEO_QDRANT_URL")
        self.key = os.environ.get("ARCHAEO_QDRANT_API_KEY", "") if real else "sEcReT-qdrant"
        self.popen = None
        if not real:
            self.popen = subprocess.Popen([sys.executable, "-B", SUPPORT / "qdrant_server.py", self.key], stdin=subprocess.PIPE,
                                          stdout=subprocess.PIPE)
            real = f"http://127.0.0.1:{int(self.popen.stdout.readline())}"
        self.server = real
        self.prefix = "t" + uuid.uuid4().hex
        self.url = f"qdrant+{real}/{self.prefix}"

    @property
    def is_ours(self):
        return self.popen is not None

    def pause(self):
        self.popen.send_signal(signal.SIGSTOP)

    def resume(self):
        self.popen.send_signal(signal.SIGCONT)

    def stop(self):
        if self.is_ours:
            self.resume()
            self.popen.stdin.close()
            self.popen.stdout.close()
            self.popen.wait(LIMIT_S)

    def ask(self, method, path, body=None):
        """Of Qdrant itself, as a stranger would."""
        request = urllib.request.Request(self.server + path, json.dumps(body).encode() if body is not None else None,
                                         {"api-key": self.key, "Content-Type": "application/json"}, method=method)
        with urllib.request.urlopen(request, timeout=LIMIT_S) as reply:
            return json.load(reply)["result"]

    def points(self, collection):
        return self.ask("POST", f"/collections/{collection}/points/scroll",
                        {"limit": 10_000, "with_payload": True, "with_vector": True})["points"]

    def requests(self):
        with urllib.request.urlopen(f"{self.server}/_test/requests", timeout=LIMIT_S) as reply:
            return reply.read().decode().splitlines()
