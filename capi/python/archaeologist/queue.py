"""Durable jobs of any type, done by whoever claims them.

A job accepted is never lost and ends exactly once; who has lost its lease is refused. A job may run twice, when the first
one's process died: what it does must bear that.
"""
from __future__ import annotations

import contextlib
import dataclasses
import datetime
import heapq
import itertools
import json
import os
import threading
import time
import typing
from ctypes import POINTER, byref, c_char_p, c_size_t

from . import _abi, _calls, _log, _values, errors
from ._constants import FailKind, Priority
from ._library import lib

if typing.TYPE_CHECKING:
    from .engine import Engine

LEASES_MAX = 256
_RETRY_S = 0.5
_HEARTBEAT_S_MAX = 30.0
_BEATS = 3  # in a lease's time


@dataclasses.dataclass(frozen=True)
class NewJob:
    """A job to enqueue. What is None is the library's default."""

    type: str  # 1 to 64 of a-z A-Z 0-9 . _ -
    data: dict[str, typing.Any] = dataclasses.field(default_factory=dict)  # JSON of at most 1 MiB
    id: str | None = None  # a UUID; the same again changes nothing
    project_id: int | None = None  # jobs of different projects take turns
    user_id: int | None = None
    priority: _values.PriorityLike | None = None
    max_retries: int | None = None  # 0 to 100; None = 3
    timeout: float | None = None  # seconds, of each attempt; None = an hour
    scheduled_at: datetime.datetime | None = None  # not before this time


class JobOptions(typing.TypedDict, total=False):
    """The fields of NewJob, for those of one's own choice."""

    id: str
    project_id: int
    user_id: int
    priority: _values.PriorityLike
    max_retries: int
    timeout: float
    scheduled_at: datetime.datetime


def struct_of(job: NewJob) -> typing.Any:
    data = _calls.json_of(job.data, "data")
    return _calls.options(
        _abi.archaeo_new_job, job_type=_calls.terminated(job.type, "job type"), data_json=data, data_size=len(data),
        job_id=_calls.terminated(job.id, "job id"), project_id=job.project_id, user_id=job.user_id,
        priority=_values.member(Priority, job.priority, "priority"), max_retries=_values.or_none(job.max_retries),
        timeout_ms=_calls.milliseconds(job.timeout, "timeout"), scheduled_at_ms=_values.moment_ms(job.scheduled_at))


def enqueue(engine: Engine, jobs: typing.Sequence[NewJob], idempotency_key: str | None) -> list[str]:
    structs = [struct_of(job) for job in jobs]  # they own the texts that the array's copies point to
    made = (_abi.archaeo_new_job * len(jobs))(*structs)
    ids = (_abi.archaeo_id * len(jobs))()
    _calls.call(lib.archaeo_queue_enqueue, engine._pointer, made, len(jobs),
                _calls.terminated(idempotency_key, "idempotency_key"), ids)
    return [each.text.decode() for each in ids]


