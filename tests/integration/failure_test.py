"""What the program says and how it ends when it cannot do what is asked."""
import os
import resource
import shutil
import sqlite3
import subprocess

from program import AS_ROOT, Case, main


class WrongRequests(Case):
    def test_a_wrong_command_line_ends_with_2_and_says_what_is_wrong(self):
        for arguments, said in [
                ((), "subcommand"), (("nosuch",), "nosuch"), (("ingest",), "PATH"), (("search",), "QUERY"),
                (("search", "x", "--mode", "fuzzy"), "hybrid, words, semantic, literal"),
                (("search", "x", "--limit", "0"), "--limit"), (("search", "x", "--limit", "1001"), "--limit"),
                (("search", "x", "--format", "xml"), "text, grep, vimgrep, json"),
                (("search", "x", "-w"), "--mode literal"), (("search", "x", "-t", "code", "-t", "cpp"), "--type"),
                (("ingest", ".", "--priority", "asap"), "low, normal, high, urgent"),
                (("jobs", "list", "--status", "lost"), "queued"), (("jobs", "show", "12"), "36"),
                (("jobs", "list", "--page", "0"), "--page"), (("projects", "list", "--log-level", "loud"), "warning")]:
            with self.subTest(arguments=arguments):
                output, error = self.run_program(*arguments, expect=2)
                self.assertEqual(output, "")
                self.assertIn(said, error)
                self.assertFalse(self.data.exists())

    def test_a_data_folder_that_is_not_there_is_not_made_by_reading(self):
        for arguments in [("search", "x"), ("jobs", "list"), ("sources", "list"), ("projects", "list")]:
            _, error = self.run_program(*arguments, expect=2)
            self.assertIn(str(self.data), error)
            self.assertFalse(self.data.exists())

    def test_an_unknown_project_is_named_with_those_there_are(self):
        self.run_program("projects", "create", "billing")
        _, error = self.run_program("search", "x", "--project", "biling", expect=2)
        self.assertIn('"biling"', error)
        self.assertIn("billing", error)

    def test_an_unknown_path_and_an_unknown_job_end_with_2(self):
        _, error = self.run_program("ingest", self.root / "nosuch", "--project", "p", expect=2)
        self.assertIn("nosuch", error)
        _, error = self.run_program("jobs", "show", "01890000-0000-7000-8000-000000000000", expect=2)
        self.assertIn("01890000-0000-7000-8000-000000000000", error)

    def test_a_project_name_that_breaks_the_rule_is_refused(self):
        for name in ("", "x" * 201, "a\nb"):
            _, error = self.run_program("projects", "create", name, expect=2)
            self.assertTrue(error.startswith("archaeologist: "), error)

    def test_an_empty_or_overlong_query_is_refused(self):
        self.write("a.txt", "text\n")
        self.ingest()
        for query in ("", "x" * 4097):
            self.run_program("search", "--project", "p", "--", query, expect=2)


