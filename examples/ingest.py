"""Makes folders searchable, says what happens meanwhile, and searches.

usage: ingest.py FOLDER QUERY     in a data folder that is thrown away at the end
"""
import collections
import pathlib
import sys
import tempfile
import threading

import archaeologist


def main(folder: str, query: str) -> None:
    with tempfile.TemporaryDirectory() as data, archaeologist.open(data) as engine:
        project = engine.project("demo")

        # Jobs of one's own run beside those of files, with the same priorities, retries and cancellation.
        @engine.handler("count_lines")
        def count_lines(job: archaeologist.Lease) -> "dict[str, int]":
            return {"lines": pathlib.Path(job.data["path"]).read_bytes().count(b"\n")}

        # What happens, as it happens, in a thread of its own.
        kinds: "collections.Counter[str]" = collections.Counter()
        follower = threading.Thread(target=lambda: kinds.update(event.kind for event in engine.events(0, timeout=1)))
        follower.start()

        paths = [path for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()]
        uploads = [project.upload(path, path.relative_to(folder).as_posix()) for path in paths]
        counts = [engine.enqueue("count_lines", {"path": str(path)}) for path in paths]
        sources = [upload.wait(timeout=60) for upload in uploads]
        lines = sum(job.wait(timeout=60).succeeded().result["lines"] for job in counts)
        print(f"{len(sources)} files, {lines} lines, {sum(source.chunk_count for source in sources)} chunks")

        hits = project.search(query, limit=5)
        for hit in hits:
            print(f"{hit.source_name}:{hit.first_line}: {hit.heading or hit.content.splitlines()[0]}")

        follower.join()
        print(", ".join(f"{count} {kind}" for kind, count in sorted(kinds.items())))


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit("usage: ingest.py FOLDER QUERY")
    main(*sys.argv[1:])
