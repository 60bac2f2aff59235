"""A process is killed while its batch is made into jobs: either all of them are there, or none."""
import random
import time

from processes import SANITIZER, Case, eventually, figure, main, seed

CHILDREN = 1_000 if SANITIZER else 5_000
ROUNDS = 20
STEP = 1.2


class Batch(Case):
    def setUp(self):
        super().setUp()
        self.chance = random.Random(seed())
        self.witness = self.start()

    def begin_batch(self, worker, of):
        """Until its handler returns; its id."""
        batch_id = self.witness.enqueue("expand", data=f'{{"children":{CHILDREN},"of":"{of}"}}')
        worker.event(f"expanding {batch_id}")
        return batch_id

    def expanded(self, batch_id):
        job = self.witness.job(batch_id)
        return job if job["progress_total"] == CHILDREN else None

    def seconds_to_expand(self, worker):
        batch_id = self.begin_batch(worker, of="nobodys")
        began = time.monotonic()
        eventually(lambda: self.expanded(batch_id), "the batch has its children")
        return time.monotonic() - began

    def check_after_death(self, batch_id, children):
        """What the dead process left, before anyone takes it over: whether it is the whole batch."""
        job = self.witness.job(batch_id)
        self.assertEqual(job["status"], "running")
        self.assertIn(children, (0, CHILDREN), "children of half a batch")
        self.assertEqual(job["progress_total"], children)
        self.assert_outcomes(job, ["expanded" if children else "running"])
        return children > 0

    def test_a_batch_is_expanded_as_a_whole_or_not_at_all_however_its_worker_dies(self):
        """PITFALL: a batch of which half the members exist, and which never ends."""
        worker = self.start_worker()
        moment_s = self.seconds_to_expand(worker)
        wholes = 0
        for _ in range(ROUNDS):
            before = self.witness.stats()["queued"]
            batch_id = self.begin_batch(worker, of="nobodys")
            time.sleep(moment_s * self.chance.uniform(0.5, 1.5))  # the moment itself is what is tested
            worker.kill()
            whole = self.check_after_death(batch_id, self.witness.stats()["queued"] - before)
            wholes += whole
            moment_s *= 1 / STEP if whole else STEP  # so that the kills gather around the commit
            worker = self.start_worker()
            job = eventually(lambda: self.expanded(batch_id), "the batch is expanded in the end")
            self.assert_outcomes(job, ["expanded"] if whole else ["lease_expired", "expanded"])
            self.assertEqual(self.witness.stats()["queued"] - before, CHILDREN)
        figure(f"{ROUNDS} kills, the last about {moment_s * 1000:.0f} ms after the handler returned: "
               f"{wholes} came after the commit, {ROUNDS - wholes} before or in it")
        self.assertTrue(0 < wholes < ROUNDS, "no kill came near the commit")
        self.end_all()

    def test_a_batch_whose_worker_died_ends_with_its_last_child(self):
        worker = self.start_worker(slots=8)
        batch_id = self.begin_batch(worker, of="note")
        worker.kill()
        worker = self.start_worker(slots=8)
        eventually(lambda: self.witness.stats()["completed"] > CHILDREN // 10, "some children are done")
        worker.kill()
        self.start_worker(slots=8)
        done = eventually(lambda: self.finished(batch_id), "the batch is finished")
        self.assertEqual(done["result_data"], {"children": CHILDREN, "completed": CHILDREN, "failed": 0, "cancelled": 0})
        self.assertEqual(self.witness.stats()["completed"], CHILDREN + 1)
        self.end_all()

    def finished(self, batch_id):
        job = self.witness.job(batch_id)
        return job if job["is_finished"] else None


if __name__ == "__main__":
    main()
