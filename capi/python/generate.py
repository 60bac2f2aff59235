"""Writes archaeologist/_constants.py and archaeologist/_abi.py from include/archaeologist/archaeologist.h.

usage: generate.py [--check]     with --check writes nothing, and exits 1 when a file does not fit the header
"""
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
HEADER = HERE.parent.parent / "include/archaeologist/archaeologist.h"
PACKAGE = HERE / "archaeologist"

# What the enumerators of a prefix are called in Python. A new enum of the header has to be given a name here.
ENUM_NAMES = {"": "Code", "LOG": "LogLevel", "ROLE": "Role", "QUEUE": "QueuePlace", "SOURCE": "SourceStatus",
              "PRIORITY": "Priority", "UNCHANGED": "IfUnchanged", "JOB": "JobStatus", "FAIL": "FailKind",
              "SEARCH": "SearchMode", "TEXT": "TextKind", "INTERRUPT": "Interrupt", "EXTERNAL": "ExternalModels", "BULK": "BulkAction"}
# Enumerators that stand alone in their type, and those that are of no enum at all.
UNPREFIXED_ENUM_HAS = "OK"

SCALARS = {"int": "c_int", "int32_t": "c_int32", "int64_t": "c_int64", "uint32_t": "c_uint32", "uint64_t": "c_uint64",
           "size_t": "c_size_t", "double": "c_double", "float": "c_float"}
NOTE = '"""{about}\n\nMade by generate.py from archaeologist.h: do not edit.\n"""\n'


class Unreadable(Exception):
    """The header says something this script has not learned to read."""


def without_comments(text):
    text = re.sub(r"/\*.*?\*/", " ", text, flags=re.DOTALL)
    return re.sub(r"^[ \t]*#(?!define ARCHAEO_\w+ ).*$", "", text, flags=re.MULTILINE)


class Header:
    """The header's constants, enums, structs, callbacks and functions, in its order."""

    def __init__(self, text):
        text = without_comments(text)
        self.constants = [(name, int(value.strip("()"))) for name, value in
                          re.findall(r"^#define ARCHAEO_(\w+) (\(?-?\d+\)?)\s*$", text, flags=re.MULTILINE)]
        text = re.sub(r"^#.*$", "", text, flags=re.MULTILINE)
        self.enums = [self.read_enum(body) for body in re.findall(r"\benum\s*\{(.*?)\}\s*;", text, flags=re.DOTALL)]
        self.handles = re.findall(r"typedef struct (archaeo_\w+) \1;", text)
        self.structs = [(name, self.read_fields(name, body)) for name, body in
                        re.findall(r"typedef struct (archaeo_\w+) \{(.*?)\}\s*\1;", text, flags=re.DOTALL)]
        self.callbacks = [(name, result, parameters) for result, name, parameters in
                          re.findall(r"typedef (\w+) \(\*(archaeo_\w+)\)\((.*?)\);", text, flags=re.DOTALL)]
        self.functions = [(name, result.strip(), parameters) for result, name, parameters in
                          re.findall(r"ARCHAEO_API\s+(.*?)(archaeo_\w+)\((.*?)\);", text, flags=re.DOTALL)]

    @staticmethod
    def read_enum(body):
        members = [(name, int(value)) for name, value in re.findall(r"ARCHAEO_(\w+)\s*=\s*(-?\d+)", body)]
        if UNPREFIXED_ENUM_HAS in dict(members):
            return "Code", members
        prefixes = {name.split("_")[0] for name, _ in members}
        if len(prefixes) != 1 or not prefixes <= ENUM_NAMES.keys():
            raise Unreadable(f"enum of {', '.join(name for name, _ in members)}: has no name in ENUM_NAMES")
        prefix = prefixes.pop()
        return ENUM_NAMES[prefix], [(name[len(prefix) + 1:], value) for name, value in members]

    @staticmethod
    def read_fields(struct, body):
        """(name, C type, array length) of each field; a function pointer's type is (result, parameters)."""
        fields = []
        for line in (" ".join(part.split()) for part in body.split(";")):
            function = re.fullmatch(r"(\w+) \(\*(\w+)\)\((.*)\)", line)
            plain = re.fullmatch(r"(.*?)(\w+)(?:\[(\d+)\])?", line)
            if function:
                fields.append((function[2], (function[1], function[3]), 0))
            elif plain:
                fields.append((plain[2], plain[1].strip(), int(plain[3] or 0)))
            elif line:
                raise Unreadable(f"{struct}: {line}")
        return fields


