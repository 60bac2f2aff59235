"""What the programs say of themselves by --help: the one source that manual pages and completions are held against."""
import os
import pathlib
import re
import subprocess

FOLDER = pathlib.Path(os.environ["ARCHAEO_PROGRAMS"])
DESCRIBED = pathlib.Path(os.environ["ARCHAEO_DESCRIBED"])
NAMES = ("archaeologist", "archaeologist-httpd", "archaeologist-worker")


class Command:
    """The program, or one of its commands."""

    def __init__(self, words):
        self.words = words
        self.help = subprocess.run([FOLDER / words[0], *words[1:], "--help"], capture_output=True, text=True, check=True).stdout
        # "  -p,--project NAME    …"
        lines = re.findall(r"(?m)^  (-\S+)(?: ([A-Z][A-Z:=]*))?(?= |$)", self.help)
        self.options = {name: value for names, value in lines for name in names.split(",")}
        self.variables = set(re.findall(r"\$([A-Z0-9_]+)", self.help))
        below = self.help.partition("\nSubcommands:\n")[2].partition("\n\n")[0]
        self.commands = [Command([*words, name]) for name in re.findall(r"(?m)^  ([a-z]+)", below)]

    def all(self):
        yield self
        for command in self.commands:
            yield from command.all()


PROGRAMS = {name: Command([name]) for name in NAMES}
