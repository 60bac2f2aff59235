"""--server URL: every command says the same of a real front-end as of its data folder."""
import re
import subprocess

from daemon import PROGRAMS, Case, main, marked

UNKNOWN = "00000000-0000-4000-8000-000000000000"


class Same(Case):
    def setUp(self):
        super().setUp()
        self.tree = self.root / "tree"
        (self.tree / "a b").mkdir(parents=True)
        for number in range(6):
            (self.tree / "a b" / f"{number}.txt").write_bytes(marked(number))
        (self.tree / "ledger.py").write_text("def post_balance(account):\n    return account.balance\n")
        (self.tree / "empty.txt").write_bytes(b"")
        (self.tree / "noise.bin").write_bytes(bytes(range(256)) * 20)
        self.httpd = self.start("httpd")
        self.there = ("--server", self.httpd.url)
        self.here = ("--data", self.data)

    def run_cli(self, *arguments):
        """Exit code, output, error."""
        done = subprocess.run([PROGRAMS["cli"], *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=120, env=self.environment(), cwd=self.root, check=False)
        return done.returncode, done.stdout, done.stderr

    def said(self, *arguments, expect=0):
        code, output, error = self.run_cli(*arguments)
        self.assertEqual(code, expect, (arguments, output, error))
        return output

    def ingest(self, *where):
        return self.said(*where, "ingest", self.tree, "--project", "p")

    def check_same(self, *command, expect=0):
        outputs = [[self.untimed(text) for text in self.run_cli(*where, *command)[1:]]
                   for where in (self.here, self.there)]
        codes = [self.run_cli(*where, *command)[0] for where in (self.here, self.there)]
        self.assertEqual(codes, [expect, expect], command)
        self.assertEqual(outputs[0], outputs[1], command)
        return outputs[0][0]

    @staticmethod
    def untimed(text):
        """Without what differs from one call to the next."""
        text = re.sub(r'"query_time_ms":[0-9.e+-]+', '"query_time_ms":0', text)
        return re.sub(r"\b[0-9.]+ m?s\b", "TIME", text)

    def test_an_ingest_says_the_same_and_so_does_its_repetition(self):
        local = ("--data", self.root / "local")
        for round_number in range(2):
            self.assertEqual(self.untimed(self.ingest(*local)), self.untimed(self.ingest(*self.there)), round_number)
        (self.tree / "ledger.py").write_text("def post_balance(account):\n    return account.sum\n")
        self.assertEqual(self.untimed(self.ingest(*local)), self.untimed(self.ingest(*self.there)))
        listed = [re.sub(r"[0-9T:.-]{20,}Z", "AT", self.said(*where, "sources", "list", "--project", "p"))
                  for where in (local, self.there)]
        self.assertEqual(*[sorted(re.sub(r"(?m)^ *\d+ ", "", text).splitlines()) for text in listed])

    def test_what_is_searched_is_found_alike_in_every_mode_and_form(self):
        self.ingest(*self.there)
        for mode in ("hybrid", "words", "semantic", "literal"):
            for query in ("balance", "zqmark00003end", "no such thing at all"):
                for form in ("text", "grep", "vimgrep", "json"):
                    with self.subTest(mode=mode, query=query, form=form):
                        command = ("search", query, "--project", "p", "--mode", mode, "--format", form)
                        code = self.run_cli(*self.here, *command)[0]
                        self.check_same(*command, expect=code)
        self.assertIn("a b/3.txt", self.check_same("search", "zqmark00003end", "--project", "p", "--mode", "literal"))

    def test_options_of_a_search_arrive(self):
        self.ingest(*self.there)
        for options in (("-t", "python"), ("-g", "*.py"), ("-i", "--mode", "literal"), ("-w", "--mode", "literal"),
                        ("--limit", "2"), ("--offset", "1"), ("-E",), ("-C", "2"), ("-C", "2", "-E", "--format", "grep"),
                        ("--per-file", "1", "--mode", "words")):
            self.check_same("search", "balance", "--project", "p", *options)

    def test_lists_say_the_same(self):
        self.ingest(*self.there)
        for command in (("jobs", "list"), ("jobs", "list", "--status", "completed"), ("jobs", "list", "--per-page", "2"),
                        ("sources", "list", "--project", "p"), ("sources", "show", "1", "--project", "p"),
                        ("projects", "list"), ("queue", "stats")):
            self.assertTrue(self.check_same(*command))
            self.assertTrue(self.check_same("--json", *command))

    def test_a_job_says_the_same(self):
        self.ingest(*self.there)
        for job in self.httpd.get("/api/v1/jobs")["jobs"]:
            self.check_same("jobs", "show", job["id"])
            self.check_same("--json", "jobs", "show", job["id"])

    def test_what_is_not_there_is_refused_alike(self):
        self.ingest(*self.there)
        for command in (("jobs", "show", UNKNOWN), ("sources", "show", "999", "--project", "p"),
                        ("search", "x", "--project", "none"), ("sources", "list", "--project", "none"),
                        ("projects", "delete", "none"), ("jobs", "cancel", UNKNOWN)):
            self.check_same(*command, expect=2)

    def test_the_doctor_s_exit_code_is_0_for_a_sound_server_and_1_for_none(self):
        self.said(*self.there, "doctor")
        self.said("--data", self.data, "doctor")
        self.assertEqual(self.httpd.stop(), 0)
        self.said(*self.there, "doctor", expect=1)


class ConfigFile(Case):
    def test_a_daemon_s_file_leads_to_its_data(self):
        file = self.root / "httpd.conf"
        file.write_text(f"data = {self.data}\nlisten = 127.0.0.1:0\nworkers = 1\nproject-less = 1\n")
        program = [PROGRAMS["cli"], "--config", file]
        done = subprocess.run([*program, "queue", "stats"], capture_output=True, text=True, check=False, env=self.environment())
        self.assertEqual(done.returncode, 2)
        self.assertIn('"project-less" is no setting', done.stderr)
        file.write_text(f"data = {self.data}\nlisten = 127.0.0.1:0\nworkers = 1\n")
        httpd = self.start("httpd", "--config", file)
        self.make_project(httpd, "of-the-daemon")
        said = subprocess.run([*program, "projects", "list"], capture_output=True, text=True, check=True, env=self.environment())
        self.assertIn("of-the-daemon", said.stdout)

    def test_a_file_may_name_a_server_and_a_project(self):
        httpd = self.start("httpd")
        file = self.root / "client.conf"
        file.write_text(f"server = {httpd.url}\nproject = ledgers\n")
        (self.root / "a.txt").write_text("the clerk posted the balance\n")
        for command in (["ingest", "a.txt"], ["search", "balance"]):
            said = subprocess.run([PROGRAMS["cli"], "--config", file, *command], capture_output=True, text=True, check=True,
                                  env=self.environment(), cwd=self.root)
        self.assertIn("clerk", said.stdout)
        self.assertEqual([project["name"] for project in httpd.get("/api/v1/projects")], ["ledgers"])


if __name__ == "__main__":
    main()
