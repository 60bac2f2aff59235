"""An engine in a folder of the test's own."""
import pathlib
import sys

import pytest

import archaeologist

ROOT = pathlib.Path(__file__).resolve().parents[3]
WAIT_S = 60  # for what comes at once unless something is broken


@pytest.fixture
def data(tmp_path):
    return tmp_path / "data"


@pytest.fixture
def engine(data):
    with archaeologist.open(data, grace=5) as made:
        yield made


@pytest.fixture
def project(engine):
    return engine.project("demo")


@pytest.fixture
def run_python(tmp_path):
    """Runs a program in a Python of its own, in the test's folder; gives the finished process."""
    import os
    import subprocess

    def run(program, *, arguments=(), check=True, **options):
        environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        done = subprocess.run([sys.executable, "-B", "-X", "dev", "-c", program, *arguments], cwd=tmp_path, env=environment,
                              capture_output=True, text=True, timeout=WAIT_S, stdin=subprocess.DEVNULL, **options)
        if check:
            assert done.returncode == 0, done.stderr
        return done

    return run
