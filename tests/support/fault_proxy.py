"""An HTTP proxy on loopback that does to requests and answers what networks and servers do, by a seed.

usage: fault_proxy.py SERVER_PORT SEED

Prints its port and serves until its standard input ends. PUT /_test/faults sets how many of a hundred requests have which fault, as
{"NAME": PERCENT, …}, from the next request on; GET /_test/counts tells how many had which so far, and "none". The faults:
  slow   the server hears of it after 2 s
  reset  the connection ends before the server hears of it
  half   the answer ends in its middle
  lost   the server does it, and the connection ends without an answer
  done   the server does it, and the answer is 500
  error  500, and the server hears nothing
  busy   503, likewise
  later  429, likewise; half of them ask for a pause of a second
"""
import asyncio
import collections
import json
import random
import socket
import struct
import sys

SLOW_S = 2.0
STATUSES = {"done": b"500 Internal Server Error", "error": b"500 Internal Server Error", "busy": b"503 Service Unavailable",
            "later": b"429 Too Many Requests"}


class Gone(Exception):
    """Whoever is at one end."""


async def read_head(reader):
    """(first line, {name in lower case: value}, all of its bytes)"""
    try:
        raw = await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, OSError) as error:
        raise Gone from error
    first, *lines = raw[:-4].decode("latin-1").split("\r\n")
    return first, {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}, raw


async def read_body(reader, headers):
    """As it was sent."""
    try:
        if headers.get("transfer-encoding", "").lower() == "chunked":
            raw = b""
            while True:
                line = await reader.readuntil(b"\r\n")
                size = int(line.split(b";")[0], 16)
                raw += line + await reader.readexactly(size + 2)
                if size == 0:
                    return raw
        return await reader.readexactly(int(headers.get("content-length", 0)))
    except (asyncio.IncompleteReadError, OSError) as error:
        raise Gone from error


def reset(writer):
    writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))


class Proxy:
    def __init__(self, server_port, seed):
        self.server_port, self.seed = server_port, seed
        self.requests = 0
        self.percents = {}
        self.counts = collections.Counter()
        self.tasks = set()  # nobody else holds one whose client is gone

    def choose(self):
        self.requests += 1
        at = random.Random(self.seed * 1_000_003 + self.requests).uniform(0, 100)
        for fault, percent in self.percents.items():
            if at < percent:
                return fault
            at -= percent
        return "none"

    def control(self, first, body):
        if first.startswith("PUT /_test/faults "):
            self.percents = json.loads(body)
            return b"{}"
        return json.dumps(self.counts).encode()

    async def serve(self, reader, writer):
        """A client's connection, with one to the server of its own."""
        server, task = None, asyncio.current_task()
        self.tasks.add(task)
        try:
            while True:
                first, headers, head = await read_head(reader)
                if headers.get("expect", "").lower() == "100-continue":
                    writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
                    head = b"\r\n".join(line for line in head.split(b"\r\n") if not line.lower().startswith(b"expect:"))
                body = await read_body(reader, headers)
                if " /_test/" in first:
                    said = self.control(first, body)
                    writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%s" % (len(said), said))
                    continue
                fault = self.choose()
                self.counts[fault] += 1
                if fault == "slow":
                    await asyncio.sleep(SLOW_S)
                if fault == "reset":
                    reset(writer)
                    return
                answer = b""
                if fault not in ("error", "busy", "later"):
                    server = server or await asyncio.open_connection("127.0.0.1", self.server_port, limit=1 << 20)
                    answer = await self.pass_on(first, head + body, *server)
                if fault == "lost":
                    reset(writer)
                    return
                if fault in STATUSES:
                    pause = b"Retry-After: 1\r\n" if fault == "later" and self.requests % 2 else b""
                    answer = b"HTTP/1.1 " + STATUSES[fault] + b"\r\n" + pause + b"Content-Length: 0\r\n\r\n"
                writer.write(answer[:len(answer) // 2] if fault == "half" else answer)
                await writer.drain()
                if fault == "half":
                    return
        except (Gone, OSError):
            pass
        finally:
            self.tasks.discard(task)
            for one in (writer, *([server[1]] if server else [])):
                one.close()

    @staticmethod
    async def pass_on(first, request, reader, writer):
        """The whole answer."""
        writer.write(request)
        line, headers, head = await read_head(reader)
        has_body = not first.startswith("HEAD ") and line.split()[1] not in ("204", "304")
        return head + (await read_body(reader, headers) if has_body else b"")


async def main():
    server_port, seed = map(int, sys.argv[1:])
    server = await asyncio.start_server(Proxy(server_port, seed).serve, "127.0.0.1", 0, limit=1 << 20, backlog=256)
    print(server.sockets[0].getsockname()[1], flush=True)
    end = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
    await end


if __name__ == "__main__":
    asyncio.run(main())
