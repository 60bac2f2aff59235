"""A Qdrant for tests: qdrant-client's local engine, Qdrant's own implementation of what its server does, behind the server's REST paths.

usage: qdrant_server.py [API_KEY]

Every request and every reply is held against the models that qdrant-client has from Qdrant's OpenAPI document, and against that
document itself where $ARCHAEO_QDRANT_OPENAPI names it. What neither knows, this refuses or fails on:
  - a filter on a field without an index, as strict mode does
  - bodies above 32 MiB
Prints its port and serves until its standard input ends. For tests only:
  GET  /_test/requests             "METHOD STATUS PATH BYTES" of every request so far, one a line
  POST /_test/next?status=S&n=N    the next N changes are answered with that status (wait_timeout, acknowledged) and done all the same
"""
import json
import os
import sys
import threading
import traceback
import warnings
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

warnings.filterwarnings("ignore")

from pydantic import TypeAdapter, ValidationError
from qdrant_client.http import models
from qdrant_client.local.qdrant_local import QdrantLocal

BODY_BYTES_MAX = 32 << 20


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


class OpenApi:
    """Qdrant's document as strict JSON schemas: what it does not name must not be there."""

    def __init__(self, path):
        import jsonschema
        with open(path, encoding="utf-8") as file:
            document = json.load(file)
        self.paths = document["paths"]
        schemas = {name: self.strict(schema) for name, schema in document["components"]["schemas"].items()}
        self.root = {"components": {"schemas": schemas}}
        self.validator = jsonschema.Draft202012Validator
        self.kept = {}

    def strict(self, schema):
        if isinstance(schema, list):
            return [self.strict(one) for one in schema]
        if not isinstance(schema, dict):
            return schema
        if schema == {"nullable": True}:
            return {"type": "null"}
        made = {name: self.strict(value) for name, value in schema.items()}
        made.pop("format", None)
        if made.pop("nullable", False):
            made = {"anyOf": [made, {"type": "null"}]}
        elif schema.get("type") == "object" and "properties" in schema:
            made.setdefault("additionalProperties", False)
        return made

    def operation(self, method, path):
        for template, operations in self.paths.items():
            parts, wanted = path.split("/"), template.split("/")
            if len(parts) == len(wanted) and all(w.startswith("{") or w == p for w, p in zip(wanted, parts)) and method.lower() in operations:
                return operations[method.lower()]
        raise Refused(500, f"{method} {path} is not in the OpenAPI document")

    def check(self, schema, value, what):
        key = json.dumps(schema, sort_keys=True)
        if key not in self.kept:
            self.kept[key] = self.validator({**self.root, **self.strict(schema)})
        for error in self.kept[key].iter_errors(value):
            raise Refused(500 if what == "reply" else 400, f"{what} breaks the OpenAPI document at {error.json_path}: {error.message[:300]}")

    def check_request(self, method, path, query, body):
        operation = self.operation(method, path)
        known = {one["name"] for one in operation.get("parameters", []) if one["in"] == "query"}
        if set(query) - known:
            raise Refused(400, f"unknown parameters {set(query) - known}")
        if body is not None:
            self.check(operation["requestBody"]["content"]["application/json"]["schema"], body, "request")

    def check_reply(self, method, path, reply):
        self.check(self.operation(method, path)["responses"]["200"]["content"]["application/json"]["schema"], reply, "reply")


def plain(value):
    return json.loads(value.model_dump_json(exclude_none=True)) if hasattr(value, "model_dump_json") else value


def parsed(model, body):
    try:
        return TypeAdapter(model).validate_python(body)
    except ValidationError as error:
        raise Refused(400, "Format error in JSON body: " + str(error)[:300]) from error


