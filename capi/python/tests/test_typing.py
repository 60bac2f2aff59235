"""The package's types hold, and tell users of their mistakes."""
import os
import pathlib
import subprocess
import sys

import pytest

import archaeologist

PACKAGE = pathlib.Path(archaeologist.__file__).parent
mypy = pytest.importorskip("mypy")

USER = """
import archaeologist
with archaeologist.open("data", workers=2) as a:
    p = a.project("x")
    source = p.upload("f.txt", priority="high").wait()
    reveal_type(source.chunk_count)
    for hit in p.search("words", mode="literal"):
        reveal_type(hit.first_line)
    @a.handler("square")
    def square(job: archaeologist.Lease) -> dict[str, int]:
        return {"square": 1}
    reveal_type(a.enqueue("square").wait().status)
    p.search("words", mod="literal")
    p.upload(5)
    a.handler("bad")(lambda: None)
"""


def check(folder, *what):
    environment = dict(os.environ)
    if PACKAGE.parent.name != "site-packages":  # there mypy finds it by itself, by py.typed
        environment["MYPYPATH"] = str(PACKAGE.parent)
    return subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", folder, *what], capture_output=True, text=True,
                          env=environment, cwd=folder)


@pytest.mark.parametrize("version", ["3.9", "3.13"])
def test_the_package_is_strictly_typed(tmp_path, version):
    done = check(tmp_path, "--python-version", version, "-p", "archaeologist")
    assert done.returncode == 0, done.stdout


def test_users_see_types_and_mistakes(tmp_path):
    (tmp_path / "user.py").write_text(USER)
    lines = check(tmp_path, "user.py").stdout.splitlines()
    notes = [line for line in lines if "note: Revealed" in line]
    assert ['"builtins.int"' in notes[0], '"builtins.int"' in notes[1], "JobStatus" in notes[2]] == [True] * 3
    errors = [int(line.split(":")[1]) for line in lines if ": error:" in line]
    assert errors == [13, 14, 15]
