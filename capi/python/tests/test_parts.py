"""The parts that can be used alone: chunker, analyzer, vectors; and events."""
import array
import threading

import pytest
from conftest import WAIT_S

import archaeologist
from archaeologist import Document, Point


def test_chunks_tile_the_text():
    text = "".join(f"## Section {number}\n\nGrüße from paragraph {number}. {'words ' * 60}\n\n" for number in range(50))
    chunks = archaeologist.chunk(text, kind="markdown", target_tokens=50, max_tokens=80)
    assert len(chunks) > 40
    assert "".join(chunk.text for chunk in chunks) == text
    assert chunks[0].begin == 0 and chunks[-1].end == len(text.encode())
    assert all(left.end == right.begin for left, right in zip(chunks, chunks[1:]))
    assert all(chunk.context.endswith(chunk.text) for chunk in chunks)
    assert chunks[0].first_line == 1 and chunks[0].tokens > 0
    assert chunks[1].heading.startswith("Section")
    assert archaeologist.chunk(text.encode(), kind="markdown", target_tokens=50, max_tokens=80)[3].begin == chunks[3].begin
    assert "Chunk" in repr(chunks[0])


def test_more_chunks_than_one_copy_takes_come_whole(monkeypatch):
    text = "".join(f"## S{number}\n\n{'words ' * 30}\n\n" for number in range(100))
    whole = archaeologist.chunk(text, kind="markdown", target_tokens=16, max_tokens=32)
    monkeypatch.setattr("archaeologist.text._CHUNKS_AT_ONCE", 7)
    pieces = archaeologist.chunk(text, kind="markdown", target_tokens=16, max_tokens=32)
    assert len(whole) > 100
    assert [(c.begin, c.end, c.tokens, c.heading) for c in pieces] == [(c.begin, c.end, c.tokens, c.heading) for c in whole]


def test_overlap_is_context_before_the_core():
    text = "One sentence follows the other. " * 500
    assert any(chunk.context_begin < chunk.begin for chunk in archaeologist.chunk(text, overlap=0.3))
    assert all(chunk.context_begin == chunk.begin for chunk in archaeologist.chunk(text, overlap=0))


def test_what_cannot_be_cut_is_an_error():
    assert archaeologist.chunk("") == []
    with pytest.raises(archaeologist.InvalidArgumentError, match="kind"):
        archaeologist.chunk("x", kind="poem")
    with pytest.raises(archaeologist.InvalidArgumentError):
        archaeologist.chunk("x", target_tokens=1)
    with pytest.raises(archaeologist.InvalidArgumentError, match="target_tokens"):
        archaeologist.chunk("x", target_tokens=0)
    with pytest.raises(archaeologist.InvalidArgumentError):
        archaeologist.chunk("x", overlap=0.9)
    with pytest.raises(archaeologist.InvalidArgumentError, match="surrogate"):
        archaeologist.chunk("\ud800")


def test_words_are_folded_and_identifiers_have_parts():
    terms = archaeologist.analyze("Invoices getUserName \0 Ärger")
    assert [term.text for term in terms if not term.same_position][0] == archaeologist.analyze("invoice")[0].text
    assert {"get", "user", "name"} <= {term.text for term in terms if term.same_position}
    assert terms[0].begin == 0 and terms[0].end == 8
    assert archaeologist.analyze(b"\xff") == archaeologist.analyze("") == []


@pytest.fixture
def vectors(tmp_path):
    with archaeologist.open_vectors(tmp_path / "vectors", 3) as made:
        yield made


def points(*texts, vector=(1.0, 0.0, 0.0)):
    begin = 0
    for ordinal, text in enumerate(texts):
        yield Point(ordinal, text, begin, begin + len(text.encode()), vector=vector, heading=f"h{ordinal}", first_line=ordinal + 1)
        begin += len(text.encode())


