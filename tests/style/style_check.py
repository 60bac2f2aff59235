"""The rules of the tree that no compiler checks. usage: style_check.py ROOT

Prints FILE:LINE: what breaks which rule, and exits 1 when there was any.
"""
import ast
import pathlib
import re
import sys

from cxx_source import CxxSource

FILE_LINES_MAX = 600
# The C header is one file and its manual, by design.
HEADER_LINES_MAX = 1200
FUNCTION_LINES_MAX = 70
FOLDERS = ["include", "lib", "capi", "daemons", "examples", "tests", "tools", "cmake"]
SKIPPED_PARTS = {"build", "data", "__pycache__", "node_modules"}
CXX_SUFFIXES = {".c", ".h", ".cpp", ".hpp"}
TEXT_SUFFIXES = CXX_SUFFIXES | {".py", ".sh", ".sql", ".lua", ".cmake", ".txt", ".in", ".go", ""}
EMPTY_NAMES = {"util", "utils", "common", "helper", "helpers", "misc"}

# The list of ARCHITECTURE.md: a folder includes only itself and what comes after it.
LIB_ORDER = ["engine", "worker", "investigate", "search", "outbox", "queue", "catalog", "vector", "embed", "llm", "extract",
             "text", "job", "lake", "net", "redis", "sqlite", "base"]
# Each public header ranks as a folder of lib/.
HEADER_FOLDER = {
    "engine.hpp": "engine", "config.hpp": "engine", "walk.hpp": "engine", "worker_node.hpp": "engine", "worker.hpp": "worker", "command_handler.hpp": "worker", "search.hpp": "search", "queue.hpp": "queue",
    "project.hpp": "catalog", "source.hpp": "catalog", "events.hpp": "catalog", "vector_store.hpp": "vector",
    "embedder.hpp": "embed", "backend.hpp": "net", "chunker.hpp": "text", "analyzer.hpp": "text", "job.hpp": "job", "lake.hpp": "lake", "id.hpp": "base",
    "result.hpp": "base", "json.hpp": "base", "version.hpp": "base", "clock.hpp": "base", "log.hpp": "base",
}
PURE_FOLDERS = {"text", "job"}
IO_HEADER = re.compile(r"^(fstream|iostream|cstdio|stdio\.h|filesystem|unistd\.h|fcntl\.h|sys/.*|netdb\.h|arpa/.*|netinet/.*"
                       r"|poll\.h|dirent\.h|sqlite3\.h|curl/.*|hiredis/.*|httplib\.h|magic\.h)$")
SQL = re.compile(r"^\s*(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\s|REPLACE\s+INTO\s|UPDATE\s+\S+\s+SET\s|DELETE\s+FROM\s"
                 r"|CREATE\s+(UNIQUE\s+|VIRTUAL\s+|TEMP\s+|TEMPORARY\s+)?(TABLE|INDEX|TRIGGER|VIEW)\s|DROP\s+(TABLE|INDEX)\s"
                 r"|ALTER\s+TABLE\s|WITH\s+(RECURSIVE\s+)?\w+(\s*\([^)]*\))?\s+AS\s)")
LUA = re.compile(r"\bredis\.p?call\s*\(|\breturn\s+\{err=|\bKEYS\[\d")


def lib_folder_of(include):
    """Which folder of lib/ an include path belongs to, or None when it is not ours."""
    parts = include.split("/")
    if parts[0] == "archaeologist" and len(parts) == 2:
        return HEADER_FOLDER.get(parts[1])
    return parts[0] if len(parts) > 1 and parts[0] in LIB_ORDER else None


def check_direction(folder, include):
    target = lib_folder_of(include.path)
    if target is not None and LIB_ORDER.index(target) < LIB_ORDER.index(folder):
        yield include.line, f'{folder}/ includes "{include.path}" of {target}/, which stands above it'


def check_lib(path, source):
    folder = path.parts[1]
    if len(path.parts) < 3 or folder not in LIB_ORDER:
        yield 1, f"the folder {folder} is not in the list of ARCHITECTURE.md (LIB_ORDER in tests/style)"
        return
    for include in source.includes:
        yield from check_direction(folder, include)
        if folder in PURE_FOLDERS and IO_HEADER.match(include.path):
            yield include.line, f"{folder}/ is pure and includes <{include.path}>"
    for literal in source.literals:
        if SQL.match(literal.text):
            yield literal.line, "SQL in a string; statements are .sql files"
        if LUA.search(literal.text):
            yield literal.line, "Lua in a string; scripts are .lua files"


