"""Ingesting again, changing files, and trees that hold everything a tree can hold."""
import json
import os

from program import Case, main


class Changes(Case):
    def test_an_unchanged_tree_makes_no_jobs_and_says_so(self):
        for number in range(5):
            self.write(f"{number}.txt", f"text number {number}\n")
        first = self.ingest()
        self.assertEqual((first["searchable"], first["unchanged"], first["failed"]), (5, 0, 0))
        jobs = self.json("jobs", "list")["total"]
        output, _ = self.run_program("ingest", self.tree, "--project", "p")
        self.assertEqual(output, "nothing changed: 5 files, no jobs\n")
        self.assertEqual(self.json("jobs", "list")["total"], jobs)

    def test_force_processes_unchanged_files_again_without_doubling_them(self):
        self.write("a.txt", "a solitary walrus\n")
        self.ingest()
        self.assertEqual(self.ingest("--force")["searchable"], 1)
        self.assertEqual(self.search("walrus")["total_found"], 1)
        self.assertEqual(len(self.search("walrus", "words")["results"]), 1)

    def test_a_changed_file_gets_its_next_version_and_the_old_text_is_gone(self):
        self.write("a.txt", "the walrus\n")
        self.write("b.txt", "constant\n")
        self.ingest()
        self.write("a.txt", "the carpenter\n")
        report = self.ingest()
        self.assertEqual((report["searchable"], report["unchanged"]), (1, 1))
        source = self.source("a.txt")
        self.assertEqual((source["version"], source["active_version"]), (2, 2))
        for mode in ("literal", "words"):
            self.assertEqual(self.search("walrus", mode)["results"], [], mode)
        for mode in ("semantic", "hybrid"):
            self.assertNotIn("walrus", json.dumps(self.search("walrus", mode)["results"]), mode)
        self.assertEqual(self.search("carpenter")["total_found"], 1)

    def test_ingest_ends_with_the_counts_and_lists_unreadable_paths(self):
        self.write("a.txt", "readable\n")
        os.chmod(self.write("secret.txt", "unreadable\n"), 0)
        prefix = self.as_nobody()
        output, error = self.run_program("ingest", self.tree, "--project", "p", prefix=prefix, expect=1)
        self.assertIn("1 searchable · 0 skipped · 0 failed", output)
        self.assertIn("1 unreadable", output)
        self.assertIn("secret.txt", error)
        report = self.ingest(prefix=prefix, expect=1)
        self.assertEqual((report["problem_count"], report["unchanged"]), (1, 1))

    def test_a_folder_that_cannot_be_entered_does_not_stop_the_rest(self):
        self.write("a.txt", "readable\n")
        self.write("closed/b.txt", "unreachable\n")
        (self.tree / "closed").chmod(0)
        self.addCleanup((self.tree / "closed").chmod, 0o755)
        prefix = self.as_nobody()
        report = self.ingest(prefix=prefix, expect=1)
        self.assertEqual((report["searchable"], report["problem_count"]), (1, 1))

    def test_what_git_ignores_is_left_out_unless_all_is_asked(self):
        (self.tree / ".git").mkdir()
        self.write(".git/HEAD", "ref: refs/heads/main\n")
        self.write(".gitignore", "*.log\nout/\n")
        self.write("a.c", "int walrus;\n")
        self.write("b.log", "walrus logged\n")
        self.write("out/c.c", "int walrus_of_c;\n")
        self.write("node_modules/d.js", "walrus\n")
        self.ingest()
        self.assertEqual([name.rsplit("/", 1)[-1] for name in self.names_found("walrus")], ["a.c"])
        self.ingest("--all")
        self.assertEqual(len(self.names_found("walrus", "literal", "--limit", "50")), 4)


