"""Files and projects in people's hands: looked at, processed again, deleted."""
from program import Case, main


class Sources(Case):
    def setUp(self):
        super().setUp()
        self.write("a.txt", "the walrus\n")
        self.write("b.txt", "the carpenter\n")
        self.ingest()
        self.first = self.source("a.txt")

    def test_a_source_is_shown_in_full_in_its_own_project_only(self):
        shown = self.json("sources", "show", str(self.first["id"]), "--project", "p")
        self.assertEqual(shown, self.first)
        output, _ = self.run_program("sources", "show", str(self.first["id"]), "--project", "p")
        self.assertRegex(output, r"(?m)^name +.*a\.txt$")
        self.run_program("projects", "create", "other")
        _, error = self.run_program("sources", "show", str(self.first["id"]), "--project", "other", expect=2)
        self.assertIn("does not exist", error)
        self.run_program("sources", "delete", str(self.first["id"]), "--project", "other", expect=2)
        self.assertEqual(len(self.sources()), 2)

    def test_a_deleted_source_is_found_no_more_and_one_that_is_not_there_is_told(self):
        output, error = self.run_program("sources", "delete", str(self.first["id"]), "999", "--project", "p", expect=2)
        self.assertEqual(output, "1 deleted\n")
        self.assertIn("999", error)
        self.assertEqual(self.names_found("walrus"), [])
        self.assertEqual(len(self.names_found("carpenter")), 1)

    def test_a_source_processed_again_is_its_next_version(self):
        output, _ = self.run_program("sources", "reprocess", str(self.first["id"]), "--project", "p")
        self.run_program("jobs", "wait", output.strip())
        again = self.source("a.txt")
        self.assertEqual((again["version"], again["active_version"], again["status"]), (2, 2, "searchable"))

    def test_a_deleted_project_takes_all_that_was_in_it(self):
        self.run_program("projects", "delete", "q", expect=2)
        output, _ = self.run_program("projects", "delete", "p")
        self.assertEqual(output, "deleted, with 2 files\n")
        self.assertEqual(self.json("projects", "list"), [])
        self.ingest()
        self.assertEqual(len(self.names_found("walrus")), 1)


if __name__ == "__main__":
    main()
