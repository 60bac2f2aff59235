"""Redis servers of a test's own, sentinels that watch them, and a wire to one that can be cut."""
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

    def arguments(self):
        return ["--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder), "--save", "", *self.options]

    def start(self):
        with open(self.folder / "log", "ab") as log:
            self.popen = subprocess.Popen(
                ["redis-server", *self.arguments()],
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


class Sentinel(RedisServer):
    """Watches a primary, as one of three."""

    def __init__(self, folder, primary, name):
        self.config = (f"sentinel monitor {name} 127.0.0.1 {primary.port} 2\n"
                       f"sentinel down-after-milliseconds {name} 500\nsentinel failover-timeout {name} 3000\n")
        super().__init__(folder)

    def arguments(self):
        config = self.folder / "sentinel.conf"
        if not config.exists():
            config.write_text(self.config)
        return [str(config), "--sentinel", "--port", str(self.port), "--bind", "127.0.0.1", "--dir", str(self.folder)]


class Sentinels:
    """A primary, its replica and three sentinels, under the name "main"."""
    NAME = "main"

    def __init__(self, folder, *options):
        self.servers = [RedisServer(folder / "primary", *options)]
        self.servers.append(RedisServer(folder / "replica", "--replicaof", f"127.0.0.1 {self.servers[0].port}", *options))
        self.sentinels = [Sentinel(folder / f"sentinel-{i}", self.servers[0], self.NAME) for i in range(3)]
        for sentinel in self.sentinels:
            self.until(lambda: b"slaves=1,sentinels=3" in sentinel.ask("INFO", "sentinel"))

    @property
    def url(self):
        return "redis+sentinel://" + ",".join(f"127.0.0.1:{one.port}" for one in self.sentinels) + "/" + self.NAME

    @property
    def primary(self):
        """The one that the sentinels name."""
        named = self.sentinels[0].ask("SENTINEL", "get-master-addr-by-name", self.NAME)
        return next(one for one in self.servers if f"\r\n{one.port}\r\n".encode() in named)

    @property
    def replica(self):
        return next(one for one in self.servers if one is not self.primary)

    def is_replicating(self):
        with contextlib.suppress(OSError, AssertionError):
            return (b"master_link_status:up" in self.replica.ask("INFO", "replication")
                    and all(b"slaves=1,sentinels=3" in one.ask("INFO", "sentinel") for one in self.sentinels))
        return False

    @staticmethod
    def until(holds):
        give_up_at = time.monotonic() + LIMIT_S
        while not holds():
            if time.monotonic() > give_up_at:
                raise AssertionError("the sentinels do not get there")
            time.sleep(0.02)

    def is_primary(self, server):
        with contextlib.suppress(OSError, AssertionError):
            return self.primary is server and b"role:master" in server.ask("INFO", "replication")
        return False

    def cut_replica(self):
        """It lags until it is the primary: what is written from now on it will not have."""
        for setting, value in (("masteruser", "nobody"), ("masterauth", "wrong")):
            self.replica.ask("CONFIG", "SET", setting, value)
        self.primary.ask("CLIENT", "KILL", "TYPE", "replica")
        self.until(lambda: b"connected_slaves:0" in self.primary.ask("INFO", "replication"))

    def kill_primary(self):
        """Until the replica is the primary."""
        old, new = self.primary, self.replica
        old.kill()
        self.until(lambda: self.is_primary(new))
        self.mend(new)
        return old

    def fail_over(self):
        """The same in peace."""
        new = self.replica
        with contextlib.suppress(AssertionError):  # it may be about to do so by itself
            self.sentinels[0].ask("SENTINEL", "FAILOVER", self.NAME)
        self.until(lambda: self.is_primary(new))
        self.mend(new)

    @staticmethod
    def mend(server):
        for setting in ("masteruser", "masterauth"):
            server.ask("CONFIG", "SET", setting, "")

    def kill(self):
        for one in (*self.sentinels, *self.servers):
            one.kill()


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