class OddFiles(Case):
    def test_an_empty_file_and_a_binary_one_are_skipped_and_no_failure(self):
        self.write("empty.txt", "")
        self.write("picture.png", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 64)
        self.write("a.txt", "text\n")
        report = self.ingest()
        self.assertEqual((report["searchable"], report["skipped"], report["failed"]), (1, 2, 0))
        for name in ("empty.txt", "picture.png"):
            source = self.source(name)
            self.assertEqual(source["status"], "unsupported")
            self.assertTrue(source["reason"])

    def test_a_loop_of_symbolic_links_ends(self):
        self.write("dir/a.txt", "walrus\n")
        os.symlink(self.tree, self.tree / "dir/up")
        os.symlink("self", self.tree / "self")
        os.symlink("nowhere", self.tree / "dangling")
        process = self.start("ingest", self.tree, "--project", "p")
        process.communicate(timeout=60)
        self.assertIn(process.returncode, (0, 1))
        self.assertEqual(self.search("walrus")["total_found"], 1)

    def test_a_named_pipe_in_the_tree_does_not_hang_it(self):
        self.write("a.txt", "walrus\n")
        os.mkfifo(self.tree / "pipe")
        process = self.start("ingest", self.tree, "--project", "p")
        process.communicate(timeout=60)
        self.assertEqual(self.search("walrus")["total_found"], 1)

    def test_no_name_or_text_reaches_the_screen_as_control_bytes(self):
        escape = b"\x1b]0;owned\x07\x1b[31m"
        for name in (b"new\nline.txt", b"esc" + escape + b".txt", b"inv\xff\xfe.txt", b"tab\t.txt", b"[a,b].txt",
                     "rtl\u202egnp.txt".encode(), b"quote\"'.txt", b"-dash.txt"):
            self.write(name, b"walrus \x1b[31m here \x9b31m\n")
        process = self.start("ingest", self.tree, "--project", "p")
        self.check_clean(b"".join(process.communicate(timeout=60)))
        self.assertIn(process.returncode, (0, 1))
        reply = self.search("walrus", "literal", "--limit", "50")
        self.assertGreaterEqual(len(reply["results"]) + sum(len(hit["also_in"]) for hit in reply["results"]), 7)
        for arguments in [("search", "walrus", "--project", "p", "--mode", "literal", "--format", form)
                          for form in ("text", "grep", "vimgrep")] + [
                              ("sources", "list", "--project", "p"), ("jobs", "list"),
                              ("search", "x", "--project", "no\x1b[31msuch")]:
            process = self.start(*arguments)
            self.check_clean(b"".join(process.communicate(timeout=60)))

    def check_clean(self, output):
        self.assertNotIn(b"\x1b", output)
        self.assertNotIn(b"\x07", output)
        output.decode("utf-8")

    def test_paths_with_brackets_and_dashes_are_taken_as_they_are(self):
        self.write("[a,b]/x.txt", "walrus one\n")
        self.write("-d/y.txt", "walrus two\n")
        report = self.json("ingest", "--project", "p", "--", "[a,b]", "-d", cwd=self.tree)
        self.assertEqual(report["searchable"], 2)

    def test_text_that_is_not_utf8_is_decoded_and_its_loss_counted(self):
        self.write("latin1.txt", "Die Grüße aus Köln kamen spät, für Müller.\n".encode("latin-1") * 20)
        self.write("utf16.txt", "The walrus spoke in UTF-16.\n".encode("utf-16"))
        self.ingest()
        self.assertEqual(self.search("walrus spoke")["total_found"], 1)
        self.assertGreater(self.search("Grüße")["total_found"], 0)

    def test_hundreds_of_files_give_few_lines_when_piped(self):
        self.write_marked_files("many", 300, kilobytes=1)
        output, error = self.run_program("ingest", self.tree, "--project", "p")
        self.assertEqual(len(output.splitlines()), 1)
        self.assertLess(len(error.splitlines()), 60)
        self.assertNotIn("\r", error)
        self.check_marked_files(300)


if __name__ == "__main__":
    main()
