"""Jobs of any type: enqueued, claimed, settled; handlers."""
import datetime
import threading
import time
import uuid

import pytest
from conftest import WAIT_S

import archaeologist
from archaeologist import JobStatus, NewJob


def test_a_job_is_claimed_and_completed(engine):
    job = engine.enqueue("mine", {"text": "Grüße"}, priority="urgent", max_retries=0)
    assert (job.status, job.data, job.type, job.result) == (JobStatus.QUEUED, {"text": "Grüße"}, "mine", None)
    [lease] = engine.claim("mine")
    assert (lease.job_id, lease.job_type, lease.data, lease.attempt) == (job.id, "mine", {"text": "Grüße"}, 1)
    assert lease.priority == archaeologist.Priority.URGENT
    assert lease.until > datetime.datetime.now(datetime.timezone.utc)
    lease.progress(1, 2, "half")
    running = job.refresh()
    assert (running.status, running.progress, running.progress_message) == (JobStatus.RUNNING, (1, 2), "half")
    lease.complete({"width": 64})
    assert lease.is_settled
    done = job.wait(WAIT_S)
    assert (done.status, done.result, done.is_finished) == (JobStatus.COMPLETED, {"width": 64}, True)
    assert done.created_at <= done.finished_at
    assert done.succeeded() is done
    with pytest.raises(archaeologist.ConflictError, match="settled already"):
        lease.complete()
    assert engine.claim("mine") == []


def test_a_claim_takes_only_what_it_names(engine):
    engine.enqueue_many([NewJob("one"), NewJob("two"), NewJob("three")])
    assert sorted(lease.job_type for lease in engine.claim("one", "two", limit=10)) == ["one", "two"]
    with pytest.raises(archaeologist.InvalidArgumentError, match="no job type"):
        engine.claim()
    with pytest.raises(archaeologist.InvalidArgumentError, match="limit"):
        engine.claim("one", limit=0)
    with pytest.raises(archaeologist.InvalidArgumentError, match="NUL"):
        engine.claim("o\0ne")


def test_many_jobs_are_accepted_once_for_a_key(engine):
    jobs = [NewJob("bulk", {"number": number}) for number in range(1000)]
    ids = engine.enqueue_many(jobs, idempotency_key="once")
    assert len(set(ids)) == 1000
    assert engine.enqueue_many(jobs, idempotency_key="once") == ids
    assert engine.job(ids[7]).data == {"number": 7}
    assert sum(1 for _ in engine.jobs(job_type="bulk", status="queued")) == 1000
    assert engine.job_stats()["queued_jobs"] == 1000
    assert engine.enqueue_many([]) == []


def test_a_job_has_the_id_and_the_time_it_was_given(engine):
    job_id = str(uuid.uuid4())
    later = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(hours=1)
    assert engine.enqueue("mine", id=job_id, scheduled_at=later).id == job_id
    assert engine.enqueue("mine", id=job_id, scheduled_at=later).id == job_id
    assert engine.claim("mine") == []
    assert len(list(engine.jobs())) == 1


def test_a_job_ends_as_its_worker_says(engine):
    for settle, status in ((lambda lease: lease.fail("no use", permanent=True), JobStatus.FAILED),
                           (lambda lease: lease.fail("again"), JobStatus.QUEUED),
                           (lambda lease: lease.delay(3600, "429"), JobStatus.QUEUED),
                           (lambda lease: lease.release(), JobStatus.QUEUED)):
        job = engine.enqueue("mine")
        [lease] = engine.claim("mine")
        settle(lease)
        found = job.refresh()
        assert found.status in (status, JobStatus.PENDING)
        if not found.is_finished:
            found.cancel()
    failed = next(engine.jobs(status="failed"))
    assert failed.error_message == "no use"
    with pytest.raises(archaeologist.JobFailedError, match="no use") as caught:
        failed.succeeded()
    assert caught.value.job == failed


def test_a_block_settles_what_it_was_given(engine):
    job = engine.enqueue("mine")
    with engine.claim("mine")[0]:
        pass
    assert job.refresh().status == JobStatus.COMPLETED
    job = engine.enqueue("mine", max_retries=0)
    with pytest.raises(ZeroDivisionError), engine.claim("mine")[0]:
        _ = 1 // 0
    assert job.refresh().error_message == "ZeroDivisionError: integer division or modulo by zero"
    job = engine.enqueue("mine")
    with engine.claim("mine")[0]:
        raise archaeologist.Fail("for good")
    assert (job.refresh().status, job.refresh().error_message) == (JobStatus.FAILED, "for good")
    job = engine.enqueue("mine")
    with pytest.raises(KeyboardInterrupt), engine.claim("mine")[0]:
        raise KeyboardInterrupt
    assert engine.claim("mine")[0].attempt == 2
    assert job.refresh().retry_count == 0


def test_jobs_are_cancelled_retried_deleted_and_moved(engine):
    job = engine.enqueue("mine")
    job.set_priority("low")
    assert job.refresh().priority == archaeologist.Priority.LOW
    job.cancel()
    with pytest.raises(archaeologist.ConflictError):
        job.cancel()
    with pytest.raises(archaeologist.JobCancelledError):
        job.wait(WAIT_S).succeeded()
    again = job.retry()
    assert again.id != job.id
    with pytest.raises(archaeologist.ConflictError, match="must be finished"):
        again.succeeded()
    with pytest.raises(archaeologist.ConflictError):
        again.retry()
    job.delete()
    with pytest.raises(archaeologist.NotFoundError):
        job.refresh()
    assert again.details()["id"] == again.id


