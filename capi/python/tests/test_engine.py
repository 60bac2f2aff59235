"""Opening, settings, closing."""
import logging
import math
import shutil
import subprocess
import threading

import pytest
from conftest import WAIT_S

import archaeologist


def test_the_example_of_the_manual_works(tmp_path):
    (tmp_path / "f.txt").write_text("A lease that is lost is lost.\n")
    found = []
    with archaeologist.open(tmp_path / "data") as a:
        p = a.project("x")
        p.upload(tmp_path / "f.txt").wait(WAIT_S)
        for hit in p.search("lease lost"):
            found.append((hit.source_name, hit.first_line, hit.content))
    assert found == [("f.txt", 1, "A lease that is lost is lost.\n")]


def test_a_closed_engine_says_so(engine, project):
    job = engine.enqueue("mine")
    engine.close()
    engine.close()
    assert engine.is_closed
    for use in (lambda: engine.project("demo"), lambda: project.search("x"), job.refresh, engine.check, engine.start_worker,
                lambda: engine.claim("mine"), lambda: next(engine.events(0)), lambda: engine.dimension,
                lambda: engine.handler("mine")(print), lambda: project.upload_bytes(b"x", "x"), engine.vectors):
        with pytest.raises(archaeologist.ConflictError, match="is closed"):
            use()
    assert "closed" in repr(engine)


def test_closing_ends_what_waits_in_another_thread(engine):
    waits = threading.Event()
    ended = []

    def wait():
        waits.set()
        try:
            engine.claim("nobody_enqueues_this", timeout=None)
        except archaeologist.Error as error:
            ended.append(error)

    thread = threading.Thread(target=wait)
    thread.start()
    waits.wait()
    engine.close()
    thread.join(WAIT_S)
    assert not thread.is_alive()
    assert ended[0].code == archaeologist.Code.CONFLICT


def test_a_handle_that_is_closed_during_a_call_is_no_wrong_argument(engine):
    vectors = engine.vectors()
    freed, closed = vectors._pointer, engine._pointer
    vectors.close()
    engine.close()
    with pytest.raises(archaeologist.ConflictError, match="closed meanwhile"):
        archaeologist._calls.call(archaeologist._lib.archaeo_vectors_delete, freed, 1, 1, None)
    with pytest.raises(archaeologist.ConflictError, match="the engine is closed"):
        archaeologist._calls.call(archaeologist._lib.archaeo_queue_pause, closed)


def test_wrong_settings_are_named(data):
    with pytest.raises(archaeologist.InvalidArgumentError, match="workers"):
        archaeologist.open(data, workers=5000)
    with pytest.raises(archaeologist.InvalidArgumentError, match="grace"):
        archaeologist.open(data, grace=-1)
    with pytest.raises(archaeologist.InvalidArgumentError, match='queue is "fast", must be one of kept, catalog, redis'):
        archaeologist.open(data, queue="fast")
    with pytest.raises(TypeError, match="wokers"):
        archaeologist.open(data, wokers=5)
    with pytest.raises(archaeologist.InvalidArgumentError, match="NUL"):
        archaeologist.open("a\0b")
    with pytest.raises(archaeologist.InvalidArgumentError, match="workers is 4294967297"):
        archaeologist.open(data, workers=2**32 + 1)
    with pytest.raises(ValueError):
        archaeologist.open(data, keep_completed=0)


def test_all_settings_reach_the_library(data):
    with archaeologist.open(data, queue="catalog", worker_id="me", workers=2, heartbeat=1, grace=0, lease=5, backoff_base=0.5,
                            backoff_cap=60, keep_completed=math.inf, keep_cancelled=3600, keep_failed=7200,
                            file_bytes_max=100, text_bytes_max=100, chunk_target_tokens=16, chunk_max_tokens=32,
                            chunk_overlap=0, log=None) as engine:
        assert engine.start_worker().status()["worker_id"] == "me"
        project = engine.project("demo")
        with pytest.raises(archaeologist.TooLargeError):
            project.upload_bytes(b"x" * 101, "large.txt")


def test_an_engine_is_set_up_by_a_file(tmp_path, data):
    config = tmp_path / "archaeologist.conf"
    config.write_text(f'data = "{data}"\nfile-max = 64\nworker-id = mine\n')
    with archaeologist.open_file(config, worker_id="given") as engine:
        assert engine.start_worker().status()["worker_id"] == "given"
        with pytest.raises(archaeologist.TooLargeError):
            engine.project("demo").upload_bytes(b"x" * 65, "large.txt")
    with pytest.raises(archaeologist.NotFoundError):
        archaeologist.open_file(tmp_path / "nowhere.conf")