def check_public_header(path, source):
    if path.suffix == ".h":
        for include in source.includes:
            if include.path not in ("stdint.h", "stddef.h"):
                yield include.line, f"the C header includes {include.path}; it may include stdint.h and stddef.h only"
        return
    folder = HEADER_FOLDER.get(path.name)
    if folder is None:
        yield 1, "a public header without a rank (HEADER_FOLDER in tests/style)"
        return
    for include in source.includes:
        if include.quoted and not include.path.startswith("archaeologist/"):
            yield include.line, f'a public header includes "{include.path}", which is not public'
        yield from check_direction(folder, include)


def check_host(path, source):
    """Programs and examples use what a stranger's program could use. Programs also share daemons/host."""
    own = path.parts[1] if len(path.parts) > 2 else ""
    for include in source.includes:
        top = include.path.split("/")[0]
        if ".." in include.path.split("/"):
            yield include.line, f'"{include.path}" climbs out of its folder'
        elif lib_folder_of(include.path) is not None and top not in ("archaeologist", own):
            yield include.line, f'"{include.path}" is inside the library; only <archaeologist/…> is public'
        elif include.quoted and path.parts[0] == "examples" and top != "archaeologist":
            yield include.line, f'an example includes "{include.path}"; it must stand alone'
        elif include.quoted and "/" in include.path and top not in ("archaeologist", "host", "asset", own):
            yield include.line, f'"{include.path}" is another program\'s; what is shared belongs to host/'


def check_capi(_, source):
    for include in source.includes:
        if lib_folder_of(include.path) is not None and not include.path.startswith("archaeologist/"):
            yield include.line, f'"{include.path}" is inside the library; the C ABI stands on the public headers'


def check_cxx(path, text):
    source = CxxSource(text)
    yield from source.problems
    for function in source.functions:
        if function.lines > FUNCTION_LINES_MAX:
            yield function.line, f"{function.name} has {function.lines} lines, must be at most {FUNCTION_LINES_MAX}"
    rules = {"lib": check_lib, "include": check_public_header, "daemons": check_host, "examples": check_host,
             "capi": check_capi}
    if path.parts[0] in rules:
        yield from rules[path.parts[0]](path, source)


def check_python(_, text):
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            lines = node.end_lineno - node.lineno + 1
            if lines > FUNCTION_LINES_MAX:
                yield node.lineno, f"{node.name} has {lines} lines, must be at most {FUNCTION_LINES_MAX}"


def check_file(path, text):
    """path is relative to the root. Yields (line, message)."""
    lines = text.count("\n") + (not text.endswith("\n") and text != "")
    most = HEADER_LINES_MAX if path.as_posix() == "include/archaeologist/archaeologist.h" else FILE_LINES_MAX
    if lines > most:
        yield most + 1, f"the file has {lines} lines, must be at most {most}"
    if path.stem.lower() in EMPTY_NAMES:
        yield 1, f'"{path.stem}" names no idea; find the noun it belongs to'
    if path.suffix in CXX_SUFFIXES:
        yield from check_cxx(path, text)
    elif path.suffix == ".py":
        yield from check_python(path, text)


def files_of(root):
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            relative = path.relative_to(root)
            if path.is_file() and path.suffix in TEXT_SUFFIXES and not SKIPPED_PARTS & set(relative.parts[:-1]):
                yield relative


def check_tree(root):
    for path in files_of(root):
        try:
            text = (root / path).read_text(encoding="utf-8")
        except UnicodeDecodeError:
            yield f"{path}:1: not UTF-8"
            continue
        for line, message in check_file(path, text):
            yield f"{path}:{line}: {message}"


def main():
    if len(sys.argv) != 2 or not pathlib.Path(sys.argv[1], "lib").is_dir():
        sys.exit("usage: style_check.py ROOT (a folder with lib/ in it)")
    problems = list(check_tree(pathlib.Path(sys.argv[1])))
    print("\n".join(problems) if problems else "no rule is broken")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
