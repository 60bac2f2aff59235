"""The queue on Redis, among processes that die, stop and lose sight of each other: every job that was accepted is done, and counts
once. Workers are nodes: they do not open the catalog."""
import collections
import concurrent.futures
import random
import signal
import time

from processes import Case, eventually, figure, main, seed
from redis_server import RedisServer, Sentinels, Wire

JOBS = 10_000
BATCH = 500
WORKERS = 3
WHOLE_LIMIT_S = 300


class Redis(Case):
    OPTIONS = ("--appendonly", "yes")

    def setUp(self):
        super().setUp()
        self.chance = random.Random(seed())
        self.begun = 0
        self.redis = self.start_redis(*self.OPTIONS)
        self.hub = self.start(redis=self.hub_url(), **self.lease())

    def start_redis(self, *options):
        server = RedisServer(self.root / f"redis-{self.begun}", *options)
        self.addCleanup(server.kill)
        return server

    def hub_url(self):
        return self.redis.url

    @staticmethod
    def lease():
        return {"lease_ms": 2000, "heartbeat_ms": 500}

    def begin_worker(self):
        self.begun += 1
        worker = self.start(redis=self.redis.url, node=1, slots=8, ledger=self.root / f"ledger-{self.begun}", **self.lease())
        worker.say("work")
        return worker

    def begin_workers(self):
        return [self.begin_worker() for _ in range(WORKERS)]

    def enqueue(self, process=None, count=JOBS, key="k", job_ms=2):
        """The ids of so many short jobs, accepted batch by batch."""
        process = process or self.hub
        process.ask(f'enqueue key={key} count={count} batch={BATCH} data={{"ms":{job_ms}}}', WHOLE_LIMIT_S)
        ids = []
        for first in range(0, count, BATCH):
            ids += process.event(f"enqueued {first} ")
        return ids

    def unfinished(self):
        stats = self.hub.stats()
        return stats["total"] - stats["completed"] - stats["failed"] - stats["cancelled"]

    def until_all_are_done(self, meanwhile=lambda: None, pause_s=0.2):
        began = time.monotonic()
        while self.unfinished() > 0:
            self.assertLess(time.monotonic() - began, WHOLE_LIMIT_S, self.hub.stats())
            time.sleep(pause_s)  # the rhythm of what is done to them
            meanwhile()
        figure(f"all done after {time.monotonic() - began:.1f} s: {self.hub.stats()}")

    def check(self, ids, may_fail=False):
        """Each job finished once: by the run whose epoch the catalog has, which its handler saw once."""
        called = collections.defaultdict(list)
        for path in self.root.glob("ledger-*"):
            for line in path.read_text().splitlines():
                job_id, epoch = line.split()
                called[job_id].append(int(epoch))
        self.assertEqual(len(set(ids)), len(ids))
        self.assertEqual(set(called) - set(ids), set())
        jobs = [job for at in range(0, len(ids), 1000) for job in self.hub.jobs(ids[at:at + 1000])]
        failed = [job for job in jobs if job["status"] != "completed"]
        for job in failed:
            self.assertTrue(may_fail, job)
            self.assertEqual((job["status"], "crash 3 of 3" in job["error_message"]), ("failed", True), job)
        for job in jobs:
            epochs = called[job["id"]]
            self.assertEqual(len(epochs), len(set(epochs)), job)
            if job["status"] == "completed":
                self.assertEqual(epochs.count(job["epoch"]), 1, (job, epochs))
        figure(f"runs a job: {dict(sorted(collections.Counter(map(len, called.values())).items()))}; {len(failed)} failed by three crashes")
        stats = self.hub.stats()
        self.assertEqual((stats["total"], stats["outbox_depth"], stats["degraded"]), (len(ids), 0, False))

    def end_nodes(self):
        for process in self.processes:
            if process.is_running():
                self.assertEqual(process.end(), 0)


class Deaths(Redis):
    def test_workers_are_killed_every_200_ms(self):
        """PITFALL: a job vanishes with its worker."""
        workers = self.begin_workers()

        def kill_one():
            at = self.chance.randrange(WORKERS)
            workers[at].kill()
            workers[at] = self.begin_worker()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            enqueuing = pool.submit(self.enqueue)
            while not enqueuing.done():
                time.sleep(0.2)
                kill_one()
            ids = enqueuing.result()
        self.until_all_are_done(kill_one)
        self.check(ids, may_fail=True)
        self.end_nodes()

    def test_a_dead_workers_job_runs_elsewhere_soon(self):
        held = self.start(redis=self.redis.url, node=1)  # with the default lease
        held.ask("work")
        job = self.hub.enqueue("hold")
        held.event(f"started {job} ")
        other = self.start(redis=self.redis.url, node=1)
        other.ask("work")
        killed_at = held.kill()
        other.event(f"started {job} ")
        figure(f"after kill -9 the job ran elsewhere within {time.monotonic() - killed_at:.1f} s (lease 10 s)")
        other.ask("release")
        eventually(lambda: self.hub.job(job)["status"] == "completed", "the job ends")
        self.end_nodes()


