"""A lake, a vector store and a model that stand elsewhere: what is said of them reaches them."""
import http.server
import threading

import archaeologist
import pytest


class Recorder(http.server.BaseHTTPRequestHandler):
    """Refuses every request, and remembers it."""

    protocol_version = "HTTP/1.1"

    def refuse(self):
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.seen.append((self.path, {name.lower(): value for name, value in self.headers.items()}))
        self.send_response(403)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = do_PUT = do_POST = do_PATCH = do_DELETE = refuse

    def log_message(self, *_):
        pass


@pytest.fixture
def server():
    made = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Recorder)
    made.seen = []
    made.url = f"http://127.0.0.1:{made.server_address[1]}"
    thread = threading.Thread(target=made.serve_forever)
    thread.start()
    yield made
    made.shutdown()
    thread.join()
    made.server_close()


def use(data, **settings):
    """Opens, and puts in a file; what is refused is no matter."""
    try:
        with archaeologist.open(data, **settings) as engine:
            engine.embed(["text"])
            engine.project("p").upload_bytes(b"text", "a.txt")
            engine.search("text")
    except archaeologist.Error:
        pass


def test_a_lake_is_reached_with_its_keys(server, data):
    use(data, lake=f"s3://bucket/here?endpoint={server.url}&region=somewhere", s3_access_key="KEY", s3_secret_key="SECRET",
        s3_session_token="TOKEN")
    path, headers = server.seen[0]
    assert path.startswith("/bucket")
    assert "Credential=KEY/" in headers["authorization"] and "/somewhere/s3/" in headers["authorization"]
    assert headers["x-amz-security-token"] == "TOKEN"


def test_a_vector_store_is_reached_with_its_key(server, data):
    use(data, vectors=f"qdrant+{server.url}/mine", qdrant_api_key="KEY")
    assert server.seen[0][1]["api-key"] == "KEY"


def test_a_model_is_reached_with_its_key(server, data):
    use(data, embedder_url=f"{server.url}/v1?model=some&api=openai", embedder_key="KEY", embedder_cache_bytes=0)
    path, headers = server.seen[0]
    assert path.startswith("/v1/") and headers["authorization"] == "Bearer KEY"


@pytest.mark.parametrize("settings", [
    {"lake": "s3://bucket?endpoint=http://nowhere.invalid", "lake_proxy": ""},
    {"vectors": "qdrant+http://nowhere.invalid/mine", "vectors_proxy": ""},
    {"embedder_url": "http://nowhere.invalid/v1?model=some&api=openai", "embedder_proxy": ""}], ids=["lake", "vectors", "embedder"])
def test_a_proxy_is_used(server, data, settings):
    use(data, **{name: value or server.url for name, value in settings.items()})
    assert server.seen[0][0].startswith("http://nowhere.invalid")


@pytest.mark.parametrize("settings", [
    {"lake": "s3://bucket?endpoint=https://127.0.0.1:1", "lake_ca_file": "/nowhere.pem"},
    {"vectors": "qdrant+https://127.0.0.1:1/mine", "vectors_ca_file": "/nowhere.pem"},
    {"embedder_url": "https://127.0.0.1:1/v1?model=some", "embedder_ca_file": "/nowhere.pem"}], ids=["lake", "vectors", "embedder"])
def test_authorities_that_are_not_there_are_named(data, settings):
    with pytest.raises(archaeologist.Error, match="/nowhere.pem"):
        with archaeologist.open(data, **settings) as engine:
            engine.embed(["text"])
            engine.project("p").upload_bytes(b"text", "a.txt")
            engine.search("text")


@pytest.mark.parametrize(("settings", "message"), [
    ({"lake": "nothing"}, "lake"), ({"vectors": "nothing"}, "vector store"), ({"embedder_url": "nothing"}, "embedder"),
    ({"languages": "de,klingon"}, "klingon"), ({"embedder_cache_bytes": -5}, "embedder_cache_bytes is -5")])
def test_what_is_wrong_is_named(data, settings, message):
    with pytest.raises(archaeologist.InvalidArgumentError, match=message):
        archaeologist.open(data, **settings)
