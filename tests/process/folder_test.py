"""A data folder is made while processes are killed, or by several at once."""
import random
import subprocess
import time

from processes import PROGRAM, Case, figure, main, seed

ROUNDS = 25
TOGETHER = 6


class Folder(Case):
    def test_a_folder_whose_making_was_cut_short_is_opened_by_the_next_process(self):
        """PITFALL: a crash in the first start leaves half a schema."""
        chance = random.Random(seed())
        began = time.monotonic()
        self.start()
        longest_s = (time.monotonic() - began) * 1.2
        ready = 0
        for number in range(ROUNDS):
            self.data = self.root / f"data-{number}"
            for _ in range(2):
                cut_short = subprocess.Popen([PROGRAM, f"data={self.data}"], stdin=subprocess.PIPE,
                                             stdout=subprocess.PIPE, stderr=self.errors)
                time.sleep(chance.uniform(0, longest_s))  # the moment itself is what is tested
                cut_short.kill()
                ready += cut_short.communicate()[0] == b"ok ready\n"
            process = self.start_worker()
            process.event(f"started {process.enqueue('tell')}")
            self.end_all()
        figure(f"{2 * ROUNDS} kills within {longest_s * 1000:.0f} ms of the start, {ready} of them after the folder was open")

    def test_processes_that_open_a_new_folder_together_all_work_on_it(self):
        for number in range(5):
            self.data = self.root / f"data-{number}"
            running = [subprocess.Popen([PROGRAM, f"data={self.data}"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                        stderr=self.errors) for _ in range(TOGETHER)]
            said = [process.communicate(b"work\nenqueue type=note\n")[0].decode() for process in running]
            for text in said:
                self.assertNotIn("error", text)
                self.assertEqual(text.count("ok "), 3, text)
            self.assertEqual(self.query("SELECT count(*) FROM jobs"), TOGETHER)
            self.end_all()


if __name__ == "__main__":
    main()
