"""What was ingested is found, where it is said to be."""
import json
import os
import pathlib
import subprocess
import unittest

from program import Case, main

QUEUE_SOURCE = """#include <vector>

// Leases the best ready jobs for one worker.
int claim_ready_jobs(int worker_id) {
    int lease_ms = 10000;
    return worker_id + lease_ms;
}

// Gives a finished job back.
int settle_finished_job(int job_id) {
    return job_id;
}
"""
MANUAL = """# Billing manual

## Warranty

The supplier grants a warranty of twelve months on merchantability and fitness.

## Payment

Invoices are payable within thirty days. Late payment costs interest.
"""
JAPANESE = "これは会計処理の手引きです。\n請求書は三十日以内に支払うこと。\n"


class Search(Case):
    def setUp(self):
        super().setUp()
        self.write("src/queue.cpp", QUEUE_SOURCE)
        self.write("doc/billing.md", MANUAL)
        self.write("doc/ja.txt", JAPANESE)

    def lines_on_disk(self, hit):
        name = hit["source_name"]
        path = next(path for path in self.tree.rglob("*") if str(path).endswith(name))
        first, last = hit["line_range"] if isinstance(hit["line_range"], list) else hit["line_range"].values()
        return "".join(path.read_text().splitlines(keepends=True)[first - 1:last])

    def test_each_mode_finds_the_passage_and_its_lines_hold_it(self):
        self.ingest()
        for mode, query, name, proof in [
                ("literal", "lease_ms = 10000", "queue.cpp", "lease_ms = 10000"),
                ("words", "warranty merchantability", "billing.md", "merchantability"),
                ("semantic", "supplier grants a warranty", "billing.md", "warranty"),
                ("hybrid", "claim ready jobs", "queue.cpp", "claim_ready_jobs")]:
            with self.subTest(mode=mode):
                best = self.search(query, mode)["results"][0]
                self.assertTrue(best["source_name"].endswith(name), best["source_name"])
                self.assertIn(proof, self.lines_on_disk(best))

    def test_a_hits_byte_range_and_highlights_are_those_of_the_file(self):
        self.ingest()
        reply = self.search("settle_finished_job")
        self.assertEqual(reply["total_found"], 1)
        hit = reply["results"][0]
        content = hit["content"].encode()
        begin, end = hit["byte_range"] if isinstance(hit["byte_range"], list) else hit["byte_range"].values()
        self.assertEqual(QUEUE_SOURCE.encode()[begin:end], content)
        lit = [tuple(light) if isinstance(light, list) else tuple(light.values()) for light in hit["highlights"]]
        self.assertIn(b"settle_finished_job", [content[begin:end] for begin, end in lit])

    def test_words_are_found_in_running_japanese_text(self):
        self.ingest()
        self.assertTrue(self.names_found("会計処理", "words")[0].endswith("ja.txt"))
        self.assertTrue(self.names_found("三十日以内", "literal")[0].endswith("ja.txt"))

    def test_prose_is_found_in_the_forms_of_its_language(self):
        self.write("doc/de.txt", "Das Haus am See ist nicht bewohnt, und die Kinder lachten im Garten, als sie vor der Tür standen.\n")
        self.write("doc/fr.md", "# Le lac\n\nLes maisons au bord du lac sont vides et les enfants jouent dans un jardin qui est grand.\n")
        self.ingest()
        self.assertEqual(self.source("de.txt")["language"], "german")
        self.assertEqual(self.source("fr.md")["language"], "french")
        self.assertEqual(self.source("queue.cpp")["language"], "c++")
        for query, name in [("Häuser", "de.txt"), ("Gärten", "de.txt"), ("maison enfant", "fr.md"), ("claims", "queue.cpp"),
                            ("supplying warranties", "billing.md"), ("Häuser lang:de", "de.txt")]:
            with self.subTest(query=query):
                self.assertTrue(self.names_found(query, "words")[0].endswith(name))
        hit = self.search("Häuser", "words")["results"][0]
        self.assertEqual(hit["why"]["words"], ["haus"])
        self.assertEqual(self.search("Häuser lang:fr", "words")["results"], [])

    def test_what_was_indexed_as_english_is_found_beside_what_was_not(self):
        text = "Das Haus am See ist nicht bewohnt, und die Kinder lachten im Garten, als sie vor der Tür standen.\n"
        self.write("doc/old.txt", text)
        self.ingest("--languages", "en")
        self.assertEqual(self.source("old.txt")["language"], "english")
        self.assertEqual(self.names_found("Gärten", "words"), [])
        self.write("doc/new.txt", text + "Neu.\n")
        self.ingest()
        found = self.names_found("lachten", "words")
        self.assertEqual([name.rsplit("/", 1)[-1] for name in found], ["new.txt", "old.txt"])
        self.ingest("--force")
        self.assertEqual(len(self.names_found("Gärten", "words")), 2)

    def test_a_language_that_is_not_known_is_refused(self):
        _, error = self.run_program("ingest", self.tree, "--languages", "de,xx", expect=2)
        self.assertIn('languages is "de,xx", must be auto or codes with commas between, of en, eu, ca, ', error)

    def test_a_part_of_an_identifier_is_found_by_words(self):
        self.ingest()
        self.assertTrue(self.names_found("settle", "words")[0].endswith("queue.cpp"))

    def test_filters_restrict_by_glob_and_type(self):
        self.ingest()
        self.assertEqual(self.names_found("e", "literal", "-g", "**/*.md", "--limit", "50", "-i")[:1],
                         [self.source("billing.md")["filename"]])
        markdown = self.search("interest", "words", "-t", self.source("billing.md")["file_type"])["results"]
        self.assertEqual(len(markdown), 1)
        self.assertEqual(self.search("interest", "words", "-t", "cobol")["results"], [])

    def test_literal_search_minds_case_and_words_as_asked(self):
        self.ingest()
        self.assertEqual(self.search("WARRANTY")["total_found"], 0)
        self.assertEqual(self.search("WARRANTY", "literal", "-i")["total_found"], 2)
        self.assertEqual(self.search("job", "literal", "-w")["total_found"], 1)
        self.assertGreater(self.search("job", "literal")["total_found"], 1)

    def test_grep_and_vimgrep_lines_point_at_the_text(self):
        self.ingest()
        number = QUEUE_SOURCE.splitlines().index("    int lease_ms = 10000;") + 1
        name = self.source("queue.cpp")["filename"]
        query = ("search", "lease_ms = 10000", "--project", "p", "--mode", "literal")
        output, _ = self.run_program(*query, "--format", "grep")
        self.assertEqual(output, f"{name}:{number}:    int lease_ms = 10000;\n")
        output, _ = self.run_program(*query, "--format", "vimgrep")
        self.assertEqual(output, f"{name}:{number}:9:    int lease_ms = 10000;\n")
        output, _ = self.run_program(*query)
        self.assertEqual(output, f"{name}\n{number}:    int lease_ms = 10000;\n")
        output, _ = self.run_program(*query, "-C", "1", "--color", "always")
        self.assertEqual(output, f"\x1b[35m{name}\x1b[0m\n\x1b[32m{number - 1}\x1b[0m-int claim_ready_jobs(int worker_id) {{\n"
                                 f"\x1b[32m{number}\x1b[0m:    int \x1b[1;31mlease_ms = 10000\x1b[0m;\n"
                                 f"\x1b[32m{number + 1}\x1b[0m-    return worker_id + lease_ms;\n")

    def test_regular_expressions_and_several_patterns_are_found_by_line(self):
        self.ingest()
        query = ("search", "--project", "p", "--format", "grep")
        output, _ = self.run_program(*query, "-E", "^int [a-z_]+\\(")
        self.assertEqual([line.split(":", 2)[2] for line in output.splitlines()],
                         [line for line in QUEUE_SOURCE.splitlines() if line.startswith("int ")])
        output, _ = self.run_program(*query, "--mode", "literal", "-e", "worker_id;", "-e", "interest.")
        self.assertEqual(len(output.splitlines()), 1)
        _, error = self.run_program(*query, "-E", "a(b", expect=2)
        self.assertIn("missing )", error)

    def test_the_query_syntax_says_what_must_and_must_not_be_there(self):
        self.ingest()
        self.assertEqual(len(self.names_found('"twelve months"', "words")), 1)
        self.assertEqual(self.names_found('"months twelve"', "words"), [])
        self.assertEqual(self.names_found("job -worker -settle", "words"), [])
        self.assertEqual(len(self.names_found("job path:src lang:cpp", "hybrid")), 1)
        self.assertEqual(self.names_found("job path:doc", "hybrid"), [])
        self.assertEqual(len(self.names_found("merchant*", "words")), 1)
        _, error = self.run_program("search", "--project", "p", "x type:nosuch", expect=2)
        self.assertIn("type:nosuch at character 3 is no type of file, must be one of text", error)
        for arguments in [("job lang:nosuch",), ("job", "--type", "nosuch")]:
            _, error = self.run_program("search", "--project", "p", *arguments, expect=2)
            self.assertIn("nosuch", error)
            self.assertIn("must be like python, c++ or german", error)

    def test_each_definition_and_section_of_a_chunk_is_found_and_named(self):
        self.ingest()
        for query, mode, name in [
                ("symbol:settle_finished_job", "hybrid", "settle_finished_job"),
                ("symbol:claim*", "words", "claim_ready_jobs"),
                ("return job_id", "literal", "settle_finished_job"),
                ("return worker_id", "literal", "claim_ready_jobs"),
                ("#include", "literal", None)]:
            with self.subTest(query=query):
                self.assertEqual(self.search(query, mode)["results"][0]["symbol"], name)
        for query, heading in [("Late payment", "Billing manual > Payment"), ("supplier grants", "Billing manual > Warranty")]:
            self.assertEqual(self.search(query, "literal")["results"][0]["heading"], heading)
        self.assertEqual(len(self.search("symbol:Payment", "words")["results"]), 1)

    def test_limit_and_offset_page_through_the_hits(self):
        for number in range(20):
            self.write(f"many/{number:02d}.txt", f"report {number} about quarterly figures\n")
        self.ingest()
        every = [hit["chunk_id"] for hit in self.search("quarterly", "words", "--limit", "50")["results"]]
        self.assertEqual(len(every), 20)
        pages = [self.search("quarterly", "words", "--limit", "5", "--offset", str(at))["results"]
                 for at in range(0, 25, 5)]
        self.assertEqual([hit["chunk_id"] for page in pages for hit in page], every)

    def test_no_hit_is_said_with_how_much_was_searched(self):
        self.ingest()
        output, error = self.run_program("search", "qqqqnothing", "--project", "p", "--mode", "literal", expect=1)
        self.assertEqual(output, "")
        self.assertIn("nothing found in 3 searchable files", error)

    def test_a_word_that_is_nowhere_is_found_in_no_mode(self):
        self.ingest()
        for mode in ("literal", "words", "hybrid", "semantic"):
            self.assertEqual(self.search("qqqqnothing", mode)["results"], [], mode)

    def test_the_project_is_the_git_roots_name_and_another_is_not_searched(self):
        repository = self.tree / "legacy-billing"
        (repository / ".git").mkdir(parents=True)
        (repository / "a.txt").write_text("the clerk posted it\n")
        self.run_program("ingest", ".", cwd=repository)
        self.assertEqual([project["name"] for project in self.json("projects", "list")], ["legacy-billing"])
        output, _ = self.run_program("search", "clerk", cwd=repository)
        self.assertIn("a.txt\n1  ", output)
        self.run_program("projects", "create", "empty")
        output, _ = self.run_program("search", "clerk", "--project", "empty", expect=1)
        self.assertEqual(output, "")

    def test_a_reader_that_goes_away_ends_the_search_quietly(self):
        for number in range(200):
            self.write(f"many/{number}.txt", f"the ledger number {number}\n" + "x y z\n" * 200)
        self.ingest()
        for restore in (True, False):
            reading, writing = os.pipe()
            os.close(reading)
            process = self.start("search", "ledger", "--project", "p", "--mode", "words", "--limit", "1000",
                                 stdout=writing, restore_signals=restore)
            os.close(writing)
            _, error = process.communicate()
            self.assertEqual(process.returncode, 0)
            self.assertEqual(error.count(b"archaeologist:"), 0, error)

    def test_output_that_cannot_be_written_is_a_failure(self):
        if not pathlib.Path("/dev/full").exists():
            self.skipTest("no /dev/full")
        self.ingest()
        with open("/dev/full", "wb") as full:
            _, error = self.run_program("search", "the", "--project", "p", expect=2, stdout=full)
        self.assertIn("standard output: cannot be written", error)