def test_vectors_are_stored_asked_and_deleted(vectors):
    document = Document(project_id=1, source_id=2, source_name="doc/a.txt")
    vectors.upsert(document, list(points("red apple ", "green pear")))
    vectors.upsert(Document(1, 3, source_name="b.txt"), list(points("blue sky", vector=array.array("f", [0, 1, 0]))))
    assert vectors.count(1, 2) == 2
    by_words = vectors.query(1, words="pear")
    assert [(hit.source_id, hit.ordinal, hit.text, hit.heading) for hit in by_words] == [(2, 1, "green pear", "h1")]
    assert (by_words[0].begin, by_words[0].end, by_words[0].first_line) == (10, 20, 2)
    near = vectors.query(1, vector=[0, 2, 0.1])
    assert near[0].source_id == 3
    assert near[0].score > near[1].score
    assert [hit.source_id for hit in vectors.query(1, vector=[0, 1, 0], source_ids=[2], limit=1)] == [2]
    assert [hit.source_id for hit in vectors.query(1, words="sky apple", path_glob="doc/*")] == [2]
    vectors.delete(1, 2)
    assert vectors.count(1, 2) == 0
    vectors.delete(1)
    assert vectors.query(1, words="sky") == []


def test_vectors_that_do_not_fit_are_refused(vectors):
    with pytest.raises(archaeologist.InvalidArgumentError, match=r"points\[0\]: vector_size is 2, must be 3"):
        vectors.upsert(Document(1, 1), list(points("x", vector=[1, 2])))
    with pytest.raises(archaeologist.InvalidArgumentError):
        vectors.upsert(Document(1, 1), list(points("x", vector=[1, 2, float("nan")])))
    with pytest.raises(archaeologist.InvalidArgumentError, match="numbers"):
        vectors.upsert(Document(1, 1), list(points("x", vector=["a", "b", "c"])))
    with pytest.raises(archaeologist.InvalidArgumentError):
        vectors.query(1, vector=[1, 2])
    with pytest.raises(archaeologist.InvalidArgumentError):
        vectors.query(1)
    with pytest.raises(archaeologist.InvalidArgumentError, match="ordinal"):
        vectors.upsert(Document(1, 1), [Point(2**32, "x", 0, 1, vector=[1, 0, 0])])
    vectors.close()
    with pytest.raises(archaeologist.ConflictError, match="closed"):
        vectors.count(1, 1)


def test_the_engines_own_vectors_need_no_vector(engine):
    own = engine.project("own vectors")
    with engine.vectors() as vectors:
        vectors.upsert(Document(own.id, 1), list(points("a lease is lost", vector=None)))
        assert vectors.query(own.id, nearest_to="lost lease")[0].text == "a lease is lost"
        engine.close()
        with pytest.raises(archaeologist.ConflictError):
            vectors.count(own.id, 1)


def test_events_come_in_order_and_go_on_from_a_cursor(engine, project):
    upload = project.upload_bytes(b"text", "a.txt")
    upload.wait(WAIT_S)
    stream = engine.events(0, timeout=0)
    events = list(stream)
    assert [event.kind for event in events][:1] == ["job.queued"]
    assert events[-1].kind == "job.completed"
    assert [event.id for event in events] == sorted(event.id for event in events)
    assert {event.job_id for event in events} == {upload.job.id}
    assert events[0].details()["id"] == events[0].id
    assert events[0].at is not None
    assert stream.cursor == events[-1].id and not stream.has_missed
    other = engine.enqueue("mine")
    assert [event.job_id for event in engine.events(stream.cursor, timeout=0)] == [other.id]
    assert list(project.events(0, timeout=0)) == events
    assert [event.job_id for event in engine.events(0, job_id=other.id, timeout=0)] == [other.id]


def test_events_are_followed_from_now_on(engine):
    engine.enqueue("before")
    stream = engine.events()
    thread = threading.Thread(target=engine.enqueue, args=("after",))
    thread.start()
    event = next(stream)
    thread.join()
    assert engine.job(event.job_id).type == "after"


def test_code_is_cut_by_its_language():
    chunks = archaeologist.chunk("x = 1\n\ndef first(a):\n    return a\n", kind="code", language="python")
    assert [chunk.heading for chunk in chunks] == ["first"]
