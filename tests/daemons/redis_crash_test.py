"""kill -9 of the front-end amid uploads, with the queue on Redis and the worker in a process of its own, which is not killed."""
import pathlib
import sys

import crash_test
from daemon import main

sys.path.append(str(pathlib.Path(__file__).parent.parent / "process"))
from redis_server import RedisServer  # noqa: E402: its folder is only known now


class RedisCrash(crash_test.Crash):
    def setUp(self):
        self.redis = None
        super().setUp()
        self.start("worker")

    def start(self, kind, *arguments, **more):
        if self.redis is None:
            self.redis = RedisServer(self.root / "redis", "--appendonly", "yes")
            self.addCleanup(self.redis.kill)
        return super().start(kind, *arguments, REDIS_URL=self.redis.url, **more)

    def retry_poisoned(self):
        """The worker lived on: no job was under way at a death."""
        self.assertEqual(self.daemon.get("/api/v1/jobs/queue/stats")["failed"], 0)


if __name__ == "__main__":
    main()