class Stops(Redis):
    def test_a_worker_that_sleeps_beyond_its_lease_writes_nothing_after(self):
        """PITFALL: a worker that was paused ends a job that another has."""
        sleeper, other = self.begin_worker(), None
        job = self.hub.enqueue("hold", data='{"insists":1}')
        sleeper.event(f"started {job} ")
        sleeper.popen.send_signal(signal.SIGSTOP)
        other = self.begin_worker()
        other.event(f"started {job} ")
        sleeper.go_on()
        sleeper.event(f"stopped {job} ")
        self.assertEqual(self.hub.job(job)["status"], "running")
        other.ask("release")
        eventually(lambda: self.hub.job(job)["status"] == "completed", "the job ends")
        done = self.hub.job(job)
        self.assertEqual([attempt["outcome"] for attempt in done["attempts"]], ["lease_expired", "completed"], done)
        self.check([job])
        self.end_nodes()

    def test_the_catalogs_process_sleeps_and_no_result_is_lost(self):
        """PITFALL: results expire before somebody has read them."""
        self.begin_workers()
        ids = self.enqueue()
        self.hub.popen.send_signal(signal.SIGSTOP)
        time.sleep(30)  # longer than anything that waits for it
        self.hub.go_on()
        self.until_all_are_done()
        self.check(ids)
        self.assertEqual(max(len(job["attempts"]) for job in self.hub.jobs(ids[:1000])), 1)
        self.end_nodes()


class Flushed(Redis):
    def test_everything_in_redis_is_flushed_twice(self):
        """PITFALL: who loses Redis loses the jobs."""
        self.begin_workers()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            enqueuing = pool.submit(self.enqueue)
            for _ in range(2):
                time.sleep(1)  # amid the work
                self.redis.ask("FLUSHALL")
            ids = enqueuing.result()
        self.until_all_are_done()
        self.check(ids)
        self.end_nodes()


class Killed(Redis):
    def test_redis_is_killed_amid_the_work_and_started_again(self):
        self.begin_workers()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            enqueuing = pool.submit(self.enqueue)
            for _ in range(2):
                time.sleep(1)  # amid the work
                self.redis.kill()
                self.redis.start()
            ids = enqueuing.result()
        self.until_all_are_done()
        self.check(ids)
        self.end_nodes()


class KilledWithoutFile(Killed):
    """The same, and it comes back empty."""
    OPTIONS = ("--appendonly", "no")


class FailedOver(Redis):
    def start_redis(self, *options):
        (self.root / "redis").mkdir()
        servers = Sentinels(self.root / "redis", *options)
        self.addCleanup(servers.kill)
        eventually(servers.is_replicating, "the replica follows")
        return servers

    def restart_as_replica(self):
        self.redis.kill_primary().start()  # and it is told that it is a replica now

    def test_a_replica_that_lags_becomes_the_primary_amid_the_work(self):
        """PITFALL: after a failover workers end jobs that others run, jobs vanish, and finished ones run again."""
        self.begin_workers()
        ids = []
        for how, change in (("killed", self.restart_as_replica), ("asked", self.redis.fail_over)):
            with concurrent.futures.ThreadPoolExecutor(1) as pool:
                enqueuing = pool.submit(self.enqueue, count=JOBS // 2, key=how, job_ms=30)
                time.sleep(0.5)  # amid the work
                self.redis.cut_replica()
                time.sleep(1)  # of work that Redis said yes to, and that is lost
                change()
                ids += enqueuing.result()
            figure(f"{how}: {self.unfinished()} jobs were left")
            eventually(self.redis.is_replicating, "the other one follows")
        self.until_all_are_done()
        self.check(ids)
        eventually(lambda: self.query("SELECT incarnation FROM queue_elsewhere") >= 3, "each failover began an incarnation")
        self.end_nodes()


class Cut(Redis):
    def hub_url(self):
        self.wire = Wire(self.redis.port)
        self.addCleanup(self.wire.close)
        return self.wire.url

    def test_the_catalogs_process_loses_sight_of_redis_and_accepts_all_the_same(self):
        """PITFALL: uploads fail because the queue is away."""
        self.begin_workers()
        ids = self.enqueue(count=2 * BATCH, key="before")
        self.wire.cut()
        cut_at = time.monotonic()
        ids += self.enqueue(count=4 * BATCH, key="while")
        eventually(lambda: self.hub.stats()["degraded"], "it says that Redis is away")
        self.assertGreaterEqual(self.hub.stats()["outbox_depth"], 4 * BATCH)
        time.sleep(max(0, 10 - (time.monotonic() - cut_at)))  # as long as the cut lasts
        self.wire.mend()
        self.until_all_are_done()
        self.check(ids)
        self.end_nodes()


class Full(Redis):
    OPTIONS = ("--appendonly", "no", "--maxmemory", "6mb", "--maxmemory-policy", "noeviction")

    def test_a_full_redis_drains(self):
        """PITFALL: a Redis at maxmemory refuses to end jobs, and stays full for ever."""
        ids = self.enqueue(count=2 * JOBS)
        waiting = self.hub.stats()["outbox_depth"]
        figure(f"{waiting} of {len(ids)} jobs did not fit into Redis")
        self.assertGreater(waiting, 0)
        self.begin_workers()
        self.until_all_are_done()
        self.check(ids)
        self.end_nodes()


if __name__ == "__main__":
    main()
