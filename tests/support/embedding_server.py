"""An embedding server of OpenAI's shape for tests, which holds requests and its own replies against the types of OpenAI's client.

usage: embedding_server.py MODEL DIMENSION [KEY]

Prints its port and serves until its standard input ends. Vectors count the words of a text, so that texts which share words
are near each other; two models put words into other places. GET /_test/counts tells {"texts", "requests", "bad", "repeated"}:
texts embedded, requests that were answered, those that break the types, and texts that were embedded more than once.
PUT /_test/fail makes every later embedding request answer that status, 0 ends it.
"""
import hashlib
import json
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from openai.types import CreateEmbeddingResponse, EmbeddingCreateParams
from pydantic import TypeAdapter, ValidationError

PARAMETERS = TypeAdapter(EmbeddingCreateParams)
# The types of Python let unknown members through; the server does not.
KNOWN = set(EmbeddingCreateParams.__annotations__)
PROBE = "archaeologist"  # what the client finds the dimension with


class Server:
    def __init__(self, model, dimension, key):
        self.model, self.dimension, self.key = model, dimension, key
        self.lock = threading.Lock()
        self.requests, self.bad, self.fail = 0, 0, 0
        self.times = {}

    def counts(self):
        with self.lock:
            texts = {text: times for text, times in self.times.items() if text != PROBE}
            return {"texts": sum(texts.values()), "requests": self.requests, "bad": self.bad,
                    "repeated": sum(times > 1 for times in texts.values())}

    def vector(self, text):
        vector = [0.0] * self.dimension
        for word in text.lower().split():
            place = hashlib.sha256((self.model + word).encode()).digest()
            vector[int.from_bytes(place[:4], "little") % self.dimension] += 1
        return vector

    def embed(self, body):
        """(status, reply)"""
        try:
            request = PARAMETERS.validate_python(json.loads(body), strict=True)
            if set(request) - KNOWN:
                raise ValueError(f"unknown members {set(request) - KNOWN}")
            if request["model"] != self.model:
                return 404, {"error": {"message": f"The model `{request['model']}` does not exist", "type": "invalid_request_error",
                                       "param": None, "code": "model_not_found"}}
            texts = request["input"]
            if not isinstance(texts, list) or not 0 < len(texts) <= 2048 or "" in texts:
                raise ValueError("input must be 1 to 2048 texts that are not empty")
        except (ValueError, ValidationError) as error:
            with self.lock:
                self.bad += 1
            return 400, {"error": {"message": str(error), "type": "invalid_request_error", "param": None, "code": None}}
        with self.lock:
            self.requests += 1
            for text in texts:
                self.times[text] = self.times.get(text, 0) + 1
        reply = {"object": "list", "model": self.model, "usage": {"prompt_tokens": 1, "total_tokens": 1},
                 "data": [{"object": "embedding", "index": index, "embedding": self.vector(text)}
                          for index, text in enumerate(texts)]}
        CreateEmbeddingResponse.model_validate(reply, strict=True)
        return 200, reply


class QuietServer(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request, client_address):
        """Clients that are killed reset their connections."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version = "embedding-server"
    state = None

    def log_message(self, *_):
        pass

    def answer(self, status, reply):
        body = json.dumps(reply).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def is_allowed(self):
        if not self.state.key or self.headers.get("Authorization") == "Bearer " + self.state.key:
            return True
        self.answer(401, {"error": {"message": "Incorrect API key provided", "type": "invalid_request_error", "param": None,
                                    "code": "invalid_api_key"}})
        return False

    def do_GET(self):
        if self.path == "/_test/counts":
            self.answer(200, self.state.counts())
        elif self.is_allowed():
            known = self.path == "/v1/models"
            self.answer(200 if known else 404, {"object": "list", "data": [
                {"id": self.state.model, "object": "model", "created": 0, "owned_by": "test"}]} if known else {"error": "unknown"})

    def do_PUT(self):
        self.state.fail = int(self.rfile.read(int(self.headers["Content-Length"])))
        self.answer(200, {})

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if not self.is_allowed():
            return
        if self.state.fail:
            self.answer(self.state.fail, {"error": {"message": "as it was told", "type": "server_error", "param": None, "code": None}})
        elif self.path != "/v1/embeddings":
            self.answer(404, {"error": "unknown"})
        else:
            self.answer(*self.state.embed(body))


def main():
    model, dimension = sys.argv[1], int(sys.argv[2])
    Handler.state = Server(model, dimension, sys.argv[3] if len(sys.argv) > 3 else "")
    server = QuietServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_address[1], flush=True)
    sys.stdin.read()


if __name__ == "__main__":
    main()
