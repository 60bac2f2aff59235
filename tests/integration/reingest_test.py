"""Searches while another process replaces every file again and again: never nothing, nothing twice, nothing of two versions."""
import json
import threading

from program import SANITIZER, Case, main

FILES = 200 if SANITIZER else 1_000
ROUNDS = 4


class Reingest(Case):
    def write_version(self, version):
        for number in range(FILES):
            self.write(f"{number % 10}/{number:04d}.txt",
                       f"zqall file {number:04d}\nversion {version} of zqfile{number:04d}end\n")

    def replace_in_the_background(self):
        """Ingests version after version; `self.begun` and `self.ended` say how far it is."""
        self.begun = self.ended = 0
        self.failure = None

        def run():
            try:
                for version in range(1, ROUNDS + 1):
                    self.write_version(version)
                    self.begun = version
                    self.ingest()
                    self.ended = version
            except BaseException as error:  # pylint: disable=broad-except
                self.failure = error

        thread = threading.Thread(target=run)
        thread.start()
        self.addCleanup(thread.join)
        return thread

    def check_reply(self, reply, least, most):
        names = [hit["source_name"] for hit in reply["results"]]
        self.assertEqual(len(names), FILES)
        self.assertEqual(len(set(names)), FILES)
        versions = {int(hit["content"].split("version ")[1].split()[0]) for hit in reply["results"]}
        self.assertGreaterEqual(min(versions), least)
        self.assertLessEqual(max(versions), most)
        self.assertFalse(any(hit["also_in"] for hit in reply["results"]))

    def test_every_file_is_found_once_in_one_version_while_all_are_replaced(self):
        self.write_version(0)
        self.ingest()
        thread = self.replace_in_the_background()
        replies = 0
        while thread.is_alive():
            for mode in ("literal", "words", "hybrid"):
                least = self.ended
                reply = self.search("zqall", mode, "--limit", "1000", "--per-file", "0")
                self.check_reply(reply, least, self.begun)
                if mode == "literal":
                    self.assertEqual(reply["total_found"], FILES)
                replies += 1
            number = replies * 7 % FILES
            reply = self.search(f'"zqfile{number:04d}end"', "words")
            self.assertEqual([hit["source_name"][-8:] for hit in reply["results"]], [f"{number:04d}.txt"])
        thread.join()
        if self.failure:
            raise self.failure
        self.assertGreater(replies, 2 * ROUNDS)
        reply = self.search("zqall", "literal", "--limit", "1000")
        self.check_reply(reply, ROUNDS, ROUNDS)
        print(json.dumps({"replies_meanwhile": replies}), flush=True)


if __name__ == "__main__":
    main()
