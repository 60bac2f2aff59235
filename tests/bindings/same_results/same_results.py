"""The Python way: same_results DATA FOLDER NAMES QUESTIONS; same_results_test.py says what it prints."""
import json
import pathlib
import sys

import archaeologist


def lines(path):
    return pathlib.Path(path).read_text(encoding="utf-8").splitlines()


def upload(project, folder, name, number):
    """In three ways by turns: what is uploaded does not depend on how."""
    path = pathlib.Path(folder, name)
    if number % 3 == 0:
        return project.upload(path, name)
    if number % 3 == 1:
        return project.upload_bytes(path.read_bytes(), name)
    with project.upload_writer(name) as writer:
        writer.write(path.read_bytes())
        return writer.finish()


def main():
    data, folder, names, questions = sys.argv[1:]
    with archaeologist.open(data) as engine:
        project = engine.create_project("same")
        uploads = [upload(project, folder, name, number) for number, name in enumerate(lines(names))]
        for source in [one.wait() for one in uploads]:
            print("source", source.filename, int(source.status), source.chunk_count, sep="\t")
            print("chunks", json.dumps({"chunks": list(source.chunks())}), sep="\t")
        for question in lines(questions):
            mode, limit, query = question.split(" ", 2)
            hits = engine.search(query, int(limit), mode=archaeologist.SearchMode(int(mode)))
            print("query", mode, query, hits.total_found, sep="\t")
            for hit in hits:
                print("hit", hit.chunk_id, f"{hit.score:.6f}", hit.source_name, hit.begin, hit.first_line, sep="\t")


if __name__ == "__main__":
    main()
