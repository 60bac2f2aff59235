"""The manual pages say all that the programs understand, and nothing else, and no tool finds fault with them."""
import gzip
import os
import re
import shutil
import subprocess
import tempfile
import unittest

from programs import DESCRIBED, NAMES, PROGRAMS


def page_of(name):
    return DESCRIBED / ("man/man1" if name == "archaeologist" else "man/man8") / f"{name}.{1 if name == 'archaeologist' else 8}.gz"


def plain(roff):
    """Without fonts and escapes."""
    text = re.sub(r"\\f[BIR]", "", roff)
    for escape, character in ((r"\-", "-"), (r"\(aq", "'"), (r"\(ga", "`"), (r"\(ha", "^"), (r"\(ti", "~"), (r"\&", ""), (r"\e", "\\")):
        text = text.replace(escape, character)
    return text


def sections(name):
    text = plain(gzip.decompress(page_of(name).read_bytes()).decode())
    parts = re.split(r"(?m)^\.SH (.*)\n", text)
    return dict(zip(parts[1::2], parts[2::2]))


def options_of(text):
    """Those that have an entry of their own: name to value."""
    found = {}
    for names in re.findall(r"(?m)^\.TP\n(-.*)$", text):
        value = re.search(r" ([A-Z][A-Z:=]*)$", names)
        for name in names.removesuffix(value[0] if value else "").split(", "):
            found[name] = value[1] if value else ""
    return found


class ManualTest(unittest.TestCase):
    def test_a_page_has_the_program_s_options_and_no_others(self):
        for name in NAMES:
            self.assertGreater(len(PROGRAMS[name].options), 5)
            self.assertEqual(options_of(sections(name)["OPTIONS"]), PROGRAMS[name].options, name)

    def test_a_page_has_every_command_with_its_options_and_no_others(self):
        text = sections("archaeologist")["COMMANDS"]
        parts = re.split(r'(?m)^\.SS "([a-z ]+?)(?: [\[A-Z].*)?"\n', text)
        said = {words: options_of(body) for words, body in zip(parts[1::2], parts[2::2])}
        leaves = [command for command in PROGRAMS["archaeologist"].all() if not command.commands]
        self.assertGreater(len(leaves), 10)
        self.assertEqual(said, {" ".join(command.words[1:]): {name: value for name, value in command.options.items()
                                                              if name not in ("-h", "--help")} for command in leaves})

    def test_a_page_names_every_variable_and_exit_status_of_the_help(self):
        for name in NAMES:
            page = sections(name)
            named = set(re.findall(r"[A-Z][A-Z0-9_]{3,}", page["ENVIRONMENT"]))
            for command in PROGRAMS[name].all():
                self.assertLessEqual(command.variables, named, command.words)
            codes = re.findall(r"\d+", PROGRAMS[name].help.partition("Exit: ")[2])
            self.assertEqual(re.findall(r"\d+", page["EXIT STATUS"]), codes)
            self.assertGreater(len(codes), 2)

    def test_the_program_has_what_a_page_s_examples_say(self):
        commands = {" ".join(command.words): command for command in PROGRAMS["archaeologist"].all()}
        lines = re.findall(r"(?m)^archaeologist .*", sections("archaeologist")["EXAMPLES"])
        self.assertGreater(len(lines), 3)
        for line in lines:
            words = " ".join(re.match(r"archaeologist( [a-z]+){1,2}?(?= |$)", line)[0].split())
            longer = " ".join(line.split()[:3])
            command = commands[longer if longer in commands else words]
            for option in re.findall(r"(?<= )--?[a-z-]+", line):
                self.assertIn(option, command.options, line)

    def test_man_finds_no_fault(self):
        for name in NAMES:
            done = subprocess.run(["man", "--warnings", "-l", page_of(name)], capture_output=True, text=True, check=True,
                                  env=os.environ | {"LC_ALL": "C.UTF-8", "MANROFFOPT": "", "MANPAGER": "cat"})
            self.assertEqual(done.stderr, "", name)
            self.assertIn(f"{name} - ", done.stdout)

    @unittest.skipIf(shutil.which("mandoc") is None, "needs mandoc")
    def test_mandoc_finds_no_fault(self):
        for name in NAMES:
            with tempfile.NamedTemporaryFile(suffix=".roff") as file:
                file.write(gzip.decompress(page_of(name).read_bytes()))
                file.flush()
                done = subprocess.run(["mandoc", "-Tlint", file.name], capture_output=True, text=True, check=False)
            self.assertEqual((done.stdout + done.stderr, done.returncode), ("", 0), name)


if __name__ == "__main__":
    unittest.main()
