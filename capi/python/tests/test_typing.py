"""The package's types hold, and tell users of their mistakes."""
import os
import pathlib
import re
import subprocess
import sys
import textwrap

import pytest
from conftest import ROOT

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


PREAMBLE = """
import shutil, typing
import archaeologist
a: archaeologist.Engine
p: archaeologist.Project
response: typing.IO[bytes]
model: typing.Any
cursor: int
text: str
async def width_of(path: str) -> int: return 1
"""


@pytest.mark.skipif(not (ROOT / "capi/python/README.md").exists(), reason="runs outside of the source tree")
def test_what_the_readme_shows_exists(tmp_path):
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "capi/python/README.md").read_text(), flags=re.DOTALL)
    assert len(blocks) >= 5
    program = PREAMBLE + "".join(f"\nasync def block_{number}() -> None:\n{textwrap.indent(block, '    ')}"
                                 for number, block in enumerate(blocks))
    (tmp_path / "readme.py").write_text(program)
    done = subprocess.run([sys.executable, "-m", "mypy", "--check-untyped-defs", "--cache-dir", tmp_path, "readme.py"], cwd=tmp_path,
                          capture_output=True, text=True, env={**os.environ, "MYPYPATH": str(PACKAGE.parent)})
    assert done.returncode == 0, done.stdout