def test_waiting_ends_after_its_time(engine):
    job = engine.enqueue("mine")
    with pytest.raises(archaeologist.TimedOutError, match="is queued after 0.01 s") as caught:
        job.wait(0.01)
    assert caught.value.is_retriable
    assert engine.claim("nothing", timeout=0.01) == []
    with pytest.raises(archaeologist.NotFoundError):
        archaeologist.job.wait(engine, str(uuid.uuid4()), 0, "mine")


def test_a_lease_that_was_lost_is_refused(data):
    with archaeologist.open(data, lease=0.1) as engine:
        job = engine.enqueue("mine")
        [first] = engine.claim("mine", worker_id="first")
        [second] = engine.claim("mine", worker_id="second", timeout=WAIT_S)
        assert second.epoch > first.epoch
        with pytest.raises(archaeologist.LeaseLostError):
            first.complete({"by": "first"})
        assert first.stop_requested
        with pytest.raises(archaeologist.LeaseLostError):
            first.extend()
        second.complete({"by": "second"})
        assert job.refresh().result == {"by": "second"}


def test_a_block_keeps_its_lease_by_itself(data):
    with archaeologist.open(data, lease=1) as engine:
        job = engine.enqueue("mine")
        [lease] = engine.claim("mine", worker_id="first")
        with lease:
            # Longer than the lease, for another to take it.
            assert engine.claim("mine", worker_id="second", timeout=2) == []
            lease.complete({"by": "first"})
        assert job.refresh().result == {"by": "first"}


def test_a_paused_queue_gives_nothing(engine):
    engine.enqueue("mine")
    engine.pause()
    assert engine.claim("mine") == []
    assert engine.queue_stats()["paused"] is True
    engine.resume()
    assert len(engine.claim("mine")) == 1


def test_handlers_do_jobs(engine):
    seen = []

    @engine.handler("square", threads=3)
    def square(job):
        seen.append(threading.current_thread().name)
        return {"square": job.data["number"] ** 2}

    ids = engine.enqueue_many([NewJob("square", {"number": number}) for number in range(50)])
    assert [engine.job(each).wait(WAIT_S).result["square"] for each in ids] == [number**2 for number in range(50)]
    assert all(name.startswith("archaeologist-square-") for name in seen)


@pytest.mark.filterwarnings("ignore")
def test_what_a_handler_raises_decides(engine):
    @engine.handler("mine")
    def mine(job):
        if job.data["do"] == "raise":
            raise ValueError("bad data")
        if job.data["do"] == "fail":
            raise archaeologist.Fail("no use")
        if job.data["do"] == "release" and job.attempt == 1:
            raise archaeologist.Release
        if job.data["do"] == "delay" and job.attempt == 1:
            raise archaeologist.Delay(0.001, "429")
        if job.data["do"] == "not json":
            return {"a": object()}
        return {"attempt": job.attempt}

    def end(do):
        return engine.enqueue("mine", {"do": do}, max_retries=0).wait(WAIT_S)

    assert end("raise").error_message == "ValueError: bad data"
    assert end("fail").error_message == "no use"
    assert end("release").result == {"attempt": 2}
    assert end("delay").result == {"attempt": 2}
    assert "cannot be JSON" in end("not json").error_message
    assert end("nothing").result == {"attempt": 1}


def test_a_handler_learns_that_its_job_is_cancelled(data):
    started = threading.Event()
    with archaeologist.open(data, lease=0.3) as engine:
        @engine.handler("mine")
        def mine(job):
            started.set()
            while not job.stop_requested:
                time.sleep(0.005)
            return {"stopped": True}

        job = engine.enqueue("mine")
        assert started.wait(WAIT_S)
        job.cancel()
        assert job.wait(WAIT_S).status == JobStatus.CANCELLED
        # The thread is free again.
        started.clear()
        other = engine.enqueue("mine")
        assert started.wait(WAIT_S)
        other.cancel()


def test_closing_lets_handlers_finish(data):
    started = threading.Event()
    with archaeologist.open(data) as engine:
        @engine.handler("mine")
        def mine(job):
            started.set()
            while not job.stop_requested:
                time.sleep(0.005)
            return {"stopped": True}

        job = engine.enqueue("mine")
        assert started.wait(WAIT_S)
    with archaeologist.open(data) as engine:
        assert engine.job(job.id).result == {"stopped": True}


def test_a_handler_needs_a_thread(engine):
    with pytest.raises(archaeologist.InvalidArgumentError, match="threads"):
        engine.handler("mine", threads=0)


def test_a_result_waits_until_the_queue_is_back(engine, monkeypatch):
    calls = []

    def complete(lease, text, size, error_out):
        calls.append(text)
        if len(calls) < 3:
            error_out._obj.contents = archaeologist._lib.archaeo_error_new(archaeologist.Code.UNAVAILABLE, b"away").contents
            return archaeologist.Code.UNAVAILABLE
        return real(lease, text, size, error_out)

    real = archaeologist._lib.archaeo_lease_complete
    monkeypatch.setattr(archaeologist._lib, "archaeo_lease_complete", complete)
    monkeypatch.setattr("archaeologist.queue._RETRY_S", 0.001)
    job = engine.enqueue("mine")
    engine.claim("mine")[0].settle(None, {"kept": True})
    assert len(calls) == 3
    assert job.refresh().result == {"kept": True}
