"""Builds the wheel: the package and the library in one file. A PEP 517 backend that needs Python alone.

    python -m pip wheel --no-deps capi/python            the library: $ARCHAEOLOGIST_LIBRARY, or the newest of build/*/lib
    python wheel_backend.py --library FILE [--strip PROGRAM] FOLDER        the same without pip

The wheel is for the processor of the library and any Python 3.9 or later. It is tagged linux_..., not manylinux_...: it
stands on the system's libraries, those that archaeologist.h's library is linked with.
"""
import argparse
import base64
import hashlib
import io
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PACKAGE = HERE / "archaeologist"
SONAME = "libarchaeologist.so.0"

METADATA = """\
Metadata-Version: 2.1
Name: archaeologist
Version: {version}
Summary: Files in, searchable knowledge out
License: Apache-2.0
Requires-Python: >=3.9
Classifier: License :: OSI Approved :: Apache Software License
Classifier: Operating System :: POSIX :: Linux
Classifier: Programming Language :: Python :: 3
Classifier: Typing :: Typed
{externals}Description-Content-Type: text/markdown

{description}"""

WHEEL = """\
Wheel-Version: 1.0
Generator: archaeologist wheel_backend
Root-Is-Purelib: false
Tag: {tag}
"""

MACHINES = {3: "i686", 40: "armv7l", 62: "x86_64", 183: "aarch64", 243: "riscv64"}
# What a wheel may take for granted on Linux; the rest is named in the metadata.
ALWAYS_THERE = re.compile(r"^(libc|libm|libdl|libpthread|librt|libgcc_s|libstdc\+\+|ld-linux.*)\.so")


class Elf:
    """As much of an ELF file as a wheel has to know: its processor, and the libraries it needs."""

    def __init__(self, path):
        self.data = path.read_bytes()
        if self.data[:4] != b"\x7fELF" or self.data[5] != 1:
            raise ValueError(f"{path} is no shared library of Linux, little-endian")
        self.is_64 = self.data[4] == 2
        machine = struct.unpack_from("<H", self.data, 18)[0]
        if machine not in MACHINES:
            raise ValueError(f"{path} is for a processor of number {machine}, must be one of {MACHINES}")
        self.machine = MACHINES[machine]

    def sections(self):
        """(type, offset, size, link) of each."""
        if self.is_64:
            start, size, count = (*struct.unpack_from("<Q", self.data, 40), *struct.unpack_from("<HH", self.data, 58))
            layout, at = "<IIQQQQI", (1, 4, 5, 6)
        else:
            start, size, count = (*struct.unpack_from("<I", self.data, 32), *struct.unpack_from("<HH", self.data, 46))
            layout, at = "<IIIIIII", (1, 4, 5, 6)
        for index in range(count):
            fields = struct.unpack_from(layout, self.data, start + index * size)
            yield tuple(fields[number] for number in at)

    def needed(self):
        sections = list(self.sections())
        layout = "<qQ" if self.is_64 else "<iI"
        for kind, offset, size, link in sections:
            if kind != 6:  # SHT_DYNAMIC
                continue
            names_at = sections[link][1]
            for tag, value in struct.iter_unpack(layout, self.data[offset:offset + size]):
                if tag == 1:  # DT_NEEDED
                    end = self.data.index(b"\0", names_at + value)
                    yield self.data[names_at + value:end].decode()


def library_to_carry():
    chosen = os.environ.get("ARCHAEOLOGIST_LIBRARY")
    if chosen:
        return pathlib.Path(chosen)
    built = sorted(ROOT.glob(f"build/*/lib/{SONAME}"), key=lambda path: path.stat().st_mtime)
    if not built:
        raise FileNotFoundError(f"no build/*/lib/{SONAME}: build it, or say where it is in $ARCHAEOLOGIST_LIBRARY")
    return built[-1]


def version():
    return re.search(r'^__version__ = "(.+)"', (PACKAGE / "__init__.py").read_text(encoding="utf-8"), re.MULTILINE)[1]


def metadata(elf):
    externals = "".join(f"Requires-External: {name}\n" for name in elf.needed() if not ALWAYS_THERE.match(name))
    return METADATA.format(version=version(), externals=externals, description=(HERE / "README.md").read_text(encoding="utf-8"))


def stripped(library, program):
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder, SONAME)
        shutil.copyfile(library, copy)
        subprocess.run([program, "--strip-unneeded", copy], check=True)
        return copy.read_bytes()


class Archive:
    """A wheel being written. The same content gives the same bytes."""

    def __init__(self, path):
        self.zip = zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED)
        self.record = io.StringIO()

    def add(self, name, data, mode=0o644):
        info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        info.compress_type = zipfile.ZIP_DEFLATED
        info.external_attr = (0o100000 | mode) << 16
        self.zip.writestr(info, data)
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        self.record.write(f"{name},sha256={digest},{len(data)}\n")

    def close(self, record_name):
        info = zipfile.ZipInfo(record_name, (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o100644 << 16
        self.zip.writestr(info, self.record.getvalue() + f"{record_name},,\n")
        self.zip.close()


def make_wheel(folder, library, strip=None):
    elf = Elf(library)
    tag = f"py3-none-linux_{elf.machine}"
    name = f"archaeologist-{version()}-{tag}.whl"
    info = f"archaeologist-{version()}.dist-info"
    archive = Archive(pathlib.Path(folder, name))
    for path in sorted(PACKAGE.iterdir()):
        if path.suffix in (".py", ".typed"):
            archive.add(f"archaeologist/{path.name}", path.read_bytes())
    archive.add(f"archaeologist/lib/{SONAME}", stripped(library, strip) if strip else library.read_bytes(), 0o755)
    archive.add(f"{info}/METADATA", metadata(elf).encode())
    archive.add(f"{info}/WHEEL", WHEEL.format(tag=tag).encode())
    archive.add(f"{info}/LICENSE", (ROOT / "LICENSE").read_bytes())
    archive.close(f"{info}/RECORD")
    return name


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    return make_wheel(wheel_directory, library_to_carry())


def build_sdist(sdist_directory, config_settings=None):
    raise NotImplementedError("there is no source distribution: the library is built by CMake, from the whole tree")


def main():
    parser = argparse.ArgumentParser(description="builds the wheel")
    parser.add_argument("--library", type=pathlib.Path, required=True)
    parser.add_argument("--strip", help="a program that takes the debugging information out")
    parser.add_argument("folder", type=pathlib.Path)
    options = parser.parse_args()
    options.folder.mkdir(parents=True, exist_ok=True)
    print(options.folder / make_wheel(options.folder, options.library, options.strip))


if __name__ == "__main__":
    main()
