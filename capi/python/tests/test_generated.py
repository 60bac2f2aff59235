"""What is made from the header fits it, and fits the library."""
import ctypes
import os
import re
import shutil
import subprocess
import sys

import pytest
from conftest import ROOT

import archaeologist
from archaeologist import _abi, _constants, errors

HEADER = ROOT / "include/archaeologist/archaeologist.h"
GENERATOR = ROOT / "capi/python/generate.py"

needs_tree = pytest.mark.skipif(not HEADER.exists(), reason="runs outside of the source tree")


@pytest.fixture
def generate(monkeypatch):
    monkeypatch.syspath_prepend(str(GENERATOR.parent))
    import generate

    return generate


@needs_tree
def test_the_checked_in_files_fit_the_header():
    done = subprocess.run([sys.executable, "-B", GENERATOR, "--check"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


@needs_tree
def test_a_changed_header_makes_them_stale(generate):
    header = HEADER.read_text()
    changed = header.replace("ARCHAEO_TIMED_OUT = 7", "ARCHAEO_TIMED_OUT = 77").replace(
        "int32_t redis_shards;", "int64_t redis_shards;")
    package = GENERATOR.parent / "archaeologist"
    assert generate.constants_of(generate.Header(changed)) != (package / "_constants.py").read_text()
    assert generate.abi_of(generate.Header(changed)) != (package / "_abi.py").read_text()


@needs_tree
def test_an_enum_without_a_python_name_is_refused(generate):
    changed = HEADER.read_text() + "\nenum { ARCHAEO_COLOUR_RED = 1 };\n"
    with pytest.raises(generate.Unreadable, match="COLOUR_RED"):
        generate.Header(changed)


@needs_tree
def test_every_exported_function_is_declared():
    exported = {line.strip() for line in (ROOT / "capi/symbols.txt").read_text().splitlines()
                if line.strip().startswith("archaeo_")}
    assert set(_abi.FUNCTIONS) == exported


@needs_tree
def test_the_structs_are_laid_out_as_the_c_compiler_does(tmp_path):
    compiler = os.environ.get("CC") or shutil.which("cc")
    if compiler is None:
        pytest.skip("no C compiler is there")
    structs = [kind for kind in vars(_abi).values()
               if isinstance(kind, type) and issubclass(kind, ctypes.Structure) and hasattr(kind, "_fields_")]
    assert len(structs) >= 13
    lines = [f'    printf("%zu", sizeof({kind.__name__}));'
             + "".join(f' printf(" %zu", offsetof({kind.__name__}, {field[0]}));' for field in kind._fields_) + ' puts("");'
             for kind in structs]
    source = tmp_path / "layout.c"
    source.write_text("#include <stdio.h>\n#include <archaeologist/archaeologist.h>\nint main(void) {\n"
                      + "\n".join(lines) + "\n    return 0;\n}\n")
    subprocess.run([compiler, f"-I{ROOT}/include", source, "-o", tmp_path / "layout"], check=True)
    found = subprocess.run([tmp_path / "layout"], capture_output=True, text=True, check=True).stdout.splitlines()
    ours = [" ".join(map(str, [ctypes.sizeof(kind), *(getattr(kind, field[0]).offset for field in kind._fields_)]))
            for kind in structs]
    assert ours == found


def test_every_code_has_an_exception_of_its_own():
    codes = set(_constants.Code) - {_constants.Code.OK}
    assert set(errors.CLASSES) == codes
    assert len(set(errors.CLASSES.values())) == len(codes)
    for code in codes:
        assert errors.CLASSES[code].code == code


def test_the_exceptions_know_what_the_library_calls_retriable():
    for code, kind in errors.CLASSES.items():
        made = archaeologist._lib.archaeo_error_new(code, b"message")
        assert bool(archaeologist._lib.archaeo_error_is_retriable(made)) == kind.is_retriable, code
        archaeologist._lib.archaeo_error_free(made)


def test_a_number_of_a_later_library_is_a_member_without_a_name():
    status = _constants.JobStatus(99)
    assert status == 99
    assert str(status) == "unknown_99"
    assert isinstance(errors.error_of(99, "new"), archaeologist.InternalError)


@needs_tree
def test_the_package_has_the_versions_of_the_library():
    assert archaeologist.__version__ == archaeologist.library_version()
    version = re.search(r"project\(archaeologist VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text())
    assert version is not None and archaeologist.__version__ == version[1]
    assert archaeologist._lib.archaeo_abi_version() >= _constants.ABI_VERSION


def test_all_that_is_promised_is_there():
    for name in archaeologist.__all__:
        assert hasattr(archaeologist, name), name
