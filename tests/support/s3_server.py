"""A real S3 server for tests: moto's, with signatures that are held against botocore's own.

usage: s3_server.py BUCKET ACCESS_KEY SECRET_KEY [SESSION_TOKEN]

Prints its port and serves until its standard input ends. Also answers GET /_test/requests: "METHOD STATUS PATH?QUERY" of every
request so far, one a line.
"""
import logging
import os
import sys
import threading
from urllib.parse import urlsplit

os.environ.setdefault("AWS_ACCESS_KEY_ID", "moto")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "moto")

import boto3
from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import WSGIRequestHandler, make_server

DENIED = (b'<?xml version="1.0" encoding="UTF-8"?><Error><Code>SignatureDoesNotMatch</Code>'
          b"<Message>The signature does not match.</Message></Error>")


class KeepAlive(WSGIRequestHandler):
    protocol_version = "HTTP/1.1"

    def log(self, *_):
        pass


class Gate:
    """Lets only rightly signed requests through to the application."""

    def __init__(self, application, credentials):
        self.application = application
        self.credentials = credentials
        self.lock = threading.Lock()
        self.lock_of_application = threading.Lock()
        self.requests = []

    def __call__(self, environ, start_response):
        target = environ.get("RAW_URI") or environ["REQUEST_URI"]
        if target == "/_test/requests":
            body = "\n".join(self.requests).encode()
            start_response("200 OK", [("Content-Type", "text/plain"), ("Content-Length", str(len(body)))])
            return [body]

        def answer(status, headers, exc_info=None):
            with self.lock:
                self.requests.append(f"{environ['REQUEST_METHOD']} {status.split()[0]} {target}")
            return start_response(status, headers, exc_info)

        if not self.is_signed(environ, target):
            environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
            answer("403 Forbidden", [("Content-Type", "application/xml"), ("Content-Length", str(len(DENIED)))])
            return [DENIED]
        with self.lock_of_application:  # moto keeps its state for one thread at a time
            return self.application(environ, answer)

    def is_signed(self, environ, target):
        given = environ.get("HTTP_AUTHORIZATION", "")
        if not given.startswith("AWS4-HMAC-SHA256 "):
            return False
        fields = dict(field.strip().split("=", 1) for field in given.split(" ", 1)[1].split(","))
        key, _, region, service, _ = fields["Credential"].split("/")
        if key != self.credentials.access_key or service != "s3":
            return False
        signed = fields["SignedHeaders"].split(";")
        headers = {}
        for name in signed:
            variable = name.upper().replace("-", "_")
            headers[name] = environ.get("HTTP_" + variable, environ.get(variable, ""))
        if self.credentials.token and headers.get("x-amz-security-token") != self.credentials.token:
            return False
        if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(signed):
            return False
        auth = S3SigV4Auth(self.credentials, service, region)
        request = AWSRequest(environ["REQUEST_METHOD"], f"http://{environ['HTTP_HOST']}{target}", headers)
        request.context["timestamp"] = headers["x-amz-date"]
        request.context["payload_signing_enabled"] = True
        text = auth.string_to_sign(request, self.canonical_request(auth, request, target))
        return auth.signature(text, request) == fields["Signature"]

    @staticmethod
    def canonical_request(auth, request, target):
        """As botocore builds it; of a URL that is sent as it stands, with the query as the server is to see it: sorted."""
        parts = urlsplit(target)
        query = "&".join(sorted(pair if "=" in pair else pair + "=" for pair in parts.query.split("&"))) if parts.query else ""
        headers = {name.lower(): " ".join(value.split()) for name, value in request.headers.items()}
        names = sorted(headers)
        lines = [request.method, parts.path, query, *[f"{name}:{headers[name]}" for name in names], "", ";".join(names),
                 headers["x-amz-content-sha256"]]
        return "\n".join(lines)


def main():
    bucket, access_key, secret_key, *token = sys.argv[1:]
    logging.disable(logging.CRITICAL)
    gate = Gate(DomainDispatcherApplication(create_backend_app),
                Credentials(access_key, secret_key, token[0] if token else None))
    server = make_server("127.0.0.1", 0, gate, threaded=True, request_handler=KeepAlive)
    gate_free = make_server("127.0.0.1", 0, gate.application, threaded=True, request_handler=KeepAlive)
    for one in (server, gate_free):
        threading.Thread(target=one.serve_forever, daemon=True).start()
    boto3.client("s3", endpoint_url=f"http://127.0.0.1:{gate_free.port}", region_name="us-east-1").create_bucket(Bucket=bucket)
    print(server.port, flush=True)
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main()