class Types:
    """C types as ctypes expressions."""

    def __init__(self, header):
        self.named = set(header.handles) | {name for name, _ in header.structs}
        self.callbacks = {name for name, _, _ in header.callbacks}

    def of(self, c_type):
        c_type = " ".join(c_type.replace("*", " * ").split())
        words = [word for word in c_type.split(" ") if word not in ("const", "struct")]
        base, stars = words[0], words[1:]
        if any(star != "*" for star in stars):
            raise Unreadable(f"the type {c_type}")
        if base in self.callbacks and not stars:
            return base
        if base == "void" and stars:
            inner, stars = "c_void_p", stars[1:]
        elif base == "char" and stars:
            inner, stars = "c_char_p", stars[1:]
        elif base == "char":
            inner = "c_char"
        elif base == "void":
            return "None"
        elif base in SCALARS:
            inner = SCALARS[base]
        elif base in self.named:
            inner = base
        else:
            raise Unreadable(f"the type {c_type}")
        for _ in stars:
            inner = f"POINTER({inner})"
        return inner

    def of_parameters(self, parameters):
        parts = [" ".join(part.split()) for part in parameters.split(",")]
        if parts in ([""], ["void"]):
            return []
        return [self.of(re.sub(r"\b\w+$", "", part) if re.search(r"[\s*]\w+$", part) else part) for part in parts]

    def of_function(self, result, parameters):
        return wrapped("CFUNCTYPE(", [self.of(result), *self.of_parameters(parameters)], ")", width=90)


def wrapped(opening, parts, closing, width=116):
    """opening + parts + closing, broken after commas where it would be wider."""
    lines, line = [], opening
    for index, part in enumerate(parts):
        piece = part + ("," if index + 1 < len(parts) else closing)
        if len(line) + len(piece) + 1 > width:
            lines.append(line.rstrip())
            line = " " * 8 + piece + " "
        else:
            line += piece + " "
    lines.append((line if parts else opening + closing).rstrip())
    return "\n".join(lines)


def constants_of(header):
    out = [NOTE.format(about="The numbers of the C ABI."), "import enum\n"]
    out += [f"{name} = {value}" for name, value in header.constants if name != "API"]
    out.append('''

class _Open(enum.IntEnum):
    """A later library may give numbers that are unknown here: they become members without a name of their own."""

    @classmethod
    def _missing_(cls, value: object) -> "_Open | None":
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __str__(self) -> str:
        return self.name.lower()
''')
    for name, members in header.enums:
        out += ["", f"class {name}(_Open):", *(f"    {member} = {value}" for member, value in members), ""]
    return "\n".join(out).rstrip() + "\n"


def abi_of(header):
    types = Types(header)
    out = [NOTE.format(about="Structs and functions of the C ABI, for ctypes."),
           "from __future__ import annotations\n",
           "import ctypes",
           "from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double, c_float, c_int, c_int32, c_int64,",
           "                    c_size_t, c_uint32, c_uint64, c_void_p)",
           "from typing import Any\n"]
    for name in header.handles:
        out += ["", f"class {name}(Structure):", "    pass", ""]
    # Structs refer to callbacks and callbacks to structs: str first, then callbacks, then the rest.
    early = {"archaeo_str", "archaeo_id"}
    structs = sorted(header.structs, key=lambda item: item[0] not in early)
    callbacks = ["", *(f"{name} = {types.of_function(result, parameters)}" for name, result, parameters in header.callbacks), ""]
    for name, fields in structs:
        if name not in early and callbacks:
            out += callbacks
            callbacks = []
        entries = []
        for field, c_type, length in fields:
            if isinstance(c_type, tuple):
                expression = f"{name}_{field}"
                out += ["", f"{expression} = {types.of_function(*c_type)}"]
            else:
                expression = types.of(c_type) + (f" * {length}" if length else "")
                if name == "archaeo_str" and expression == "c_char_p":
                    expression = "c_void_p"  # ctypes would stop at the first NUL
            entries.append(f'("{field}", {expression})')
        out += ["", f"class {name}(Structure):", "    _fields_ = [", *(f"        {entry}," for entry in entries), "    ]", ""]
    out += ["", "# name: what it returns, what it takes", "FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {"]
    for name, result, parameters in header.functions:
        returns = types.of(result) if result else "None"
        out.append(wrapped(f'    "{name}": ({returns}, [', types.of_parameters(parameters), "]),"))
    out += ["}", "", "", "def declare(library: ctypes.CDLL) -> None:",
            '    """Tells ctypes the types of every function. AttributeError: the library lacks one."""',
            "    for name, (returns, takes) in FUNCTIONS.items():",
            "        function = getattr(library, name)",
            "        function.restype = returns",
            "        function.argtypes = takes"]
    return "\n".join(out) + "\n"


def main():
    header = Header(HEADER.read_text(encoding="utf-8"))
    files = {PACKAGE / "_constants.py": constants_of(header), PACKAGE / "_abi.py": abi_of(header)}
    if sys.argv[1:] == ["--check"]:
        stale = [path for path, text in files.items() if not path.exists() or path.read_text(encoding="utf-8") != text]
        for path in stale:
            print(f"{path.relative_to(HERE)} does not fit archaeologist.h: run capi/python/generate.py")
        sys.exit(1 if stale else 0)
    if sys.argv[1:]:
        sys.exit("usage: generate.py [--check]")
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
