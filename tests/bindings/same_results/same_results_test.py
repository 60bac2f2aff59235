"""The same 1,000 files through C++, C, Go and Python give the same chunk ids and the same search results.

usage: same_results_test.py WORK_DIR LANGUAGE=COMMAND...
Each command is run with DATA FOLDER NAMES QUESTIONS (lists of lines) behind it: it uploads the files in that order, lets the
built-in worker process them, and prints, with tabs between the parts,
    source NAME STATUS CHUNKS           for each file, STATUS as ARCHAEO_SOURCE_...
    chunks JSON                         {"chunks":[...]} as archaeo_source_chunks() gives it
    query MODE QUERY TOTAL              for each question
    hit CHUNK_ID SCORE NAME BEGIN LINE  and each of its hits, SCORE with six digits
"""
import collections
import json
import pathlib
import shlex
import shutil
import subprocess
import sys

import corpus


def canonical(line):
    kind, _, rest = line.partition("\t")
    if kind != "chunks":
        return line
    return "chunks\t" + json.dumps(json.loads(rest)["chunks"] or [], ensure_ascii=False, sort_keys=True)


def run(language, command, work, names, questions):
    arguments = [work / f"data-{language}", work / "files", names, questions]
    done = subprocess.run([*shlex.split(command), *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, timeout=1200)
    if done.returncode != 0:
        sys.exit(f"{language}: exit {done.returncode}\n{done.stderr.decode(errors='replace')}")
    return [canonical(line) for line in done.stdout.decode().split("\n")]


def check_is_about_something(lines):
    """Equal emptiness would prove nothing."""
    kinds = collections.Counter(line.split("\t")[0] for line in lines)
    statuses = collections.Counter(line.split("\t")[2] for line in lines if line.startswith("source\t"))
    if kinds["source"] != corpus.FILES or kinds["chunks"] != corpus.FILES or kinds["query"] != len(corpus.QUESTIONS):
        sys.exit(f"told of {dict(kinds)}")
    if kinds["hit"] < 10 * len(corpus.QUESTIONS) / 2 or statuses["2"] < corpus.FILES * 0.85 or statuses["3"] < 50:
        sys.exit(f"{dict(kinds)}, sources by status {dict(statuses)}")
    print(dict(kinds), "sources by status", dict(statuses))


def compare(first, first_lines, other, other_lines):
    for number, (one, two) in enumerate(zip(first_lines, other_lines)):
        if one != two:
            sys.exit(f"line {number + 1} differs\n{first}: {one[:2000]}\n{other}: {two[:2000]}")
    if len(first_lines) != len(other_lines):
        sys.exit(f"{first} told {len(first_lines)} lines, {other} {len(other_lines)}")


def main():
    work = pathlib.Path(sys.argv[1])
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    names, questions = work / "names", work / "questions"
    names.write_text("".join(name + "\n" for name in corpus.make(work / "files")), encoding="utf-8")
    questions.write_text("".join(f"{mode} {limit} {query}\n" for mode, limit, query in corpus.QUESTIONS), encoding="utf-8")
    told = {}
    for argument in sys.argv[2:]:
        language, _, command = argument.partition("=")
        told[language] = run(language, command, work, names, questions)
        first = next(iter(told))
        compare(first, told[first], language, told[language])
    check_is_about_something(told[first])
    print("the same through", ", ".join(told))
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
