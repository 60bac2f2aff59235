"""Uploads, sources, what comes of them."""
import io
import os
import shutil

import pytest
from conftest import WAIT_S

import archaeologist
from archaeologist import SourceStatus


def test_a_file_is_stored_and_becomes_searchable(project, tmp_path):
    path = tmp_path / "notes.md"
    path.write_text("# Notes\n\nThe auditor posts the invoice.\n")
    upload = project.upload(path, "doc/notes.md", metadata={"by": "Zoë"}, priority="high")
    assert upload.source.status == SourceStatus.PENDING
    assert upload.job.priority == archaeologist.Priority.HIGH
    source = upload.wait(WAIT_S)
    assert (source.filename, source.version, source.status) == ("doc/notes.md", 1, SourceStatus.SEARCHABLE)
    assert source.file_type == "markdown"
    assert source.metadata == {"by": "Zoë"}
    assert source.chunk_count == len(list(source.chunks())) == 1
    assert source.details()["filename"] == "doc/notes.md"
    assert source.job().status == archaeologist.JobStatus.COMPLETED
    assert project.refresh().source_count == 1


def test_the_same_content_again_makes_no_job(project):
    first = project.upload_bytes(b"same", "a.txt")
    first.wait(WAIT_S)
    second = project.upload_bytes(b"same", "a.txt")
    assert second.job is None
    assert second.wait().id == first.source.id
    third = project.upload_bytes(b"same", "a.txt", if_unchanged="process")
    assert third.wait(WAIT_S).version == 2


def test_content_and_text_are_read_back_in_pieces(project):
    text = "Grüße, 世界\n" * 1000
    source = project.upload_bytes(text.encode("utf-16"), "a.txt").wait(WAIT_S)
    assert source.content() == text.encode("utf-16")
    assert source.content(2, 4) == text.encode("utf-16")[2:6]
    assert source.text() == text
    assert source.text_bytes(0, 4) == "Grü".encode()
    assert source.content(10**9) == b""
    with pytest.raises(archaeologist.InvalidArgumentError, match="offset"):
        source.content(-1)
    with pytest.raises(archaeologist.InvalidArgumentError, match="size"):
        source.content(0, -1)


def test_content_longer_than_one_read_comes_whole(project, monkeypatch):
    monkeypatch.setattr("archaeologist.source._READ_BYTES", 7)
    content = bytes(range(65, 91)) * 3 + b"\n"
    source = project.upload_bytes(content, "a.txt").wait(WAIT_S)
    assert source.content() == content
    assert source.content(3, 20) == content[3:23]
    assert source.content(0, 14) == content[:14]


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, lambda content: memoryview(bytearray(content))])
def test_any_buffer_can_be_uploaded(project, kind):
    for content in (b"", b"text \0 with NUL"):
        assert project.upload_bytes(kind(content), "a.bin").wait(WAIT_S).content() == content


def test_content_arrives_bit_by_bit(project):
    with project.upload_writer("big.txt") as writer:
        shutil.copyfileobj(io.BytesIO(b"line\n" * 100_000), writer)
    source = writer.upload.wait(WAIT_S)
    assert source.file_size == 500_000
    with pytest.raises(archaeologist.ConflictError):
        writer.write(b"more")
    with pytest.raises(archaeologist.ConflictError):
        writer.abort()


def test_a_writer_that_fails_leaves_nothing(project):
    with pytest.raises(ZeroDivisionError), project.upload_writer("a.txt") as writer:
        writer.write(b"half")
        raise ZeroDivisionError
    assert writer.upload is None
    aborted = project.upload_writer("b.txt")
    aborted.write(b"half")
    aborted.abort()
    forgotten = project.upload_writer("c.txt")
    forgotten.write(b"half")
    del forgotten
    assert list(project.sources()) == []
    with pytest.raises(archaeologist.InvalidArgumentError):
        project.upload_writer("../a.txt")


def test_sources_are_listed_by_name_and_status(project):
    for name in ("b.txt", "a.txt"):
        project.upload_bytes(name.encode(), name).wait(WAIT_S)
    binary = project.upload_bytes(b"\x7fELF\x02\x01\x01" + bytes(100), "c.bin").wait(WAIT_S)
    assert binary.status == SourceStatus.UNSUPPORTED
    assert binary.reason
    assert [source.filename for source in project.sources()] == ["a.txt", "b.txt", "c.bin"]
    assert [source.filename for source in project.sources("unsupported")] == ["c.bin"]
    assert list(project.sources(SourceStatus.FAILED)) == []
    with pytest.raises(archaeologist.InvalidArgumentError, match="must be one of pending, searchable"):
        list(project.sources("lost"))


def test_many_sources_come_page_by_page(project):
    for number in range(5):
        project.upload_bytes(b"%d" % number, f"{number}.txt")
    from archaeologist.source import sources

    found = [source.filename for source in sources(project.engine, project.id, None, page_size=2)]
    assert found == [f"{number}.txt" for number in range(5)]


