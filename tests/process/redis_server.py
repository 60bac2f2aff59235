"""A redis-server of a test's own, and a wire to it that can be cut."""
import contextlib
import select
import signal
import socket
import subprocess
import threading
import time

LIMIT_S = 30


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class RedisServer:
    def __init__(self, folder, *options):
        self.folder = folder
        self.options = options
        self.port = free_port()
        self.popen = None
        folder.mkdir()
        self.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.popen = subprocess.Popen(
                ["redis-server", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "", *self.options],
                stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        give_up_at = time.monotonic() + LIMIT_S
        while True:
            with contextlib.suppress(OSError, AssertionError):
                if self.ask("PING") == b"+PONG\r\n":
                    return
            if self.popen.poll() is not None or time.monotonic() > give_up_at:
                raise AssertionError((self.folder / "log").read_text())
            time.sleep(0.02)

    def ask(self, *words):
        """The first bytes of the reply (the protocol: https://redis.io/docs/latest/develop/reference/protocol-spec/)."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=LIMIT_S) as wire:
            wire.sendall(b"*%d\r\n" % len(words) + b"".join(b"$%d\r\n%s\r\n" % (len(word), word.encode()) for word in words))
            reply = wire.recv(65536)
        if reply.startswith(b"-"):
            raise AssertionError(f"{words}: {reply}")
        return reply

    def kill(self):
        self.popen.kill()
        self.popen.wait()

    def stop(self):
        if self.popen.poll() is None:
            self.popen.send_signal(signal.SIGTERM)
            self.popen.wait(LIMIT_S)


class Wire:
    """A TCP proxy. Cut, it closes what is open and takes nothing new."""

    def __init__(self, port):
        self.to_port = port
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.is_cut = False
        self.is_closed = False
        self.pairs = []
        self.lock = threading.Lock()
        self.thread = threading.Thread(target=self.accept, daemon=True)
        self.thread.start()

    @property
    def url(self):
        return f"redis://127.0.0.1:{self.port}"

    def accept(self):
        while not self.is_closed:
            if not select.select([self.listener], [], [], 0.05)[0]:
                continue
            client = self.listener.accept()[0]
            with self.lock:
                if self.is_cut:
                    client.close()
                    continue
                try:
                    server = socket.create_connection(("127.0.0.1", self.to_port), timeout=LIMIT_S)
                except OSError:
                    client.close()
                    continue
                self.pairs.append((client, server))
            for one, other in ((client, server), (server, client)):
                threading.Thread(target=self.pump, args=(one, other), daemon=True).start()

    @staticmethod
    def pump(source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        for end in (source, sink):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def cut(self):
        with self.lock:
            self.is_cut = True
            for pair in self.pairs:
                for end in pair:
                    with contextlib.suppress(OSError):
                        end.shutdown(socket.SHUT_RDWR)
            self.pairs.clear()

    def mend(self):
        self.is_cut = False

    def close(self):
        self.is_closed = True
        self.thread.join()
        self.cut()
        self.listener.close()
