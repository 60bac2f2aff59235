"""Processes that wait hear of what others enqueue."""
import statistics
import time

from processes import LEASE_S, Case, figure, main

ROUNDS = 40
STANDSTILL_JOBS = 300


class Wake(Case):
    def show(self, what, milliseconds):
        figure(f"{what}: median {statistics.median(milliseconds):.1f} ms, "
               f"from {min(milliseconds):.1f} to {max(milliseconds):.1f} ms in {len(milliseconds)} rounds")

    def test_a_claim_that_waits_gets_what_another_process_enqueues(self):
        giver, taker = self.start(), self.start()
        waits = []
        for _ in range(ROUNDS):
            taker.say(f"claim as=taker wait_ms={LEASE_S * 1000}")
            taker.event("claiming")
            asked_at = time.monotonic()
            job_id = giver.enqueue("note")
            claimed_ms, claimed, epoch = taker.reply().split()
            self.assertEqual(claimed, job_id)
            waits.append(float(claimed_ms) - asked_at * 1000)
            self.assertLess(waits[-1], LEASE_S * 1000 / 2)
            taker.ask(f"settle as=taker id={job_id} epoch={epoch}")
        self.show("from asking for an enqueue to its claim elsewhere", waits)
        self.end_all()

    def test_each_of_several_idle_workers_is_woken(self):
        giver = self.start()
        takers = [self.start_worker() for _ in range(3)]
        waits = []
        for _ in range(ROUNDS // 4):
            asked_at = time.monotonic()
            giver.ask(f"enqueue type=hold count={len(takers)}")
            job_ids = set(giver.event("enqueued 0"))
            started = [taker.event("started") for taker in takers]  # each has one slot
            self.assertEqual({job_id for job_id, _, _ in started}, job_ids)
            waits += [float(at_ms) - asked_at * 1000 for _, _, at_ms in started]
            self.assertLess(max(waits), LEASE_S * 1000 / 2)
            for taker in takers:
                taker.ask("release")
                taker.event("released")
        self.show("from asking for an enqueue to the start of its jobs elsewhere", waits)
        self.end_all()

    def test_a_process_that_stands_still_holds_up_nobody_who_would_wake_it(self):
        giver, asleep = self.start(), self.start_worker()
        asleep.stop()
        awake = self.start_worker()
        began = time.monotonic()
        for _ in range(STANDSTILL_JOBS):
            awake.event(f"started {giver.enqueue('tell')}")
        seconds = time.monotonic() - began
        figure(f"{STANDSTILL_JOBS} jobs were enqueued and started one by one in {seconds:.2f} s")
        self.assertLess(seconds, STANDSTILL_JOBS * 0.05, "the waits were those of nobody being woken")
        asleep.go_on()
        awake.ask("rest")
        asleep.event(f"started {giver.enqueue('tell')}")
        self.end_all()

    def test_what_a_process_hands_back_is_offered_to_the_others_at_once(self):
        leaver = self.start_worker(grace_ms=1)
        job_id = leaver.enqueue("hold")
        leaver.event(f"started {job_id}")
        heir = self.start_worker()
        leaver.ask("rest")
        left_at = time.monotonic()
        leaver.event(f"stopped {job_id}")
        heir.event(f"started {job_id}")
        self.assertLess(time.monotonic() - left_at, LEASE_S / 2)
        job = heir.job(job_id)
        self.assert_outcomes(job, ["released", "running"])
        self.assertEqual(job["retry_count"], 0)
        heir.ask("release")
        self.end_all()


if __name__ == "__main__":
    main()
