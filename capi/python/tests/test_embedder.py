"""Models of one's own."""
import array
import queue
import threading

import pytest
from conftest import WAIT_S

import archaeologist
from archaeologist import Embedder, Role

WORDS = ("apple", "pear", "sky")


def rows_of(texts, _role=None):
    return [[float(text.count(word)) for word in WORDS] for text in texts]


class Matrix:
    """As numpy's: one block of floats, and rows of it."""

    def __init__(self, rows):
        self.block = array.array("f", [number for row in rows for number in row])
        self.count = len(rows)

    def __len__(self):
        return self.count

    def __getitem__(self, index):
        if index >= self.count:
            raise IndexError(index)
        return self.block[index * 3:(index + 1) * 3]


def embedder(embed=rows_of, **options):
    return Embedder(embed=embed, dimension=3, model_id="test-words-1", **options)


@pytest.mark.parametrize("rows", [lambda texts, _: rows_of(texts), lambda texts, _: tuple(map(tuple, rows_of(texts))),
                                  lambda texts, _: [array.array("f", row) for row in rows_of(texts)],
                                  lambda texts, _: [array.array("d", row) for row in rows_of(texts)],
                                  lambda texts, _: Matrix(rows_of(texts)),
                                  lambda texts, _: memoryview(Matrix(rows_of(texts)).block).cast("B").cast("f", [len(texts), 3])])
def test_rows_come_in_any_form(data, rows):
    with archaeologist.open(data, embedder=embedder(rows)) as engine:
        assert engine.dimension == 3
        found = engine.embed(["apple apple", "sky", "none"])
        assert [list(row) for row in found] == [[1, 0, 0], [0, 0, 1], [0, 0, 0]]


def test_files_are_embedded_and_found_by_meaning(data):
    roles = set()

    def embed(texts, role):
        assert all(isinstance(text, str) for text in texts)
        roles.add(role)
        return rows_of(texts)

    with archaeologist.open(data, embedder=embedder(embed, hybrid_weight=0.7)) as engine:
        project = engine.project("demo")
        for name, text in (("a.txt", "an apple a day"), ("b.txt", "blue sky")):
            project.upload_bytes(text.encode(), name).wait(WAIT_S)
        assert project.search("apple", mode="semantic")[0].source_name == "a.txt"
    assert roles == {Role.DOCUMENT, Role.QUERY}


@pytest.mark.parametrize("raised, kind, text", [
    (ValueError("bad"), archaeologist.InternalError, "ValueError: bad"),
    (archaeologist.RateLimitedError("slow \0 down"), archaeologist.RateLimitedError, "slow   down"),
    (ConnectionError("gone"), archaeologist.UnavailableError, "ConnectionError: gone"),
    (TimeoutError("late"), archaeologist.TimedOutError, "TimeoutError: late"),
    (KeyboardInterrupt("Ctrl-C"), KeyboardInterrupt, "Ctrl-C"),
])
def test_what_it_raises_comes_out(data, raised, kind, text):
    def embed(texts, role):
        raise raised

    with archaeologist.open(data, embedder=embedder(embed)) as engine:
        with pytest.raises(kind, match=text):
            engine.embed(["x"])
        engine.projects()  # nothing is left to be raised later


def test_rows_that_do_not_fit_are_refused(data):
    rows = [[1.0, 2.0, 3.0]]
    with archaeologist.open(data, embedder=embedder(lambda texts, role: rows)) as engine:
        with pytest.raises(archaeologist.InvalidArgumentError, match="1 rows for 2 texts"):
            engine.embed(["x", "y"])
        rows = [[1.0, 2.0]]
        with pytest.raises(archaeologist.InvalidArgumentError, match="2 numbers for a text, must be 3"):
            engine.embed(["x"])
        rows = [array.array("f", [1, 2])]
        with pytest.raises(archaeologist.InvalidArgumentError, match="2 numbers for a text, must be 3"):
            engine.embed(["x"])
        rows = ["abc"]
        with pytest.raises(archaeologist.InternalError, match="TypeError"):
            engine.embed(["x"])
        rows = [[float("nan")] * 3]
        with pytest.raises(archaeologist.InvalidArgumentError):
            engine.embed(["x"])


def test_a_file_waits_for_an_embedder_that_is_away(data):
    is_away = True
    asked = threading.Event()

    def embed(texts, role):
        asked.set()
        if is_away:
            raise ConnectionError("not yet")
        return rows_of(texts)

    with archaeologist.open(data, embedder=embedder(embed), backoff_base=0.01) as engine:
        upload = engine.project("demo").upload_bytes(b"an apple", "a.txt", max_retries=100)
        assert asked.wait(WAIT_S)
        is_away = False
        assert upload.wait(WAIT_S).chunk_count == 1


def test_a_wrong_embedder_is_refused(data):
    with pytest.raises(archaeologist.InvalidArgumentError, match="dimension"):
        archaeologist.open(data, embedder=Embedder(rows_of, 0, "x"))
    with pytest.raises(archaeologist.InvalidArgumentError, match="model_id"):
        archaeologist.open(data, embedder=Embedder(rows_of, 3, ""))


@pytest.mark.filterwarnings("ignore:an archaeologist.Engine was not closed:ResourceWarning")
def test_an_engine_may_be_collected_by_its_own_embedder(data):
    """The last reference goes in a callback on the library's thread: closing there would wait for itself."""
    runs, dropped = threading.Event(), threading.Event()
    holder = []

    def embed(texts, role):
        runs.set()
        assert dropped.wait(WAIT_S)
        state = holder.pop()._state  # the engine goes
        closers.put(next(thread for thread in threading.enumerate() if thread.name == "archaeologist-free"))
        assert state.began.wait(WAIT_S)
        return rows_of(texts)

    closers = queue.Queue()
    holder.append(archaeologist.open(data, embedder=embedder(embed), grace=5))
    holder[0].project("demo").upload_bytes(b"an apple", "a.txt")
    assert runs.wait(WAIT_S)
    dropped.set()
    closer = closers.get(timeout=WAIT_S)
    closer.join(WAIT_S)
    assert not closer.is_alive()
    with archaeologist.open(data) as engine:
        assert engine.project("demo").source_count == 1