class Qdrant:
    def __init__(self):
        self.client = QdrantLocal(":memory:")
        self.lock = threading.Lock()
        self.created = {}  # what local mode forgets
        self.indexes = {}
        self.operations = 0
        self.statuses = []

    def collection(self, name):
        if name not in self.created:
            raise Refused(404, f"Not found: Collection `{name}` doesn't exist!")
        return self.created[name]

    def changed(self):
        self.operations += 1
        status = self.statuses.pop(0) if self.statuses else "completed"
        return {"operation_id": self.operations, "status": status}

    def check_filter(self, name, part):
        if isinstance(part, list):
            for one in part:
                self.check_filter(name, one)
        elif isinstance(part, dict):
            if "key" in part and part["key"] not in self.indexes[name]:
                raise Refused(400, f"Index required but not found for \"{part['key']}\"")
            for one in part.values():
                self.check_filter(name, one)

    def create(self, name, _query, body):
        if name in self.created:
            raise Refused(409, f"Wrong input: Collection `{name}` already exists!")
        wanted = parsed(models.CreateCollection, body)
        self.client.create_collection(name, vectors_config=wanted.vectors, sparse_vectors_config=wanted.sparse_vectors)
        self.created[name] = body
        self.indexes[name] = {}
        return True

    def describe(self, name, _query, _body):
        body = self.collection(name)
        parameters = {key: body[key] for key in ("vectors", "sparse_vectors", "shard_number", "replication_factor",
                                                 "write_consistency_factor", "on_disk_payload") if key in body}
        hnsw = {"m": 16, "ef_construct": 100, "full_scan_threshold": 10000, **body.get("hnsw_config", {})}
        config = {"params": parameters, "hnsw_config": hnsw,
                  "optimizer_config": {"deleted_threshold": 0.2, "vacuum_min_vector_number": 1000, "default_segment_number": 0,
                                       "flush_interval_sec": 5}}
        for key in ("quantization_config", "strict_mode_config", "metadata"):
            if key in body:
                config[key] = body[key]
        count = self.client.count(name).count
        schema = {field: {"data_type": wanted["type"], "params": wanted, "points": count}
                  for field, wanted in self.indexes[name].items()}
        return {"status": "green", "optimizer_status": "ok", "segments_count": 1, "points_count": count,
                "indexed_vectors_count": 0, "config": config, "payload_schema": schema}

    def update(self, name, _query, body):
        wanted = parsed(models.UpdateCollection, body)
        if set(body) - {"metadata"}:
            raise Refused(500, f"this server cannot change {set(body)}")
        self.collection(name)["metadata"] = {**self.created[name].get("metadata", {}), **(wanted.metadata or {})}
        return True

    def drop(self, name, _query, _body):
        self.client.delete_collection(name)
        return self.created.pop(name, None) is not None

    def index(self, name, _query, body):
        self.collection(name)
        wanted = parsed(models.CreateFieldIndex, body)
        schema = body["field_schema"]
        self.indexes[name][wanted.field_name] = schema if isinstance(schema, dict) else {"type": schema}
        return self.changed()

    def upsert(self, name, _query, body):
        self.collection(name)
        wanted = parsed(models.PointsList, body)
        self.client.upsert(name, wanted.points, update_filter=wanted.update_filter, update_mode=wanted.update_mode)
        return self.changed()

    def delete(self, name, _query, body):
        self.collection(name)
        self.check_filter(name, body.get("filter"))
        self.client.delete(name, parsed(models.PointsSelector, body))
        return self.changed()

    def retrieve(self, name, _query, body):
        self.collection(name)
        wanted = parsed(models.PointRequest, body)
        found = self.client.retrieve(name, wanted.ids, True if wanted.with_payload is None else wanted.with_payload, wanted.with_vector or False)
        return [plain(one) for one in found]

    def scroll(self, name, _query, body):
        self.collection(name)
        self.check_filter(name, body.get("filter"))
        wanted = parsed(models.ScrollRequest, body)
        if wanted.order_by is not None:
            self.check_filter(name, body["order_by"])
        found, offset = self.client.scroll(name, wanted.filter, wanted.limit or 10, wanted.order_by, wanted.offset,
                                           True if wanted.with_payload is None else wanted.with_payload, wanted.with_vector or False)
        return {"points": [plain(one) for one in found], "next_page_offset": offset}

    def count(self, name, _query, body):
        self.collection(name)
        self.check_filter(name, body.get("filter"))
        wanted = parsed(models.CountRequest, body)
        return plain(self.client.count(name, wanted.filter))

    def facet(self, name, _query, body):
        self.collection(name)
        self.check_filter(name, body.get("filter"))
        wanted = parsed(models.FacetRequest, body)
        if wanted.key not in self.indexes[name]:
            raise Refused(400, f"Index required but not found for \"{wanted.key}\"")
        return plain(self.client.facet(name, wanted.key, wanted.filter, wanted.limit or 10))

    def query(self, name, _query, body):
        self.collection(name)
        self.check_filter(name, body.get("filter"))
        self.check_filter(name, body.get("params"))
        wanted = parsed(models.QueryRequest, body)
        found = self.client.query_points(name, wanted.query, wanted.using, wanted.prefetch, wanted.filter, wanted.params,
                                         wanted.limit or 10, wanted.offset, wanted.with_payload or False, wanted.with_vector or False,
                                         wanted.score_threshold)
        return plain(found)


