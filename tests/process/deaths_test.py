"""Processes are killed at random moments, again and again: no job is lost, and none has its effect twice."""
import collections
import concurrent.futures
import random
import time

from processes import Case, eventually, figure, fixed_id, main, seed

JOBS = 10_000
BATCH = 50
LONG_JOBS = 100
POISONS = 2
WORKERS = 4
KILLS_MIN = 15
ENQUEUER_KILLS = 8
WHOLE_LIMIT_S = 400


class Enqueuer:
    """Enqueues all jobs, half by fixed ids and half under keys, in a process that is killed again and again."""

    COMMANDS = [f'enqueue name=fixed quiet=1 count={JOBS // 2} batch={BATCH} data={{"ms":10}}',
                f'enqueue key=keyed count={JOBS // 2} batch={BATCH} data={{"ms":10}}']

    def __init__(self, case, chance):
        self.case = case
        self.chance = chance
        self.ids_by_first = {}  # of the batches under keys

    def run(self):
        """The ids of all jobs, once a process has lived to enqueue them all."""
        for _ in range(ENQUEUER_KILLS):
            self.run_once(self.chance.randrange(JOBS // BATCH))
        self.run_once(JOBS // BATCH).end()
        keyed = [job_id for first in sorted(self.ids_by_first) for job_id in self.ids_by_first[first]]
        return [fixed_id("fixed", number) for number in range(JOBS // 2)] + keyed

    def run_once(self, batches):
        """Until so many batches are through; then the process is killed, unless these are all."""
        process = self.case.start()
        for command in self.chance.sample(self.COMMANDS, len(self.COMMANDS)):
            process.say(command)
        eventually(lambda: len(process.events) >= batches, "batches were enqueued", WHOLE_LIMIT_S)
        if batches < JOBS // BATCH:
            process.kill()
        else:
            process.reply(), process.reply()
        for event in process.events:
            _, first, *ids = event.split()
            if ids:
                self.case.assertEqual(self.ids_by_first.setdefault(int(first), ids), ids, "a key's second answer")
        return process


class Deaths(Case):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(seed())
        self.witness = self.start()
        self.started = 0
        self.kills = 0
        self.deaths_by_poison = 0

    def begin_worker(self):
        self.started += 1
        worker = self.start(slots=4, ledger=self.root / f"ledger-{self.started}")
        worker.say("work")
        return worker

    def kill_one(self, workers):
        at = self.chance.randrange(len(workers))
        for other, worker in enumerate(workers):
            if not worker.is_running():
                self.deaths_by_poison += 1
                workers[other] = self.begin_worker()
        self.kills += 1
        workers[at].kill()
        workers[at] = self.begin_worker()

    def work_through_deaths(self, enqueue, pause_s_min, pause_s_max):
        """What `enqueue` returned in another thread, once all jobs are finished; a worker is killed after each pause."""
        workers = [self.begin_worker() for _ in range(WORKERS)]
        began = time.monotonic()
        with concurrent.futures.ThreadPoolExecutor(1) as pool:
            enqueuing = pool.submit(enqueue)
            while not enqueuing.done() or self.unfinished() > 0:
                self.assertLess(time.monotonic() - began, WHOLE_LIMIT_S, self.witness.stats())
                time.sleep(self.chance.uniform(pause_s_min, pause_s_max))  # the moment itself is what is tested
                self.kill_one(workers)
        figure(f"{self.witness.stats()['total']} jobs in {time.monotonic() - began:.1f} s, {self.kills} workers "
               f"killed at random and {self.deaths_by_poison} by poisoned jobs")
        eventually(lambda: self.witness.stats()["workers"] == WORKERS, "the dead are forgotten")
        return enqueuing.result()

    def unfinished(self):
        stats = self.witness.stats()
        return stats["total"] - stats["completed"] - stats["failed"]

    def ledger(self):
        """Which epochs each job's handler was called with, in no order."""
        epochs = collections.defaultdict(list)
        for path in self.root.glob("ledger-*"):
            for line in path.read_text().splitlines():
                job_id, epoch = line.split()
                epochs[job_id].append(int(epoch))
        return epochs

    def check_completed(self, job, called):
        *crashed, last = job["attempts"]
        self.assertEqual((last["outcome"], last["epoch"]), ("completed", job["epoch"]), job)
        self.assertEqual({attempt["outcome"] for attempt in crashed} - {"lease_expired"}, set(), job)
        self.assertLess(len(crashed), 3, job)
        self.assertEqual(called.count(job["epoch"]), 1, job)

    def check_crashed(self, job):
        """It was at work at three deaths, whoever's fault they were."""
        self.assertEqual(job["status"], "failed", job)
        self.assert_outcomes(job, ["lease_expired"] * 3)
        self.assertIn("crash 3 of 3, this time with the job running alone", job["error_message"])

    def check_alone(self, jobs):
        """After two crashes a job shares its worker with no other. Returns how many there were."""
        by_worker = collections.defaultdict(list)
        for job in jobs:
            for number, attempt in enumerate(job["attempts"]):
                by_worker[attempt["worker_id"]].append((attempt["started_at"], attempt["ended_at"], number == 2))
        third = 0
        for attempts in by_worker.values():
            for mine, (began, ended, is_third) in enumerate(attempts):
                third += is_third
                for other, (other_began, other_ended, _) in enumerate(attempts):
                    if is_third and mine != other:
                        self.assertFalse(began < other_ended and other_began < ended, attempts)
        return third

    def check(self, jobs):
        ledger = self.ledger()
        self.assertEqual(set(ledger) - {job["id"] for job in jobs}, set())
        every = [attempt["epoch"] for job in jobs for attempt in job["attempts"]]
        self.assertEqual(len(every), len(set(every)), "an epoch was given twice")
        for job in jobs:
            called = ledger[job["id"]]
            self.assertEqual(len(called), len(set(called)), job)
            self.assertLessEqual(set(called), {attempt["epoch"] for attempt in job["attempts"]}, job)
            self.assertEqual(job["retry_count"], 0, job)
            if job["status"] == "completed":
                self.check_completed(job, called)
            else:
                self.check_crashed(job)
        tries = collections.Counter(len(job["attempts"]) for job in jobs)
        failed = sum(job["status"] == "failed" for job in jobs)
        figure(f"jobs by tries: {dict(sorted(tries.items()))}; {self.check_alone(jobs)} tries were made alone; "
               f"{failed} jobs were at work at three deaths and failed by that")
        self.assertEqual(self.witness.stats()["total"], len(jobs))
        return tries

    def test_no_job_is_lost_or_doubled_when_workers_and_enqueuers_are_killed_at_random(self):
        """PITFALL: a job vanishes with its worker, or its result is counted twice."""
        poisons = [self.witness.enqueue("poison") for _ in range(POISONS)]
        enqueuer = Enqueuer(self, random.Random(self.chance.random()))
        jobs = self.witness.jobs(self.work_through_deaths(enqueuer.run, 0.05, 0.35))
        self.assertGreaterEqual(self.kills, KILLS_MIN)
        self.assertEqual(len({job["id"] for job in jobs}), JOBS)
        poisoned = self.witness.jobs(poisons)
        self.assertEqual({job["status"] for job in poisoned}, {"failed"})
        self.assertGreater(self.check(jobs + poisoned)[2], 0, "no worker was killed at work")
        self.end_all()

    def test_jobs_as_long_as_their_workers_live_end_all_the_same(self):
        """PITFALL: a job that kills its workers is tried for ever, or takes its neighbours with it."""
        self.witness.ask(f'enqueue count={LONG_JOBS} data={{"ms":300}}')
        job_ids = self.witness.event("enqueued 0")
        self.work_through_deaths(lambda: None, 0.02, 0.15)
        tries = self.check(self.witness.jobs(job_ids))
        self.assertGreater(tries[3], 0, "no job was at work at two deaths")
        self.end_all()


if __name__ == "__main__":
    main()
