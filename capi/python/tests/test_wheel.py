"""The wheel: carries the library, needs nothing else, and passes the whole suite in a fresh environment."""
import email
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile

import pytest
from conftest import ROOT

import archaeologist
from archaeologist import _library

PACKAGE = ROOT / "capi/python"

pytestmark = pytest.mark.skipif(not (PACKAGE / "wheel_backend.py").exists(), reason="runs outside of the source tree")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-B", PACKAGE / "wheel_backend.py", "--library", _library.path_of_library(), folder], check=True)
    [made] = folder.iterdir()
    return made


@pytest.fixture(scope="module")
def environment(wheel, tmp_path_factory):
    """The Python of a fresh environment with nothing but the wheel in it."""
    folder = tmp_path_factory.mktemp("environment")
    venv.create(folder, with_pip=True)
    python = folder / "bin/python3"
    subprocess.run([python, "-m", "pip", "install", "--no-index", "--disable-pip-version-check", "-q", wheel], check=True)
    return python


def clean(**more):
    kept = {name: value for name, value in os.environ.items() if name not in ("PYTHONPATH", "ARCHAEOLOGIST_LIBRARY")}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", **more}


def test_the_wheel_says_what_it_is(wheel):
    platform = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    assert wheel.name == f"archaeologist-{archaeologist.__version__}-py3-none-{platform}.whl"
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        metadata = email.message_from_bytes(archive.read(f"archaeologist-{archaeologist.__version__}.dist-info/METADATA"))
        assert archive.testzip() is None
    assert {"archaeologist/__init__.py", "archaeologist/py.typed", "archaeologist/lib/libarchaeologist.so.0"} <= set(names)
    assert not [name for name in names if "test" in name or name.endswith(".pyc")]
    assert metadata["Version"] == archaeologist.__version__
    needed = metadata.get_all("Requires-External")
    assert [name for name in needed if name.startswith("libsqlite3.so")]
    listed = subprocess.run(["readelf", "-d", _library.path_of_library()], capture_output=True, text=True, check=True).stdout
    assert all(f"[{name}]" in listed for name in needed)


def test_the_installed_package_uses_the_library_it_carries(environment, tmp_path):
    program = "import archaeologist, archaeologist._library as l; print(archaeologist.library_version(), l.path_of_library())"
    done = subprocess.run([environment, "-c", program], env=clean(), cwd=tmp_path, capture_output=True, text=True, check=True)
    version, path = done.stdout.split()
    assert version == archaeologist.__version__
    assert pathlib.Path(path).is_relative_to(environment.parent.parent)


def test_pip_builds_the_same_without_network(wheel, environment, tmp_path):
    subprocess.run([environment, "-m", "pip", "wheel", "--no-index", "--no-deps", "--disable-pip-version-check", "-q", "-w", tmp_path,
                    PACKAGE], env=clean(ARCHAEOLOGIST_LIBRARY=_library.path_of_library()), check=True)
    [made] = tmp_path.glob("*.whl")
    assert made.name == wheel.name
    assert made.read_bytes() == wheel.read_bytes()


def test_the_suite_passes_with_the_installed_wheel(environment, tmp_path):
    """pytest is lent by the environment that runs this."""
    tests = tmp_path / "capi/python/tests"
    shutil.copytree(PACKAGE / "tests", tests, ignore=shutil.ignore_patterns("test_wheel.py", "__pycache__"))
    lent = str(pathlib.Path(pytest.__file__).parent.parent)
    done = subprocess.run([environment, "-B", "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error", str(tests)], cwd=tmp_path,
                          env=clean(PYTHONPATH=lent, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"), capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    assert " passed" in done.stdout


def test_a_library_that_is_not_there_is_named(environment, tmp_path):
    done = subprocess.run([environment, "-c", "import archaeologist"], env=clean(ARCHAEOLOGIST_LIBRARY="/nowhere/lib.so"),
                          cwd=tmp_path, capture_output=True, text=True)
    assert "ImportError: /nowhere/lib.so cannot be loaded" in done.stderr
