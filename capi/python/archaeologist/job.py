"""Jobs: what is to be done, and what became of it."""
from __future__ import annotations

import dataclasses
import datetime
import json
import time
import typing
from ctypes import POINTER, byref, c_size_t

from . import _abi, _calls, _values, errors
from ._constants import JobStatus, Priority
from ._library import lib

if typing.TYPE_CHECKING:
    from .engine import Engine

FILE_JOBS = ("file_processing", "batch_processing")


@dataclasses.dataclass(frozen=True)
class Job:
    """What a job was like when it was asked for. refresh() asks again."""

    engine: Engine = dataclasses.field(repr=False, compare=False)
    id: str
    type: str
    status: JobStatus
    is_finished: bool
    priority: Priority
    project_id: int  # 0 = of none
    source_id: int
    data: typing.Any
    result: typing.Any  # None until completed
    error_message: str
    created_at: datetime.datetime | None
    finished_at: datetime.datetime | None
    progress: tuple[int, int]  # current, total
    progress_message: str
    worker_id: str
    retry_count: int
    json: str = dataclasses.field(repr=False, compare=False)

    def details(self) -> dict[str, typing.Any]:
        """All fields, the attempts among them where the job was asked for by id."""
        return typing.cast("dict[str, typing.Any]", json.loads(self.json))

    def refresh(self) -> Job:
        return self.engine.job(self.id)

    def wait(self, timeout: float | None = None) -> Job:
        """The finished job, however it ended. TimedOutError after `timeout` seconds."""
        return wait(self.engine, self.id, timeout, self.type)

    def succeeded(self) -> Job:
        """Itself, when it is completed. JobFailedError, JobCancelledError, ConflictError (not finished)."""
        if self.status == JobStatus.COMPLETED:
            return self
        if self.status == JobStatus.FAILED:
            raise errors.JobFailedError(self)
        if self.status == JobStatus.CANCELLED:
            raise errors.JobCancelledError(f"job {self.id} ({self.type}) was cancelled")
        raise errors.ConflictError(f"job {self.id} ({self.type}) is {self.status}, must be finished")

    def cancel(self) -> None:
        """Durable at once. ConflictError: it is finished already."""
        _calls.call(lib.archaeo_job_cancel, self.engine._pointer, self.id.encode())

    def retry(self) -> Job:
        """A new job like this finished one."""
        with _calls.output(_abi.archaeo_job) as job:
            _calls.call(lib.archaeo_job_retry, self.engine._pointer, self.id.encode(), byref(job))
            return job_of(self.engine, job)

    def delete(self) -> None:
        """Forgets a finished job and, of a batch, its children."""
        _calls.call(lib.archaeo_job_delete, self.engine._pointer, self.id.encode())

    def set_priority(self, priority: _values.PriorityLike) -> None:
        """Until it runs."""
        _calls.call(lib.archaeo_job_set_priority, self.engine._pointer, self.id.encode(),
                    _values.member(Priority, priority, "priority"))


def job_of(engine: Engine, job: typing.Any) -> Job:
    """A copy of a handle's."""
    result = _calls.string(lib.archaeo_job_result(job))
    return Job(
        engine=engine, id=_calls.decoded(lib.archaeo_job_id(job)), type=_calls.decoded(lib.archaeo_job_type(job)),
        status=JobStatus(lib.archaeo_job_status(job)), is_finished=bool(lib.archaeo_job_is_finished(job)),
        priority=Priority(lib.archaeo_job_priority(job)), project_id=lib.archaeo_job_project_id(job),
        source_id=lib.archaeo_job_source_id(job), data=json.loads(_calls.string(lib.archaeo_job_data(job)) or b"{}"),
        result=json.loads(result) if result else None,
        error_message=_calls.decoded(lib.archaeo_job_error_message(job)),
        created_at=_values.moment(lib.archaeo_job_created_at_ms(job)),
        finished_at=_values.moment(lib.archaeo_job_finished_at_ms(job)),
        progress=(lib.archaeo_job_progress_current(job), lib.archaeo_job_progress_total(job)),
        progress_message=_calls.decoded(lib.archaeo_job_progress_message(job)),
        worker_id=_calls.decoded(lib.archaeo_job_worker_id(job)), retry_count=lib.archaeo_job_retry_count(job),
        json=_calls.decoded(lib.archaeo_job_json(job)))


def wait_once(engine: Engine, job_id: str, timeout_ms: int) -> Job:
    """As it is after at most timeout_ms."""
    with _calls.output(_abi.archaeo_job) as job:
        _calls.call(lib.archaeo_job_wait, engine._pointer, _calls.terminated(job_id, "job_id"), timeout_ms, byref(job))
        return job_of(engine, job)


def wait(engine: Engine, job_id: str, timeout: float | None, job_type: str) -> Job:
    if job_type in FILE_JOBS:
        engine._start_worker_if_wanted()
    timeout_ms = _calls.milliseconds(timeout, "timeout", -1)
    end = time.monotonic() + timeout_ms / 1000
    while True:
        left_ms = _calls.SLICE_MS if timeout_ms < 0 else round((end - time.monotonic()) * 1000)
        job = wait_once(engine, job_id, max(min(left_ms, _calls.SLICE_MS), 0))
        if job.is_finished:
            return job
        if timeout_ms >= 0 and time.monotonic() >= end:
            raise errors.TimedOutError(f"job {job_id} ({job.type}) is {job.status} after {timeout} s")


def jobs(engine: Engine, status: JobStatus | str | None, job_type: str | None, project_id: int,
         page_size: int = 200) -> typing.Iterator[Job]:
    """Newest first. Jobs that come meanwhile may show some twice; those are left out."""
    chosen = _calls.options(_abi.archaeo_job_filter, status=_values.member(JobStatus, status, "status"),
                            job_type=_calls.terminated(job_type, "job_type"), project_id=project_id)
    seen: set[str] = set()
    page = 1
    while True:
        found = _page(engine, chosen, page, page_size)
        for job in found:
            if job.id not in seen:
                yield job
        seen.update(job.id for job in found)
        if len(found) < page_size:
            return
        page += 1


def _page(engine: Engine, chosen: typing.Any, page: int, page_size: int) -> list[Job]:
    handles = (POINTER(_abi.archaeo_job) * page_size)()
    count = c_size_t()
    try:
        _calls.call(lib.archaeo_job_list, engine._pointer, byref(chosen), page, handles, page_size, byref(count), None)
        return [job_of(engine, handles[index]) for index in range(count.value)]
    finally:
        for handle in handles:
            lib.archaeo_job_free(handle)
