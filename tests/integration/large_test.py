"""Large files pass in bounded memory."""
import os
import random
import time

from program import OPTIMISED, SANITIZER, SLOW, Case, main

RSS_MAX_MB = 150  # some 40 are used; a file read whole would show


class LargeFiles(Case):
    def rss_of_ingest_mb(self):
        with open(self.root / "out", "wb") as out, open(self.root / "err", "wb") as err:
            process = self.start("ingest", self.tree, "--project", "p", stdout=out, stderr=err)
            _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        self.assertEqual(process.returncode, 0, (self.root / "err").read_text())
        return usage.ru_maxrss * 1024 / 1e6

    def write_text(self, megabytes):
        """Lines of which no two are alike, with one to look for near the end."""
        chance = random.Random(1)
        words = [f"w{chance.randrange(36 ** 4):x}" for _ in range(5_000)]
        with open(self.tree / "large.txt", "w") as file:
            size = 0
            while size < megabytes * 1_000_000:
                line = " ".join(chance.choices(words, k=200)) + "\n"
                size += file.write(line)
            file.write("here zqmarkend stands\n")
        return size

    def check_large_text(self, megabytes):
        self.write_text(megabytes)
        rss_mb = self.rss_of_ingest_mb()
        self.assertEqual(self.search("zqmarkend stands")["total_found"], 1)
        if not SANITIZER:
            self.assertLess(rss_mb, RSS_MAX_MB)

    def test_a_file_of_a_gigabyte_of_zeros_is_skipped_quickly_in_little_memory(self):
        with open(self.tree / "zeros", "wb") as file:
            file.truncate(1_000_000_000)
        began = time.monotonic()
        rss_mb = self.rss_of_ingest_mb()
        self.assertEqual(self.source("zeros")["status"], "unsupported")
        if not SANITIZER:
            self.assertLess(time.monotonic() - began, 60)
            self.assertLess(rss_mb, RSS_MAX_MB)

    def test_a_large_text_is_searchable_and_took_bounded_memory(self):
        self.check_large_text(8 if SANITIZER else 64 if OPTIMISED else 24)

    def test_a_gigabyte_of_text_is_searchable_and_took_bounded_memory(self):
        if not SLOW:
            self.skipTest("takes minutes; set ARCHAEO_SLOW_TESTS=1")
        self.check_large_text(1_000)


if __name__ == "__main__":
    main()
