"""Completions, asked of the real shells: what each offers is what the programs understand."""
import os
import pathlib
import pty
import select
import shlex
import shutil
import subprocess
import tempfile
import threading
import unittest

from programs import DESCRIBED, NAMES, PROGRAMS

PATIENCE_S = 60


class Bash:
    def offers(self, line, folder):
        words = line.split(" ")
        # As readline does.
        words = [part for word in words for part in (word.replace("=", " = ").split(" ") if "=" in word else [word])]
        script = (f"source {shlex.quote(str(DESCRIBED / 'bash' / words[0]))}; COMP_WORDS=({' '.join(map(shlex.quote, words))}); "
                  f"COMP_CWORD={len(words) - 1}; $(complete -p {words[0]} | sed 's/.*-F \\([^ ]*\\) .*/\\1/'); "
                  "printf '%s\\n' \"${COMPREPLY[@]}\"")
        done = subprocess.run(["bash", "--norc", "-c", script], capture_output=True, text=True, check=True, cwd=folder)
        if done.stderr:
            raise AssertionError(done.stderr)
        return set(done.stdout.split("\n")) - {""}


class Fish:
    def offers(self, line, folder):
        script = f"source {shlex.quote(str(DESCRIBED / 'fish' / line.split(' ')[0]))}.fish; complete --do-complete {shlex.quote(line)}"
        done = subprocess.run(["fish", "--no-config", "-c", script], capture_output=True, text=True, check=True, cwd=folder,
                              env=os.environ | {"HOME": str(folder), "LC_ALL": "C.UTF-8"})
        if done.stderr:
            raise AssertionError(done.stderr)
        # --mode=literal is offered whole.
        return {word.split("\t")[0].split("=")[-1].rstrip("/") for word in done.stdout.split("\n")} - {""}


# A tab makes zsh hand over what the completion has found, instead of showing it.
ZSH = r"""
PROMPT= ; unsetopt zle_bracketed_paste 2>/dev/null
fpath=({folder} $fpath)
autoload -Uz compinit && compinit -u -D
found=()
compadd() {{
    if [[ ${{@[1,(i)(-|--)]}} == *-(O|A|D)\ * ]]; then builtin compadd "$@"; return; fi
    local -a hits
    builtin compadd -A hits "$@"
    found+=($hits)
    builtin compadd "$@"
}}
say() {{ found=(); zle list-choices; print -rl -- $found '' > {pipe}; zle kill-whole-line }}
zle -N say
bindkey '^I' say
print ready > {pipe}
"""


class Zsh:
    """One interactive shell a question, on a terminal of its own."""

    def offers(self, line, folder):
        with tempfile.TemporaryDirectory() as work:
            work = pathlib.Path(work)
            pipe = work / "pipe"
            os.mkfifo(pipe)
            (work / ".zshrc").write_text(ZSH.format(folder=shlex.quote(str(DESCRIBED / "zsh")), pipe=shlex.quote(str(pipe))))
            child, terminal = pty.fork()
            if child == 0:
                os.chdir(folder)
                os.execvpe("zsh", ["zsh", "-d", "-i"], os.environ | {"ZDOTDIR": str(work), "TERM": "dumb", "LC_ALL": "C.UTF-8"})
            reader = threading.Thread(target=self.drain, args=(terminal,))
            reader.start()
            try:
                self.read(pipe)
                os.write(terminal, line.encode() + b"\t")
                return {word.rstrip("/") for word in self.read(pipe).split("\n")} - {""}
            finally:
                os.kill(child, 9)
                os.waitpid(child, 0)
                reader.join()
                os.close(terminal)

    @staticmethod
    def drain(terminal):
        try:
            while os.read(terminal, 4096):
                pass
        except OSError:  # the shell has ended
            pass

    @staticmethod
    def read(pipe):
        file = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
        try:
            text = b""
            while select.select([file], [], [], PATIENCE_S)[0]:
                part = os.read(file, 1 << 16)
                if not part and text:
                    return text.decode()
                text += part
            raise AssertionError("zsh did not answer")
        finally:
            os.close(file)


class Cases:
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)
        (self.folder / "notes.txt").write_text("x")
        (self.folder / "sub").mkdir()

    def check(self, line, *expected):
        self.assertEqual(self.shell.offers(line, self.folder), set(expected), line)

    def test_commands_are_offered_where_they_may_stand(self):
        program = PROGRAMS["archaeologist"]
        for command in program.all():
            if command.commands:
                self.check(" ".join([*command.words, ""]), *(one.words[-1] for one in command.commands))
        self.check("archaeologist jobs ca", "cancel")

    def test_an_option_s_value_is_no_command(self):
        self.check("archaeologist --data jobs queue ", "stats", "pause", "resume")

    def test_every_option_is_offered_where_it_is_understood(self):
        for name in NAMES:
            for command in PROGRAMS[name].all():
                offered = self.shell.offers(" ".join([*command.words, "--"]), self.folder)
                wanted = {option for option in command.options if option.startswith("--")}
                self.assertLessEqual(wanted, offered | {"--help"}, command.words)
                allowed = wanted | set(PROGRAMS[name].options)
                self.assertLessEqual({option for option in offered if option.startswith("--")}, allowed, command.words)

    def test_a_value_that_is_one_of_a_few_names_is_offered(self):
        self.check("archaeologist search --mode ", "hybrid", "words", "semantic", "literal")
        self.check("archaeologist search --mode=l", "literal")
        self.check("archaeologist jobs wait --status ", "pending", "queued", "running")
        self.check("archaeologist jobs delete --status ", "completed", "failed", "cancelled")
        self.check("archaeologist-httpd --queue ", "auto", "sqlite", "redis")

    def test_the_daemons_have_a_doctor(self):
        self.check("archaeologist-worker ", "doctor")

    def test_files_are_offered_where_files_are_meant(self):
        self.check("archaeologist ingest ", "notes.txt", "sub")
        self.check("archaeologist-httpd --config n", "notes.txt")
        self.check("archaeologist --data ", "sub")
        self.check("archaeologist search --limit ")


class BashTest(Cases, unittest.TestCase):
    shell = Bash()

    def test_every_program_has_a_completion(self):
        for name in NAMES:
            done = subprocess.run(["bash", "--norc", "-c", f"source {shlex.quote(str(DESCRIBED / 'bash' / name))}; complete -p {name}"],
                                  capture_output=True, text=True, check=True)
            self.assertTrue(done.stdout.endswith(f" {name}\n"), done.stdout)


@unittest.skipIf(shutil.which("zsh") is None, "needs zsh")
class ZshTest(Cases, unittest.TestCase):
    shell = Zsh()


@unittest.skipIf(shutil.which("fish") is None, "needs fish")
class FishTest(Cases, unittest.TestCase):
    shell = Fish()


if __name__ == "__main__":
    unittest.main()