def test_a_folder_that_cannot_be_made_is_an_error(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(archaeologist.Error) as caught:
        archaeologist.open(tmp_path / "file" / "data")
    assert str(tmp_path) in str(caught.value)


def test_the_log_comes_by_a_logger(data):
    """A worker that may not join says so."""
    came = threading.Event()
    records = []

    class Collect(logging.Handler):
        def emit(self, record):
            records.append(record)
            came.set()

    mine = logging.getLogger("test.mine")
    mine.propagate = False
    mine.addHandler(Collect())
    with archaeologist.open(data) as other, other.joined("same"), archaeologist.open(data, worker_id="same", log=mine) as engine:
        engine.start_worker()
        assert came.wait(WAIT_S)
    assert records[0].levelno == logging.ERROR
    assert "cannot join the queue" in records[0].getMessage()
    assert records[0].job_id is None


def test_the_worker_starts_with_the_first_upload_unless_told_otherwise(data):
    with archaeologist.open(data, worker=False) as engine:
        upload = engine.project("demo").upload_bytes(b"text", "a.txt")
        with pytest.raises(TimeoutError, match="queued"):
            upload.wait(0.05)
    with archaeologist.open(data) as engine:
        assert engine.queue_stats()["workers"] == 0
        assert engine.job(upload.job.id).wait(WAIT_S).status == archaeologist.JobStatus.COMPLETED


def test_the_worker_drains_and_starts_again(engine, project):
    worker = engine.start_worker()
    assert engine.start_worker() is worker
    assert worker.status()["state"] == "running"
    worker.drain(WAIT_S)
    worker.stop()
    worker.stop()
    assert not worker.is_open
    with pytest.raises(archaeologist.ConflictError, match="stopped"):
        worker.status()
    assert engine.start_worker().status()["state"] == "running"


def test_an_ingest_that_is_interrupted_ends_and_the_next_one_goes_on(engine, tmp_path):
    (tmp_path / "a.txt").write_text("some words\n")
    engine.pause()  # so that it has no end of its own
    raised = []

    def ingest():
        with pytest.raises(archaeologist.JobCancelledError) as caught:
            engine.ingest("demo", tmp_path / "a.txt", priority="high")
        raised.append(str(caught.value))

    thread = threading.Thread(target=ingest)
    thread.start()
    while thread.is_alive():
        engine.interrupt()
    assert "was interrupted" in raised[0]
    engine.resume()
    engine.ingest("demo", tmp_path / "a.txt")
    assert [source.status for source in engine.project("demo").sources()] == [archaeologist.SourceStatus.SEARCHABLE]


def test_ingest_reports_and_check_advises(engine, tmp_path):
    tree = tmp_path / "tree"
    tree.mkdir()
    for name in ("a.py", "b.md"):
        (tree / name).write_text(f"# {name}\nprint('{name}')\n")
    report = engine.ingest("demo", tree)
    assert report["files"] == 2
    assert report["searchable"] == 2
    assert engine.ingest("demo", tree)["unchanged"] == 2
    assert {check["verdict"] for check in engine.check()} <= {"good", "warning", "bad"}
    with pytest.raises(archaeologist.InvalidArgumentError):
        engine.ingest("demo", tree / "nowhere")
    with pytest.raises(archaeologist.InvalidArgumentError):
        engine.ingest("demo")


def test_projects_are_found_made_changed_and_deleted(engine):
    made = engine.create_project("b", "about b")
    assert (made.name, made.description, made.source_count) == ("b", "about b", 0)
    assert made.created_at is not None and made.created_at.tzinfo is not None
    assert engine.project("b") == made
    assert engine.project_by_id(made.id) == made
    engine.project("a")
    assert sorted(each.name for each in engine.projects()) == ["a", "b"]
    with pytest.raises(archaeologist.AlreadyExistsError):
        engine.create_project("b")
    assert made.update(description="more").description == "more"
    assert made.update(name="c").name == "c"
    assert made.external_models is archaeologist.ExternalModels.ALLOWED
    assert made.set_external_models("denied").external_models is archaeologist.ExternalModels.DENIED
    assert made.details()["id"] == made.id
    assert made.refresh().name == "c"
    made.delete()
    with pytest.raises(archaeologist.NotFoundError):
        engine.find_project("c")
    with pytest.raises(LookupError):
        made.refresh()
    with pytest.raises(archaeologist.InvalidArgumentError, match="out of range"):
        engine.project_by_id(2**64 + 1)


def test_many_projects_come_page_by_page(engine):
    names = [f"p{number:03}" for number in range(401)]
    for name in names:
        engine.create_project(name)
    assert sorted(each.name for each in engine.projects()) == names


def test_texts_are_embedded(engine):
    rows = engine.embed(["one two", "three"], role="query")
    assert [len(row) for row in rows] == [engine.dimension] * 2
    assert sum(number * number for number in rows[0]) == pytest.approx(1, abs=1e-3)
    assert engine.embed([]) == []


@pytest.mark.skipif(shutil.which("redis-server") is None, reason="redis-server is not installed")
def test_jobs_wait_in_redis(tmp_path, data):
    socket = tmp_path / "redis.sock"
    server = subprocess.Popen(["redis-server", "--port", "0", "--unixsocket", socket, "--save", "", "--dir", tmp_path],
                              stdout=subprocess.PIPE, text=True)
    try:
        assert any("ready to accept connections" in line.lower() for line in server.stdout)
        with archaeologist.open(data, queue="redis", redis_url=f"unix:{socket}", redis_name="mine", redis_shards=2) as engine:
            @engine.handler("square")
            def square(job):
                return {"square": job.data["number"] ** 2}

            assert engine.enqueue("square", {"number": 7}).wait(WAIT_S).result == {"square": 49}
            assert engine.project("demo").upload_bytes(b"text", "a.txt").wait(WAIT_S).chunk_count == 1
            assert engine.queue_stats()["degraded"] is False
        assert archaeologist.open(data, redis_url=f"unix:{socket}", redis_name="mine", redis_shards=2).close() is None
    finally:
        server.terminate()
        server.stdout.close()
        server.wait(WAIT_S)