ROUTES = {
    ("PUT", ""): Qdrant.create, ("GET", ""): Qdrant.describe, ("PATCH", ""): Qdrant.update, ("DELETE", ""): Qdrant.drop, ("PUT", "/index"): Qdrant.index,
    ("PUT", "/points"): Qdrant.upsert, ("POST", "/points"): Qdrant.retrieve, ("POST", "/points/delete"): Qdrant.delete,
    ("POST", "/points/scroll"): Qdrant.scroll, ("POST", "/points/count"): Qdrant.count, ("POST", "/points/query"): Qdrant.query,
    ("POST", "/facet"): Qdrant.facet,
}


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def answer(self, status, body, content_type="application/json"):
        self.send_response(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def serve(self):
        server = self.server
        parts = urlsplit(self.path)
        raw = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if parts.path == "/_test/requests":
            return self.answer(200, "\n".join(server.requests).encode(), "text/plain")
        query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        if parts.path == "/_test/next":
            server.qdrant.statuses = [query["status"]] * int(query["n"])
            return self.answer(200, b"{}")
        status, body, kind = self.reply(parts.path, query, raw)
        server.requests.append(f"{self.command} {status} {self.path} {len(raw)}")
        return self.answer(status, body, kind)

    def reply(self, path, query, raw):
        server = self.server
        if path == "/":
            return 200, b'{"title":"qdrant - vector search engine","version":"1.19.0"}', "application/json"
        if path in ("/healthz", "/livez", "/readyz"):
            return 200, b"all shards are ready", "text/plain"
        if server.key and self.headers.get("api-key") != server.key:
            return 401, b"Must provide an API key or an Authorization bearer token", "text/plain"
        try:
            if len(raw) > BODY_BYTES_MAX:
                raise Refused(400, f"JSON payload ({len(raw)} bytes) is larger than allowed (limit: {BODY_BYTES_MAX} bytes).")
            prefix, _, rest = path.partition("/collections/")
            name, slash, action = rest.partition("/")
            route = ROUTES.get((self.command, slash + action))
            if prefix or route is None:
                return 404, b"", "text/plain"
            body = json.loads(raw) if raw else None
            with server.qdrant.lock:
                if server.openapi:
                    server.openapi.check_request(self.command, path, query, body)
                result = route(server.qdrant, name, query, body)
                reply = {"result": result, "status": "ok", "time": 0.001}
                if server.openapi:
                    server.openapi.check_reply(self.command, path, reply)
            return 200, json.dumps(reply).encode(), "application/json"
        except Refused as refused:
            if refused.status == 500:
                print(f"qdrant_server.py: {refused}", file=sys.stderr)
            return refused.status, json.dumps({"status": {"error": str(refused)}, "time": 0.001}).encode(), "application/json"
        except ValueError as error:
            return 400, json.dumps({"status": {"error": "Wrong input: " + str(error)}, "time": 0.001}).encode(), "application/json"
        except Exception as error:  # a fault of this server: loud, so that no test takes it for an outage
            traceback.print_exc()
            return 400, json.dumps({"status": {"error": "test server: " + repr(error)}, "time": 0.001}).encode(), "application/json"

    do_GET = do_PUT = do_POST = do_PATCH = do_DELETE = serve


class Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request, client_address):
        """A client that is gone is none of its errors."""
        if not isinstance(sys.exc_info()[1], ConnectionError):
            super().handle_error(request, client_address)


def main():
    server = Server(("127.0.0.1", 0), Handler)
    server.key = sys.argv[1] if len(sys.argv) > 1 else ""
    server.qdrant = Qdrant()
    server.requests = []
    document = os.environ.get("ARCHAEO_QDRANT_OPENAPI")
    server.openapi = OpenApi(document) if document else None
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(server.server_port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
