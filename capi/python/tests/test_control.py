"""The queue as a whole: order, limits, periodic jobs, many jobs at once; and files in pieces."""
import pytest
from conftest import WAIT_S

import archaeologist


@pytest.fixture
def control(engine):
    return engine.control


def test_order_is_for_all_and_cannot_change_under_jobs(engine, control):
    assert not control.settings()["strict"]
    control.set_order(strict=True, share=0)
    assert (control.settings()["strict"], control.settings()["share_ms"]) == (True, 0)
    with archaeologist.open(engine.location) as other:
        assert other.control.settings()["strict"]
    control.set_order()
    assert control.settings()["share_ms"] == 20
    engine.enqueue("mine")
    with pytest.raises(archaeologist.ConflictError, match="unfinished"):
        control.set_order(strict=True)


def test_a_limit_holds_back_what_is_beyond_it(engine, control):
    engine.enqueue_many([archaeologist.NewJob("mine")] * 3)
    control.set_limit(1, job_type="mine")
    assert control.settings()["limits"] == [{"job_type": "mine", "running_max": 1}]
    first = engine.claim("mine", limit=3)
    assert len(first) == 1
    first[0].complete({})
    control.remove_limit(job_type="mine")
    assert len(engine.claim("mine", limit=3)) == 2
    with pytest.raises(archaeologist.NotFoundError):
        control.remove_limit(project=1)
    with pytest.raises(archaeologist.InvalidArgumentError, match="either"):
        control.set_limit(1)


def test_periodic_jobs_are_listed_until_they_are_removed(control):
    control.set_periodic("each night", "30 2 * * *", archaeologist.NewJob("report", {"n": 1}, priority="high"))
    listed = control.periodic()
    assert [(each["name"], each["cron"], each["job_data"], each["priority"]) for each in listed] == [
        ("each night", "30 2 * * *", {"n": 1}, "high")]
    with pytest.raises(archaeologist.InvalidArgumentError, match="cron"):
        control.set_periodic("wrong", "30 2 * *", archaeologist.NewJob("report"))
    control.remove_periodic("each night")
    assert control.periodic() == []
    with pytest.raises(archaeologist.NotFoundError):
        control.remove_periodic("each night")


def test_many_jobs_are_changed_at_once(engine, control):
    ids = engine.enqueue_many([archaeologist.NewJob("mine")] * 4)
    assert control.change_jobs("set_priority", job_type="mine", priority="urgent") == (4, 0)
    assert control.change_jobs("cancel", ids=ids[:2]) == (2, 0)
    assert control.change_jobs(archaeologist.BulkAction.CANCEL, ids=ids[:3]).refused == 2
    assert control.change_jobs("retry", status="cancelled", job_type="mine").changed == 3
    assert control.change_jobs("delete", ids=ids[:3]).changed == 3
    assert {job.priority for job in engine.jobs(job_type="mine")} == {archaeologist.Priority.URGENT}
    with pytest.raises(archaeologist.InvalidArgumentError, match="empty"):
        control.change_jobs("cancel")
    with pytest.raises(archaeologist.InvalidArgumentError, match="action"):
        control.change_jobs("forget", job_type="mine")


def test_the_queue_tells_of_workers_and_of_its_minutes(engine, control):
    assert control.workers() == []
    with engine.joined("me"):
        assert [worker["worker_id"] for worker in control.workers()] == ["me"]
    engine.enqueue("mine")
    assert sum(minute["queued"] for minute in control.history()) == 1
    with pytest.raises(archaeologist.InvalidArgumentError, match="window_ms"):
        control.history(0)


def test_a_file_comes_in_pieces(project):
    assert project.upload_piece(b"", "f.txt", 0, 10) == (0, None)
    assert project.upload_piece(b"some ", "f.txt", 0, 10) == (5, None)
    with pytest.raises(archaeologist.ConflictError, match="offset is 7"):
        project.upload_piece(b"ds", "f.txt", 7, 10)
    received, upload = project.upload_piece(memoryview(b"words"), "f.txt", 5, 10)
    assert received == 10
    assert upload.wait(WAIT_S).content() == b"some words"
    with pytest.raises(archaeologist.InvalidArgumentError, match="offset is -1"):
        project.upload_piece(b"x", "f.txt", -1, 10)
