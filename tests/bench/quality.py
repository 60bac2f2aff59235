"""Measures how well search finds what was asked for, and holds hybrid search against its own legs.

usage: quality.py ARCHAEOLOGIST_BENCH [--corpus DIR] [--fixture] [--questions N] [--seed N] [-- options of archaeologist-bench quality]

--corpus keeps the texts and questions for a second run. --fixture takes what any machine that builds this has, instead of what
certain Debian packages installed. Prints MRR@10, and how often a wanted file came first and among the first ten.
Exit 1 where hybrid search falls more than 0.01 below the better of words and semantic.
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import quality_corpus

MODES = ("words", "semantic", "hybrid", "literal", "rrf")
KINDS = ("prose", "comments", "identifiers", "symbols", "japanese", "german")
HYBRID_BELOW_BETTER_MAX = 0.01


def measured(bench, corpus, options):
    """The figures of each line, a line for each kind, recipe and weight."""
    with subprocess.Popen([bench, "quality", "--corpus", str(corpus), *options], stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout:
            yield json.loads(line)
    if process.returncode != 0:
        raise SystemExit(process.returncode)


def figure(line, mode, name):
    value = line.get(f"{mode}_{name}")
    return "     -" if value is None else f"{value:6.3f}"


def show(line, modes):
    for mode in modes:
        if f"{mode}_mrr_at_10" in line:
            print(f"{line['kind']:<12} {mode:<9}" + "".join(f"  {figure(line, mode, name)}"
                                                            for name in ("mrr_at_10", "hit_at_1", "hit_at_10")), flush=True)


def below_better(line, legs):
    """How far hybrid search is below the better of its legs; below 0 where it is better than both."""
    return max(legs[f"{mode}_mrr_at_10"] for mode in ("words", "semantic")) - line["hybrid_mrr_at_10"]


def report(lines):
    """Prints the tables; returns what breaks the rule."""
    broken, legs, heading = [], {}, None
    for line in lines:
        if heading != (line["recipe"], line["weight"]):
            heading = (line["recipe"], line["weight"])
            print(f"\n{line['recipe']}, weight of vectors {line['weight']:.2f}, {line['chunks']} chunks\n"
                  f"{'kind':<12} {'mode':<9}  MRR@10   hit@1  hit@10")
        if "words_mrr_at_10" in line:
            legs[line["kind"]] = line
        show(line, MODES)
        below = below_better(line, legs[line["kind"]])
        if below > HYBRID_BELOW_BETTER_MAX:
            broken.append(f"{line['kind']}: hybrid is {below:.3f} below its better leg ({line['recipe']}, weight {line['weight']}), "
                          f"must be at most {HYBRID_BELOW_BETTER_MAX}")
    return broken


def main():
    arguments, options = sys.argv[1:], []
    if "--" in arguments:
        at = arguments.index("--")
        arguments, options = arguments[:at], arguments[at + 1:]
    parser = argparse.ArgumentParser(usage=__doc__.split("\n\n")[1])
    parser.add_argument("bench")
    parser.add_argument("--corpus", type=pathlib.Path)
    parser.add_argument("--fixture", action="store_true")
    parser.add_argument("--questions", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        corpus = wanted.corpus or pathlib.Path(temporary) / "corpus"
        if not (corpus / "questions.tsv").exists():
            make = quality_corpus.make_fixture if wanted.fixture else quality_corpus.make
            make(corpus, wanted.questions, wanted.seed)
        broken = report(measured(wanted.bench, corpus, options))
    print("\n" + ("\n".join(broken) if broken else "hybrid is nowhere more than 0.01 below its better leg"))
    return 1 if broken else 0


if __name__ == "__main__":
    sys.exit(main())