class Lists(Case):
    def test_jobs_are_listed_and_shown_as_table_and_json(self):
        self.write("a.txt", "one\n")
        self.write("b.bin", bytes(range(256)) * 16)
        self.ingest()
        page = self.json("jobs", "list", "--project", "p")
        self.assertEqual((page["total"], page["page"], page["has_more"]), (2, 1, False))
        job = self.json("jobs", "show", page["jobs"][0]["id"])
        self.assertEqual((job["status"], job["progress_percentage"]), ("completed", 100))
        self.assertEqual(len(job["attempts"]), 1)
        self.assertEqual(self.json("jobs", "list", "--status", "failed")["total"], 0)
        self.assertEqual(self.json("jobs", "list", "--type", "nosuch")["total"], 0)
        table, position = self.run_program("jobs", "list", "--per-page", "1")
        self.assertEqual(len(table.splitlines()), 2)
        self.assertTrue(all(len(line) <= 80 for line in table.splitlines()))
        self.assertIn("1 to 1 of 2 jobs, --page 2 shows more", position)
        described, _ = self.run_program("jobs", "show", job["id"])
        self.assertIn(job["id"], described)

    def test_sources_are_listed_by_name_with_what_became_of_them(self):
        self.write("a.txt", "one\n")
        self.write("b.bin", bytes(range(256)) * 16)
        self.ingest()
        self.assertEqual([source["status"] for source in self.sources()], ["searchable", "unsupported"])
        self.assertEqual(len(self.sources("--status", "unsupported")), 1)
        table, _ = self.run_program("sources", "list", "--project", "p")
        self.assertIn("a.txt", table)
        self.assertIn("unsupported", table)

    def test_projects_are_made_and_listed(self):
        made = self.json("projects", "create", "billing", "--description", "the old one")
        self.assertEqual(made["name"], "billing")
        listed = self.json("projects", "list")
        self.assertEqual([project["description"] for project in listed], ["the old one"])
        _, error = self.run_program("projects", "create", "billing", expect=1)
        self.assertIn('"billing"', error)

    def test_json_is_one_line_everywhere(self):
        self.write("a.txt", "one\n")
        for command in [("ingest", self.tree, "--project", "p"), ("search", "one", "--project", "p"),
                        ("jobs", "list"), ("sources", "list", "--project", "p"), ("projects", "list")]:
            output, _ = self.run_program(*command, "--json")
            self.assertEqual(output.count("\n"), 1, command)
            json.loads(output)
        output, _ = self.run_program("search", "one", "--project", "p", "--format", "json")
        json.loads(output)

    def test_help_and_version_go_to_standard_output(self):
        for arguments in (["--help"], ["search", "--help"], ["--version"]):
            done = subprocess.run([os.environ["ARCHAEO_CLI"], *arguments], capture_output=True, text=True)
            self.assertEqual((done.returncode, done.stderr), (0, ""))
            self.assertTrue(done.stdout)


if __name__ == "__main__":
    main()