class DataFolder(Case):
    def setUp(self):
        super().setUp()
        self.write("a.txt", "the walrus\n")

    def test_a_data_folder_that_is_a_file_is_refused(self):
        self.data.write_text("not a folder")
        process = self.start("ingest", self.tree)
        _, error = process.communicate(timeout=60)
        self.assertIn(process.returncode, (1, 2))
        self.assertIn(str(self.data).encode(), error)
        self.assertEqual(self.data.read_text(), "not a folder")

    def test_a_corrupt_catalog_is_named_and_never_deleted(self):
        self.ingest()
        for name in ("catalog.db-wal", "catalog.db-shm"):
            (self.data / name).unlink(missing_ok=True)
        for garbage in (b"this is no database " * 500, b""):
            with self.subTest(garbage=garbage[:8]):
                if garbage == b"":
                    continue
                (self.data / "catalog.db").write_bytes(garbage)
                for code, *arguments in [(1, "ingest", self.tree), (2, "search", "walrus", "--project", "p")]:
                    process = self.start(*arguments)
                    output, error = process.communicate(timeout=60)
                    self.assertEqual((process.returncode, output), (code, b""), error)
                    self.assertIn(b"catalog.db", error)
                self.assertEqual((self.data / "catalog.db").read_bytes(), garbage)

    def test_a_catalog_damaged_in_the_middle_fails_without_a_crash(self):
        self.write_marked_files("many", 40, kilobytes=1)
        self.ingest()
        path = self.data / "catalog.db"
        connection = sqlite3.connect(path)
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()
        content = bytearray(path.read_bytes())
        for at in range(8192, len(content), 4096):
            content[at:at + 512] = b"\xff" * 512
        path.write_bytes(content)
        process = self.start("jobs", "list")
        _, error = process.communicate(timeout=60)
        self.assertEqual(process.returncode, 1, error)
        self.assertIn(b"catalog.db", error)

    def test_a_newer_schema_is_refused_with_a_clear_message(self):
        self.ingest()
        connection = sqlite3.connect(self.data / "catalog.db")
        known = connection.execute("PRAGMA user_version").fetchone()[0]
        connection.execute(f"PRAGMA user_version = {known + 7}")
        connection.commit()
        connection.close()
        _, error = self.run_program("search", "walrus", "--project", "p", expect=2)
        for said in ("catalog.db", str(known + 7), str(known)):
            self.assertIn(said, error)

    def test_a_read_only_data_folder_is_an_error_and_changes_nothing(self):
        self.data.mkdir()
        prefix = self.as_nobody()
        self.ingest(prefix=prefix)
        folders = [self.data, *(path for path in self.data.rglob("*") if path.is_dir())]
        files = [path for path in self.data.rglob("*") if path.is_file()]
        for path in files:
            path.chmod(0o444)
        for path in folders:
            path.chmod(0o555)
            self.addCleanup(path.chmod, 0o755)
        self.write("b.txt", "the carpenter\n")
        _, error = self.run_program("ingest", self.tree, "--project", "p", prefix=prefix, expect=1)
        self.assertIn(str(self.data), error)

    def test_a_data_folder_below_one_that_may_not_be_written_is_an_error(self):
        closed = self.root / "closed"
        closed.mkdir()
        prefix = self.as_nobody()
        closed.chmod(0o555)
        self.addCleanup(closed.chmod, 0o755)
        _, error = self.run_program("ingest", self.tree, prefix=prefix, data=closed / "data", expect=1)
        self.assertIn("closed", error)


class FullDisk(Case):
    FILES = 400

    def setUp(self):
        super().setUp()
        self.write_marked_files("many", self.FILES, kilobytes=20)

    def mount_small(self):
        if not AS_ROOT or not shutil.which("mount"):
            self.skipTest("only root can mount a small file system")
        self.data.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", self.data], capture_output=True)
        if done.returncode != 0:
            self.skipTest("a tmpfs cannot be mounted here")
        self.addCleanup(subprocess.run, ["umount", "-l", self.data])

    def test_a_full_disk_is_an_error_and_the_next_run_continues_where_there_is_room(self):
        self.mount_small()
        _, error = self.run_program("ingest", self.tree, "--project", "p", expect=1)
        self.assertRegex(error, r"full|[Nn]o space")
        subprocess.run(["mount", "-o", "remount,size=400m", self.data], check=True)
        self.ingest()
        self.check_marked_files(self.FILES)

    def test_a_file_size_quota_is_an_error_and_the_next_run_continues_without_it(self):
        def limit():
            resource.setrlimit(resource.RLIMIT_FSIZE, (300_000, 300_000))

        process = self.start("ingest", self.tree, "--project", "p", preexec_fn=limit)
        _, error = process.communicate(timeout=300)
        self.assertEqual(process.returncode, 1, error)
        self.assertRegex(error.decode(), r"full|[Nn]o space|too large|quota")
        self.ingest()
        self.check_marked_files(self.FILES)


if __name__ == "__main__":
    main()