class Lease:
    """The right to run one job, until its time is over or it is settled. `claim` and handlers give it.

    As a context manager it is extended by itself; at the block's end a job that is not settled is completed, or, when the
    block raised, failed (see `Settlement` for the ways). Its methods may be called from several threads.
    """

    def __init__(self, engine: Engine, handle: typing.Any) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._owned = _calls.Owned(self, handle, lib.archaeo_lease_free, engine._keep)
        self._lost: errors.Error | None = None
        self._settled = False
        self.job_id = _calls.decoded(lib.archaeo_lease_job_id(handle))
        self.job_type = _calls.decoded(lib.archaeo_lease_job_type(handle))
        self.data: typing.Any = json.loads(_calls.string(lib.archaeo_lease_data(handle)) or b"{}")
        self.attempt: int = lib.archaeo_lease_attempt(handle)  # 1 for the first claim
        self.epoch: int = lib.archaeo_lease_epoch(handle)
        self.priority = Priority(lib.archaeo_lease_priority(handle))
        self.project_id: int = lib.archaeo_lease_project_id(handle)
        self.source_id: int = lib.archaeo_lease_source_id(handle)
        self.until = _values.moment(lib.archaeo_lease_until_ms(handle))  # when claimed; extending puts it off
        self.deadline = _values.moment(lib.archaeo_lease_deadline_ms(handle))  # extending never goes past it
        left_s = lib.archaeo_lease_until_ms(handle) / 1000 - time.time()
        self._beat_s = min(max(left_s / _BEATS, 0.01), _HEARTBEAT_S_MAX)

    def __repr__(self) -> str:
        return f"<Lease of job {self.job_id} ({self.job_type}), attempt {self.attempt}>"

    @property
    def is_settled(self) -> bool:
        return self._settled

    @property
    def stop_requested(self) -> bool:
        """Whether to stop as soon as possible: the job is cancelled or lost, or the engine is being closed."""
        return self._lost is not None or self._engine._closing.is_set()

    def _call(self, function: typing.Any, *arguments: typing.Any) -> None:
        if self._owned.born_in != os.getpid():  # the lock's holder may not have come along
            raise errors.ConflictError(f"the lease of job {self.job_id} ({self.job_type}) is of the process that forked")
        with self._lock:
            if self._settled:
                raise errors.ConflictError(f"job {self.job_id} ({self.job_type}) is settled already")
            if not self._owned.is_open:
                raise errors.ConflictError(f"the lease of job {self.job_id} ({self.job_type}) is closed")
            try:
                _calls.call(function, self._owned.pointer, *arguments)
            except (errors.LeaseLostError, errors.JobCancelledError) as error:
                self._lost = type(error)(str(error))  # without its traceback, which would keep this lease alive
                raise

    def _settle(self, function: typing.Any, *arguments: typing.Any) -> None:
        self._call(function, *arguments)
        self._settled = True
        self.close()

    def extend(self) -> None:
        """Keeps the lease for another lease time. LeaseLostError: stop, write nothing more; JobCancelledError: stop and settle."""
        self._call(lib.archaeo_lease_extend)

    def progress(self, current: int, total: int, message: str | None = None) -> None:
        """Extends, and shows users how far it is."""
        self._call(lib.archaeo_lease_progress, _values.int64(current, "current"), _values.int64(total, "total"),
                   _calls.terminated(message, "message"))

    def complete(self, result: typing.Mapping[str, typing.Any] | None = None) -> None:
        """With a JSON object of at most 16 MiB. LeaseLostError: another worker's result counts."""
        text = b"{}" if result is None else _calls.json_of(result, f"result of job {self.job_id}")
        self._settle(lib.archaeo_lease_complete, text, len(text))

    def fail(self, message: str, *, permanent: bool = False) -> None:
        """It comes back after a pause until its retries are spent, unless that would not help."""
        kind = FailKind.PERMANENT if permanent else FailKind.RETRY
        self._settle(lib.archaeo_lease_fail, message.encode("utf-8", "replace").replace(b"\0", b" "), kind)

    def delay(self, seconds: float, message: str = "") -> None:
        """Not before `seconds` have passed, without spending a retry."""
        self._settle(lib.archaeo_lease_delay, message.encode("utf-8", "replace").replace(b"\0", b" "),
                     _calls.milliseconds(seconds, "seconds"))

    def release(self) -> None:
        """Hands it back unfinished, for somebody else to start at once."""
        self._settle(lib.archaeo_lease_release)

    def close(self) -> None:
        """Lets go without settling: the job goes back to the queue when the lease's time is over."""
        self._engine._heart.forget(self)
        self._owned.close()

    def settle(self, error: BaseException | None, result: typing.Mapping[str, typing.Any] | None = None) -> None:
        """As what a handler returned or raised says; tries again while the queue is away and the lease lasts. A lease that is
        lost is let go; nothing is raised for it."""
        end = time.monotonic() + _BEATS * self._beat_s
        while not self._settled:
            try:
                self._settle_once(error, result)
                return
            except errors.LeaseLostError:
                self.close()
                return
            except (errors.InvalidArgumentError, errors.TooLargeError) as refused:  # the result is no JSON object, or too large
                if isinstance(error, errors.Fail):
                    raise
                error = errors.Fail(str(refused))
            except errors.Error as failure:
                if not failure.is_retriable or time.monotonic() >= end:
                    raise
                self._engine._closing.wait(_RETRY_S)

    def _settle_once(self, error: BaseException | None, result: typing.Mapping[str, typing.Any] | None) -> None:
        if isinstance(self._lost, errors.LeaseLostError):
            self.close()
            raise errors.LeaseLostError(str(self._lost))
        if error is None:
            self.complete(result)
        elif isinstance(error, errors.Delay):
            self.delay(error.seconds, str(error))
        elif isinstance(error, errors.Release) or not isinstance(error, Exception):
            self.release()  # Ctrl-C and the like are not the job's fault
        else:
            plain = isinstance(error, (errors.Settlement, errors.Error))
            self.fail(str(error) if plain else f"{type(error).__name__}: {error}", permanent=isinstance(error, errors.Fail))

    def __enter__(self) -> Lease:
        self._engine._heart.keep(self)
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        """Settlements end here; other exceptions go on."""
        self.settle(error)
        return isinstance(error, errors.Settlement)


