"""Literal and regular-expression search find what grep finds, on random texts that are cut into many chunks.

The texts and needles are the same each time unless ARCHAEO_SEED is set to another number, or to "random"."""
import os
import random
import re
import subprocess

from program import SANITIZER, Case, main

QUERIES = 40 if SANITIZER else 150
ALPHABETS = ["ab", "ab ", "aAbB_1 .-", "lease lost queue ", "会計処理の請求書。", "éÉàb ß", "fooBar_baz.qux/quux(){};= "]


class Grep(Case):
    def setUp(self):
        super().setUp()
        seed = os.environ.get("ARCHAEO_SEED", "1")
        if seed == "random":
            seed = str(int.from_bytes(os.urandom(4), "big"))
        print(f"    ARCHAEO_SEED={seed}", flush=True)
        self.random = random.Random(int(seed))
        self.texts = {}
        for number, alphabet in enumerate(ALPHABETS):
            self.texts[f"{number}.txt"] = self.random_text(alphabet, self.random.randrange(4_000, 30_000), number)
        for name, text in self.texts.items():
            self.write(name, text)
        self.ingest()

    def random_text(self, alphabet, size, number):
        """Lines of any length; what stands first makes each chunk differ from those of other files."""
        parts = [f"#{number}# "]
        length = 0
        while length < size:
            line = "".join(self.random.choice(alphabet) for _ in range(self.random.choice((0, 1, 5, 30, 80, 400, 3_000))))
            parts.append(line + "\n")
            length += len(line) + 1
        return "".join(parts)

    def grep(self, *arguments):
        done = subprocess.run(["grep", "-r", *arguments, "."], cwd=self.tree, capture_output=True, check=False,
                              env=os.environ | {"LC_ALL": "C.UTF-8"})
        self.assertIn(done.returncode, (0, 1), done.stderr)
        return [line.removeprefix("./") for line in done.stdout.decode().split("\n")[:-1]]

    def check(self, needle, ours, theirs, counting):
        reply = self.search(needle, "literal", "--limit", "1000", *ours)
        expected = self.grep(*counting, "-o", "--", needle)
        self.assertEqual(reply["total_found"], len(expected), (needle, ours))
        shown_all = len(reply["results"]) < 1_000 and reply["total_found"] < 10_000  # what a search gives at most
        if not shown_all or any(hit["also_in"] for hit in reply["results"]):
            return
        code = 0 if expected else 1
        output, _ = self.run_program("search", "--project", "p", "--mode", "literal", "--format", "vimgrep", *ours, "--",
                                     needle, expect=code)
        lines = {tuple(line.split(":", 2)[:2]) for line in output.split("\n")[:-1]}
        lines = {(name.rsplit("/", 1)[-1], line) for name, line in lines}
        expected = {tuple(line.split(":", 2)[:2]) for line in self.grep(*theirs, "-n", "--", needle)}
        self.assertEqual(sorted(lines ^ expected)[:10], [],
                         (needle, ours))

    def needle(self):
        text = self.random.choice(list(self.texts.values()))
        for _ in range(100):
            begin = self.random.randrange(len(text))
            needle = text[begin:begin + self.random.choice((1, 2, 3, 5, 9, 20, 60))].split("\n")[0]
            if needle:
                break
        if self.random.random() < 0.2:
            needle = self.random.choice("abxé会. ") + needle
        return needle or "a"

    def test_literals_are_found_where_grep_finds_them(self):
        for _ in range(QUERIES):
            needle = self.needle()
            options = [option for option in ("-i", "-w") if self.random.random() < 0.25]
            # grep -o forgets what stands before the rest of a line: in " bb bb" it finds " bb" twice as a word.
            if not re.match(r"\w", needle) and "-w" in options:
                options.remove("-w")
            self.check(needle, options, ["-F", *options], ["-F", *options])

    def pattern(self, depth=2):
        """Of what grep -E, grep -P and RE2 understand alike."""
        kind = self.random.randrange(7 if depth else 4)
        if kind < 2:
            return "".join("\\" + c if c in "\\.[]{}()*+?^$|#/-" else c for c in self.needle()[:4])
        if kind == 2:
            return self.random.choice((".", "[ab]", "[^a ]", "[a-z]", "[A-Z_]", "[会計]", "[0-9]"))
        if kind == 3:
            return self.random.choice(("lease", "foo", "a", "会計", "é"))
        if kind == 4:
            return self.pattern(depth - 1) + self.pattern(depth - 1)
        if kind == 5:
            return f"({self.pattern(depth - 1)}|{self.pattern(depth - 1)})"
        return f"({self.pattern(depth - 1)}){self.random.choice(('+', '{2}', '{1,3}', '?x', '*b'))}"

    def anchored(self, pattern):
        """Anchors stand outside all else: grep -E 3.8 finds nothing at all by "(^[^a ]){1,3}"."""
        return self.random.choice(("^{}", "{}$", "{}", "{}", "({})|^b", "a$|{}")).format(pattern)

    def test_regular_expressions_are_found_where_grep_finds_them(self):
        """Lines as grep -E has them; which characters of a line, as the engines of Perl do: the first way that fits."""
        for _ in range(QUERIES):
            pattern = self.anchored(self.pattern())
            if pattern.startswith("-"):
                continue
            self.check(pattern, ["-E"], ["-E"], ["-P"])


if __name__ == "__main__":
    main()
