"""How many chunks a second Python gets out of archaeologist.chunk(). Prints one JSON line.

usage: chunk.py [--kind plain|markdown|code] [--mb N]     with the binding on the PYTHONPATH, and a release build of the library
"""
import argparse
import json
import random
import time

import archaeologist

WORDS = [f"{start}{end}" for start in ("re", "un", "con", "dis", "pro", "in") for end in ("voice", "lease", "tract", "ledger", "queue")]


def text_of(kind: str, size_bytes: int) -> str:
    """The same for the same arguments."""
    rng = random.Random(7)
    parts, size = [], 0
    while size < size_bytes:
        sentences = ". ".join(" ".join(rng.choices(WORDS, k=rng.randint(6, 14))) for _ in range(rng.randint(2, 6)))
        if kind == "code":
            part = f"def {rng.choice(WORDS)}_{len(parts)}(value):\n    # {sentences[:80]}\n    return value + {len(parts)}\n\n\n"
        else:
            part = ("## " + rng.choice(WORDS) + "\n\n" if kind == "markdown" else "") + sentences + ".\n\n"
        parts.append(part)
        size += len(part)
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--kind", choices=["plain", "markdown", "code"], default="markdown")
    parser.add_argument("--mb", type=int, default=40)
    options = parser.parse_args()
    text = text_of(options.kind, options.mb * 1_000_000)
    began = time.perf_counter()
    chunks = archaeologist.chunk(text, kind=options.kind)
    seconds = time.perf_counter() - began
    print(json.dumps({"bench": "python_chunk", "kind": options.kind, "bytes": len(text), "chunks": len(chunks),
                      "seconds": round(seconds, 3), "chunks_per_s": round(len(chunks) / seconds),
                      "mb_per_s": round(len(text) / seconds / 1e6, 1), "library": archaeologist.library_version()}))


if __name__ == "__main__":
    main()