class Heart:
    """Extends leases by itself: one thread for all of an engine's, started by the first."""

    def __init__(self) -> None:
        self._born_in = os.getpid()
        self._changed = threading.Condition()
        self._due: list[tuple[float, int, Lease]] = []  # a heap
        self._kept: dict[int, Lease] = {}
        self._numbers = itertools.count()
        self._thread: threading.Thread | None = None
        self._stopped = False

    def keep(self, lease: Lease) -> None:
        if self._born_in != os.getpid():
            return
        with self._changed:
            if self._stopped:
                return
            self._kept[id(lease)] = lease
            self._schedule(lease, lease._beat_s)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="archaeologist-heart", daemon=True)
                self._thread.start()
            self._changed.notify()

    def forget(self, lease: Lease) -> None:
        if self._born_in != os.getpid():  # the lock's holder may not have come along
            return
        with self._changed:
            self._kept.pop(id(lease), None)

    def stop(self) -> None:
        with self._changed:
            self._stopped = True
            self._kept.clear()
            self._due.clear()
            self._changed.notify()
        if self._thread is not None and self._thread is not threading.current_thread():
            self._thread.join()

    def _schedule(self, lease: Lease, in_s: float) -> None:
        heapq.heappush(self._due, (time.monotonic() + in_s, next(self._numbers), lease))

    def _next(self) -> Lease | None:
        """Waits for the next one that is due; None when stopped."""
        with self._changed:
            while not self._stopped:
                while self._due and id(self._due[0][2]) not in self._kept:
                    heapq.heappop(self._due)
                left_s = self._due[0][0] - time.monotonic() if self._due else None
                if left_s is not None and left_s <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(left_s)
            return None

    def _run(self) -> None:
        while True:
            lease = self._next()
            if lease is None:
                return
            in_s = lease._beat_s
            try:
                lease.extend()
            except errors.Error as error:
                if not error.is_retriable:
                    self.forget(lease)
                    continue
                _log.logger.warning("job %s: its lease could not be extended: %s", lease.job_id, error)
                in_s = min(in_s, _RETRY_S)
            with self._changed:
                if id(lease) in self._kept:
                    self._schedule(lease, in_s)
            del lease


def claim_once(engine: Engine, worker_id: str, job_types: typing.Sequence[str], limit: int, timeout_ms: int) -> list[Lease]:
    types = [_calls.terminated(each, "job_type") for each in job_types]
    handles = (POINTER(_abi.archaeo_lease) * limit)()
    count = c_size_t()
    leases: list[Lease] = []
    try:
        _calls.call(lib.archaeo_queue_claim, engine._pointer, _calls.terminated(worker_id, "worker_id"),
                    _calls.array(c_char_p, types), len(types), timeout_ms, handles, limit, byref(count))
        for index in range(count.value):
            leases.append(Lease(engine, handles[index]))
        return leases
    except BaseException:
        for handle in handles[len(leases):]:
            lib.archaeo_lease_free(handle)
        raise


def claim(engine: Engine, worker_id: str, job_types: typing.Sequence[str], limit: int, timeout: float | None) -> list[Lease]:
    if not 1 <= limit <= LEASES_MAX:
        raise errors.InvalidArgumentError(f"limit is {limit}, must be 1 to {LEASES_MAX}")
    timeout_ms = _calls.milliseconds(timeout, "timeout", -1)
    end = time.monotonic() + timeout_ms / 1000
    while True:
        left_ms = _calls.SLICE_MS if timeout_ms < 0 else round((end - time.monotonic()) * 1000)
        leases = claim_once(engine, worker_id, job_types, limit, max(min(left_ms, _calls.SLICE_MS), 0))
        if leases or (timeout_ms >= 0 and time.monotonic() >= end):
            return leases


@contextlib.contextmanager
def joined(engine: Engine, worker_id: str) -> typing.Iterator[None]:
    """A claiming process shows itself, so that its leases end at once when it dies."""
    worker = _calls.terminated(worker_id, "worker_id")
    _calls.call(lib.archaeo_queue_join, engine._pointer, worker)
    try:
        yield
    finally:
        with contextlib.suppress(errors.ConflictError):  # the engine is closed: it has left
            _calls.call(lib.archaeo_queue_leave, engine._pointer, worker)