def test_a_source_is_changed_reprocessed_and_deleted(engine, project):
    source = project.upload_bytes(b"text", "a.txt").wait(WAIT_S)
    assert source.set_metadata({"tag": 1}).metadata == {"tag": 1}
    assert source.reprocess("urgent").wait(WAIT_S).status == archaeologist.JobStatus.COMPLETED
    assert source.refresh().version == 2
    source.delete()
    with pytest.raises(archaeologist.NotFoundError):
        source.refresh()
    with pytest.raises(archaeologist.NotFoundError):
        engine.source(source.id)


def test_what_cannot_be_uploaded_is_an_error(project, tmp_path):
    with pytest.raises(archaeologist.NotFoundError, match="nowhere"):
        project.upload(tmp_path / "nowhere")
    with pytest.raises(archaeologist.InvalidArgumentError, match="NUL"):
        project.upload_bytes(b"x", "a\0b")
    with pytest.raises(archaeologist.InvalidArgumentError, match="priority"):
        project.upload_bytes(b"x", "a", priority="asap")
    with pytest.raises(archaeologist.InvalidArgumentError, match="JSON"):
        project.upload_bytes(b"x", "a", metadata={"a": float("nan")})
    with pytest.raises(TypeError, match="prioritty"):
        project.upload_bytes(b"x", "a", prioritty="low")
    with pytest.raises(archaeologist.InvalidArgumentError, match="max_retries is 4294967299"):
        project.upload_bytes(b"x", "a", max_retries=2**32 + 3)
    project.delete()
    with pytest.raises(archaeologist.NotFoundError):
        project.upload_bytes(b"x", "a")


def test_a_file_name_that_is_no_utf8_can_be_read(project, tmp_path):
    path = os.path.join(os.fsencode(tmp_path), b"caf\xe9.txt")
    with open(path, "wb") as file:
        file.write(b"text")
    assert project.upload(os.fsdecode(path), "café.txt").wait(WAIT_S).content() == b"text"


def test_hits_say_where_they_are(engine, project):
    text = "# One\n\nalpha beta\n\n# Two\n\ngamma Grüße delta\n"
    source = project.upload_bytes(text.encode(), "doc/a.md").wait(WAIT_S)
    other = engine.project("other")
    other.upload_bytes(b"gamma elsewhere\n", "b.txt").wait(WAIT_S)
    hits = project.search("gamma", mode="words")
    assert len(hits) == 1 and hits.total_found == 1
    hit = hits[0]
    assert (hit.source_name, hit.source_id, hit.project_id) == ("doc/a.md", source.id, project.id)
    assert source.text_bytes()[hit.begin:hit.end].decode() == hit.content
    assert hit.first_line <= 7 <= hit.last_line
    assert str(hit) == f"doc/a.md:{hit.first_line}"
    assert hits[0:1] == (hit,) and list(hits) == [hit] and hit in hits
    assert hits.details()["results"][0]["chunk_id"] == hit.chunk_id
    assert len(engine.search("gamma", mode="words")) == 2
    assert len(engine.search("gamma", projects=[other], mode="words")) == 1
    assert len(engine.search("GAMMA", mode="literal")) == 0
    assert len(engine.search("GAMMA", mode="literal", ignore_case=True)) == 2
    assert len(engine.search("amma", mode="literal", whole_word=True)) == 0
    assert len(engine.search("gamma", mode="words", path_glob="doc/**")) == 1
    assert len(engine.search("gamma", mode="words", file_types=["text"])) == 1
    assert len(engine.search("gamma", mode="words", source_ids=[source.id], languages=[])) == 1
    assert len(engine.search("gamma", mode="words", limit=1, offset=1, per_source=0)) == 1
    assert len(engine.search("nothing_has_this", mode="literal")) == 0


def test_a_hit_has_its_symbol_and_the_lines_around_it(engine, project):
    lines = [line for number in range(9) for line in (f"def number_{number}(x):", *["    x = x + 1 - x * x + 5"] * 30,
                                                       f"    return {number} * x", "")]
    source = project.upload_bytes("\n".join(lines).encode(), "numbers.py").wait(WAIT_S)
    assert source.chunk_count == 9
    hits = engine.search(r"return [5] \* x$", mode="literal", regex=True, context_lines=2)
    assert hits.total_found == 1 and hits[0].symbol == "number_5"
    text = source.text_bytes()
    assert text[:hits[0].begin].decode().endswith(hits[0].before) and hits[0].before.count("\n") == 2
    assert text[hits[0].end:].decode().startswith(hits[0].after) and hits[0].after.count("\n") == 2
    assert engine.search("return 5", mode="literal")[0].before == ""
    with pytest.raises(archaeologist.InvalidArgumentError, match="missing"):
        engine.search("(", mode="literal", regex=True)
    with pytest.raises(archaeologist.InvalidArgumentError, match="100"):
        engine.search("x", context_lines=101)


def test_a_wrong_search_is_refused(engine):
    with pytest.raises(archaeologist.InvalidArgumentError, match="limit"):
        engine.search("x", 0)
    with pytest.raises(archaeologist.InvalidArgumentError):
        engine.search("")
    with pytest.raises(archaeologist.InvalidArgumentError, match="mode"):
        engine.search("x", mode="fuzzy")
    with pytest.raises(archaeologist.NotFoundError):
        engine.search("x", projects=[12345])
    with pytest.raises(TypeError, match="mod"):
        engine.search("x", mod="words")
