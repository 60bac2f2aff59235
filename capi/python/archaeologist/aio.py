"""The parts of an engine that wait, for asyncio: `engine.aio`.

Everything else may be called from a coroutine as `await asyncio.to_thread(project.upload, path)`: all methods of an engine may
be called from any thread.
"""
from __future__ import annotations

import asyncio
import contextlib
import ctypes
import threading
import typing
import weakref
from ctypes import byref

from . import _calls, _log, errors
from ._library import lib
from .events import Event
from .job import FILE_JOBS, Job, wait_once
from .queue import Lease
from .source import Source, Upload

if typing.TYPE_CHECKING:
    from .engine import Engine
    from .project import Project

T = typing.TypeVar("T")
AsyncHandler = typing.Callable[["AsyncLease"], typing.Awaitable[typing.Optional[typing.Mapping[str, typing.Any]]]]

_FIRST_LOOK_S = 0.005
_LOOK_S = 0.1
_WAKE_S = 5.0  # the wake descriptor tells every second by itself


class Wake:
    """Hands the engine's wake descriptor on to all that wait in one event loop."""

    def __init__(self, engine: Engine) -> None:
        self._reference = weakref.ref(engine)
        self._lock = threading.Lock()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._descriptor = -1
        self._waiting: set[asyncio.Event] = set()

    @contextlib.contextmanager
    def watched(self) -> typing.Iterator[asyncio.Event]:
        """An event that is set whenever it is worth claiming."""
        event = asyncio.Event()
        self._add(event)
        try:
            yield event
        finally:
            self._remove(event)

    def _add(self, event: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        engine = self._reference()
        assert engine is not None  # its caller holds it
        with self._lock:
            if self._loop is not None and self._loop is not loop:
                raise errors.ConflictError("the engine's wake descriptor is in use in another event loop")
            if self._loop is None:
                descriptor = ctypes.c_int(-1)
                _calls.call(lib.archaeo_queue_wake_fd, engine._pointer, byref(descriptor))
                loop.add_reader(descriptor.value, self._woken)
                self._loop, self._descriptor = loop, descriptor.value
            self._waiting.add(event)

    def _remove(self, event: asyncio.Event) -> None:
        with self._lock:
            self._waiting.discard(event)
            if not self._waiting:
                self._unwatch()

    def _unwatch(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.remove_reader(self._descriptor)
        self._loop = None

    def _woken(self) -> None:
        engine = self._reference()
        with self._lock:
            try:
                if engine is None:
                    raise errors.ConflictError("the engine is gone")
                _calls.call(lib.archaeo_queue_wake_clear, engine._pointer)
            except errors.Error:
                self._unwatch()
            for event in self._waiting:
                event.set()

    def stop(self) -> None:
        """The engine is about to close its descriptor: all that wait look, and are told."""
        with self._lock:
            loop = self._loop
        if loop is None or loop.is_closed():
            return
        try:
            here = asyncio.get_running_loop() is loop
        except RuntimeError:
            here = False
        if here:
            self._stop()
            return
        stopped = threading.Event()

        def run() -> None:
            self._stop()
            stopped.set()

        with contextlib.suppress(RuntimeError):  # it was closed this moment
            loop.call_soon_threadsafe(run)
            stopped.wait(1)  # a loop that is busy, or stopped, is not waited for

    def _stop(self) -> None:
        with self._lock:
            self._unwatch()
            for event in self._waiting:
                event.set()


async def _in_thread(function: typing.Callable[[], T], undo: typing.Callable[[T], None]) -> T:
    """As asyncio.to_thread(); when the caller is cancelled meanwhile, what comes is undone."""
    loop = asyncio.get_running_loop()
    future = loop.run_in_executor(None, function)
    try:
        return await asyncio.shield(future)
    except asyncio.CancelledError:
        def done(finished: asyncio.Future[T]) -> None:
            if not finished.cancelled() and finished.exception() is None:
                loop.run_in_executor(None, undo, finished.result())

        future.add_done_callback(done)
        raise


def _release(leases: list[Lease]) -> None:
    for lease in leases:
        with contextlib.suppress(errors.Error):
            lease.release()


class AsyncLease:
    """A Lease whose methods are awaited; see there. `async with` extends it by itself and settles it at the end."""

    def __init__(self, lease: Lease) -> None:
        self.lease = lease

    def __repr__(self) -> str:
        return repr(self.lease)

    @property
    def job_id(self) -> str:
        return self.lease.job_id

    @property
    def job_type(self) -> str:
        return self.lease.job_type

    @property
    def data(self) -> typing.Any:
        return self.lease.data

    @property
    def attempt(self) -> int:
        return self.lease.attempt

    @property
    def stop_requested(self) -> bool:
        return self.lease.stop_requested

    async def extend(self) -> None:
        await asyncio.to_thread(self.lease.extend)

    async def progress(self, current: int, total: int, message: str | None = None) -> None:
        await asyncio.to_thread(self.lease.progress, current, total, message)

    async def complete(self, result: typing.Mapping[str, typing.Any] | None = None) -> None:
        await asyncio.to_thread(self.lease.complete, result)

    async def fail(self, message: str, *, permanent: bool = False) -> None:
        await asyncio.to_thread(lambda: self.lease.fail(message, permanent=permanent))

    async def delay(self, seconds: float, message: str = "") -> None:
        await asyncio.to_thread(self.lease.delay, seconds, message)

    async def release(self) -> None:
        await asyncio.to_thread(self.lease.release)

    async def __aenter__(self) -> AsyncLease:
        self.lease.__enter__()
        return self

    async def __aexit__(self, kind: object, error: BaseException | None, trace: object) -> bool:
        # Shielded: a task that is cancelled must still hand its job back.
        await asyncio.shield(asyncio.to_thread(self.lease.settle, error))
        return isinstance(error, errors.Settlement)


class AsyncEngine:
    """What `engine.aio` gives."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def claim(self, *job_types: str, limit: int = 1, timeout: float | None = None,
                    worker_id: str | None = None) -> list[AsyncLease]:
        """As Engine.claim(), without a thread that waits."""
        loop = asyncio.get_running_loop()
        end = None if timeout is None else loop.time() + timeout
        with self._engine._wake.watched() as event:
            while True:
                event.clear()
                leases = await _in_thread(
                    lambda: self._engine.claim(*job_types, limit=limit, timeout=0, worker_id=worker_id), _release)
                if leases:
                    return [AsyncLease(lease) for lease in leases]
                left_s = _WAKE_S if end is None else min(end - loop.time(), _WAKE_S)
                if left_s <= 0:
                    return []
                with contextlib.suppress(asyncio.TimeoutError):
                    await asyncio.wait_for(event.wait(), left_s)

    async def claims(self, *job_types: str, worker_id: str | None = None) -> typing.AsyncIterator[AsyncLease]:
        """One lease after the other, for ever:

            async for lease in engine.aio.claims("thumbnail"):
                async with lease:
                    await lease.complete({"width": 64})
        """
        while True:
            for lease in await self.claim(*job_types, worker_id=worker_id):
                yield lease

    async def run(self, job_type: str, handler: AsyncHandler, *, concurrency: int = 1) -> None:
        """Does jobs of a type with a coroutine function, `concurrency` at a time, until it is cancelled. The handler returns
        the result, or raises, as one of Engine.handler() does. Jobs of a cancelled run() go back to the queue."""
        await asyncio.gather(*(self._run(job_type, handler) for _ in range(concurrency)))

    async def _run(self, job_type: str, handler: AsyncHandler) -> None:
        async for lease in self.claims(job_type):
            try:
                async with lease:
                    await lease.complete(await handler(lease))
            except errors.LeaseLostError:
                pass
            except Exception as error:
                if self._engine.is_closed:
                    raise
                _log.logger.warning("job %s (%s) raised", lease.job_id, lease.job_type, exc_info=error)

    async def wait(self, job: Job | str, timeout: float | None = None) -> Job:
        """As Job.wait()."""
        job_id = job if isinstance(job, str) else job.id
        if not isinstance(job, str) and job.type in FILE_JOBS:
            self._engine._start_worker_if_wanted()
        loop = asyncio.get_running_loop()
        end = None if timeout is None else loop.time() + timeout
        pause_s = _FIRST_LOOK_S
        while True:
            found = await asyncio.to_thread(wait_once, self._engine, job_id, 0)
            if found.is_finished:
                return found
            if end is not None and loop.time() >= end:
                raise errors.TimedOutError(f"job {job_id} ({found.type}) is {found.status} after {timeout} s")
            await asyncio.sleep(pause_s)
            pause_s = min(2 * pause_s, _LOOK_S)

    async def wait_upload(self, upload: Upload, timeout: float | None = None) -> Source:
        """As Upload.wait()."""
        if upload.job is None:
            return upload.source
        (await self.wait(upload.job, timeout)).succeeded()
        return await asyncio.to_thread(upload.source.refresh)

    async def events(self, after: int | None = None, *, project: Project | int = 0,
                     job_id: str | None = None) -> typing.AsyncIterator[Event]:
        """As Engine.events(), for ever."""
        stream = await asyncio.to_thread(lambda: self._engine.events(after, project=project, job_id=job_id))
        while True:
            if not await asyncio.to_thread(stream.fetch, 0):
                await asyncio.sleep(_LOOK_S)
            while (event := stream.take()) is not None:
                yield event
