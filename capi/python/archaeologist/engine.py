"""The engine: everything on one data folder."""
from __future__ import annotations

import array
import contextlib
import ctypes
import json
import logging
import os
import socket
import threading
import time
import typing
import uuid
import warnings
import weakref
from ctypes import POINTER, byref, c_char_p, c_float, c_size_t

from . import _abi, _calls, _log, _settings, _values, errors, events, job, queue, search, source
from ._constants import IfUnchanged, Interrupt, JobStatus, Priority, Role
from ._library import lib
from .aio import AsyncEngine, Wake
from .control import QueueControl
from .embedder import Embedder
from .handlers import H, HandlerThreads
from .job import Job
from .project import Project, project_of
from .queue import Lease, NewJob
from .search import Hits, SearchOptions
from .source import Source
from .vectors import Vectors
from .worker import Worker

if typing.TYPE_CHECKING:
    from typing_extensions import Unpack

PathLike = typing.Union[str, bytes, "os.PathLike[str]", "os.PathLike[bytes]"]

_PROJECTS_AT_ONCE = 200


class _Closing:
    """What it takes to close an engine, apart from the Engine, which may be gone by then."""

    def __init__(self, pointer: typing.Any, grace_s: float, keep: typing.Any) -> None:
        self.pointer = pointer
        self.grace_s = grace_s
        self.keep = keep
        self.began = threading.Event()
        self.heart = queue.Heart()
        self.handlers: list[HandlerThreads] = []
        self.worker: typing.Any = None  # a handle

    def run(self, born_in: int) -> None:
        try:
            if born_in == os.getpid() and not self.began.is_set():
                warnings.warn("an archaeologist.Engine was not closed", ResourceWarning, stacklevel=2)
        finally:  # a warning may be an error
            _calls.give_back(self._close, self.pointer, born_in, None)

    def _close(self, pointer: typing.Any) -> None:
        self.began.set()
        try:
            if self.worker:
                lib.archaeo_worker_drain(self.worker, 0, None)
            lib.archaeo_engine_interrupt(pointer, Interrupt.WAITS, None)
            end = time.monotonic() + self.grace_s
            for threads in self.handlers:
                threads.join(max(end - time.monotonic(), 0))
            self.heart.stop()
        finally:
            lib.archaeo_engine_close(pointer)
            lib.archaeo_worker_free(self.worker)
            self.handlers.clear()
            self.keep = None


class Engine:
    """Everything on one data folder; `archaeologist.open` makes it. All methods may be called from any thread.

    Several engines, also of several processes of one machine, may share a folder. It is closed by `with`, by close(), when
    it is collected, and at the interpreter's end.
    """

    def __init__(self, location: PathLike, settings: _settings.Settings, *, is_file: bool, worker: bool,
                 log: logging.Logger | None, embedder: Embedder | None) -> None:
        self.location = os.fsdecode(location)
        self.worker_id = f"{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:8]}-python"  # of claims
        options, keep = _settings.struct_of(settings, embedder, log)
        pointer = POINTER(_abi.archaeo_engine)()
        function = lib.archaeo_engine_open_file if is_file else lib.archaeo_engine_open
        try:
            _calls.call(function, _calls.path(location, "data folder"), byref(options), byref(pointer))
            grace = settings.get("grace")
            self._state = _Closing(pointer, 10.0 if grace is None else grace, keep)
            self._finalizer = weakref.finalize(self, self._state.run, os.getpid())
        except BaseException:
            lib.archaeo_engine_close(pointer)
            raise
        self._reference = weakref.ref(self)
        self._worker_wanted = worker
        self._lock = threading.Lock()
        self._worker: Worker | None = None
        self._has_joined = False
        self._wake = Wake(self)

    def __repr__(self) -> str:
        return f'<archaeologist.Engine on "{self.location}"{"" if self._finalizer.alive else ", closed"}>'

    @property
    def _pointer(self) -> typing.Any:
        if not self._finalizer.alive:
            raise errors.ConflictError(f'the engine on "{self.location}" is closed')
        return self._state.pointer

    @property
    def _keep(self) -> typing.Any:
        """What handles of the engine may still need when it is closed."""
        return self._state.keep

    @property
    def _closing(self) -> threading.Event:
        return self._state.began

    @property
    def _heart(self) -> queue.Heart:
        return self._state.heart

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def close(self) -> None:
        """Ends handlers and the worker, which have the grace time to finish, and what waits in other threads, which gets a
        ConflictError. Must not be called by an embedder or a log. Again, it does nothing. After Ctrl-C it goes on by itself."""
        self._state.began.set()
        if self._finalizer.alive:
            self._wake.stop()
        _calls.interruptibly(self._finalizer)

    @property
    def is_closed(self) -> bool:
        return not self._finalizer.alive

    def interrupt(self) -> None:
        """Makes calls of other threads that wait look whether they should go on, and an ingest end with JobCancelledError."""
        _calls.call(lib.archaeo_engine_interrupt, self._pointer, 0)

    @property
    def aio(self) -> AsyncEngine:
        """The parts that wait, for asyncio."""
        return AsyncEngine(self)

    # Projects

    def project(self, name: str, description: str | None = None) -> Project:
        """The project of this name; it is made if new."""
        with contextlib.suppress(errors.NotFoundError):
            return self.find_project(name)
        try:
            return self.create_project(name, description)
        except errors.AlreadyExistsError:  # somebody else made it meanwhile
            return self.find_project(name)

    def create_project(self, name: str, description: str | None = None) -> Project:
        """AlreadyExistsError"""
        return self._project(lib.archaeo_project_create, _calls.terminated(name, "project"),
                             _calls.terminated(description, "description"))

    def find_project(self, name: str) -> Project:
        """NotFoundError"""
        return self._project(lib.archaeo_project_find, _calls.terminated(name, "project"))

    def project_by_id(self, project_id: int) -> Project:
        return self._project(lib.archaeo_project_get, _values.int64(project_id, "project_id"))

    def _project(self, function: typing.Any, *arguments: typing.Any) -> Project:
        with _calls.output(_abi.archaeo_project) as found:
            _calls.call(function, self._pointer, *arguments, byref(found))
            return project_of(self, found)

    def projects(self) -> typing.Iterator[Project]:
        """All."""
        offset = 0
        while True:
            found = self._project_page(offset)
            yield from found
            if len(found) < _PROJECTS_AT_ONCE:
                return
            offset += len(found)

    def _project_page(self, offset: int) -> list[Project]:
        handles = (POINTER(_abi.archaeo_project) * _PROJECTS_AT_ONCE)()
        count = c_size_t()
        try:
            _calls.call(lib.archaeo_project_list, self._pointer, offset, handles, _PROJECTS_AT_ONCE, byref(count), None)
            return [project_of(self, handles[index]) for index in range(count.value)]
        finally:
            for handle in handles:
                lib.archaeo_project_free(handle)

    # Sources and search

    def ingest(self, project: str, *paths: PathLike, priority: _values.PriorityLike | None = None,
               if_unchanged: IfUnchanged | str | None = None, all_files: bool = False) -> dict[str, typing.Any]:
        """Walks files and folders, stores what is new or changed, processes it here and waits for the end. The report has
        files, bytes, searchable, unchanged, skipped, failed, chunks, seconds, problems, ... Ctrl-C and interrupt() end it soon
        (JobCancelledError where it is not Ctrl-C): every file is then stored whole or not at all, and the next one goes on.

        all_files: also what .gitignore names, .git, node_modules, ..."""
        pointer = self._pointer
        names = [_calls.path(each, "path") for each in paths]
        options = _calls.options(_abi.archaeo_ingest_options, priority=_values.member(Priority, priority, "priority"),
                                 if_unchanged=_values.member(IfUnchanged, if_unchanged, "if_unchanged"),
                                 all_files=int(all_files))
        return typing.cast("dict[str, typing.Any]", json.loads(_calls.interruptibly(
            lambda: _calls.buffer_of(lib.archaeo_engine_ingest, pointer, _calls.terminated(project, "project"),
                                     _calls.array(c_char_p, names), len(names), byref(options)),
            lambda: lib.archaeo_engine_interrupt(pointer, Interrupt.INGESTS, None))))

    def source(self, source_id: int) -> Source:
        with _calls.output(_abi.archaeo_source) as found:
            _calls.call(lib.archaeo_source_get, self._pointer, _values.int64(source_id, "source_id"), byref(found))
            return source.source_of(self, found)

    def search(self, query: str, limit: int = 10, *, projects: typing.Sequence[Project | int] = (),
               **options: Unpack[SearchOptions]) -> Hits:
        """query: 1 to 4,096 bytes. limit: 1 to 1,000. projects: which ones; none = all."""
        ids = [each if isinstance(each, int) else each.id for each in projects]
        return search.search(self, query, limit, ids, options)

    def vectors(self) -> Vectors:
        """The engine's own chunks and vectors. What you add there should be of a project made for it."""
        pointer = POINTER(_abi.archaeo_vectors)()
        _calls.call(lib.archaeo_engine_vectors, self._pointer, byref(pointer))
        return Vectors(pointer, self._keep)

    @property
    def dimension(self) -> int:
        """The length of the embedder's vectors."""
        return int(lib.archaeo_engine_dimension(self._pointer))

    def embed(self, texts: typing.Sequence[str], role: Role | str = Role.DOCUMENT) -> list[array.array[float]]:
        """A normalised vector for each of up to 10,000 texts."""
        data = [_calls.encoded(text, "text") for text in texts]
        dimension = self.dimension
        strings = (_abi.archaeo_str * len(data))(*(
            _abi.archaeo_str(ctypes.cast(ctypes.c_char_p(text), ctypes.c_void_p), len(text)) for text in data))
        floats = (c_float * (dimension * len(data)))()
        _calls.call(lib.archaeo_engine_embed, self._pointer, strings, len(data), _values.member(Role, role, "role"), floats,
                    len(floats))
        row_bytes = dimension * ctypes.sizeof(c_float)
        return [array.array("f", ctypes.string_at(ctypes.addressof(floats) + row_bytes * index, row_bytes))
                for index in range(len(data))]

    # Jobs and the queue

    def job(self, job_id: str) -> Job:
        with _calls.output(_abi.archaeo_job) as found:
            _calls.call(lib.archaeo_job_get, self._pointer, _calls.terminated(job_id, "job_id"), byref(found))
            return job.job_of(self, found)

    def jobs(self, *, status: JobStatus | str | None = None, job_type: str | None = None,
             project: Project | int = 0) -> typing.Iterator[Job]:
        """Newest first, without their attempts."""
        return job.jobs(self, status, job_type, project if isinstance(project, int) else project.id)

    def job_stats(self, user_id: int = 0) -> dict[str, typing.Any]:
        """Counts, mean duration and success rate; user_id 0 means everybody's jobs."""
        return self._json(lib.archaeo_job_stats, _values.int64(user_id, "user_id"))

    def enqueue(self, job_type: str, data: dict[str, typing.Any] | None = None,
                **options: Unpack[queue.JobOptions]) -> Job:
        """Accepts a job of any type."""
        made = NewJob(type=job_type, data={} if data is None else data, **options)
        return self.job(self.enqueue_many([made])[0])

    def enqueue_many(self, jobs: typing.Sequence[NewJob], *, idempotency_key: str | None = None) -> list[str]:
        """Accepts up to 10,000 jobs, all or none, and gives their ids in order. Within 24 hours the same key gives the first
        call's ids instead of making jobs."""
        return queue.enqueue(self, jobs, idempotency_key)

    def claim(self, *job_types: str, limit: int = 1, timeout: float | None = 0, worker_id: str | None = None) -> list[Lease]:
        """Leases the best ready jobs of these types, waiting up to `timeout` seconds (None = for ever) for the first. Most
        programs use handler() instead."""
        if not job_types:
            raise errors.InvalidArgumentError("claim: no job type is given, must be one at least")
        return queue.claim(self, worker_id or self.worker_id, job_types, limit, timeout)

    def joined(self, worker_id: str | None = None) -> contextlib.AbstractContextManager[None]:
        """For the time of a `with`, this process shows itself as a worker: its leases end at once when it dies, and other
        processes' jobs wake it at once. Handlers do so by themselves."""
        return queue.joined(self, worker_id or self.worker_id)

    def handler(self, job_type: str, *, threads: int = 1) -> typing.Callable[[H], H]:
        """Decorates a function that does jobs of a type: from now on `threads` threads claim such jobs and call it.

            @engine.handler("thumbnail")
            def thumbnail(job):
                job.progress(1, 2, "decoding")
                return {"width": 64}

        It gets the Lease, which is extended meanwhile, and returns the result, or None. What it raises fails the job, which
        is tried again; `Fail`, `Delay` and `Release` say other ends. It should look at job.stop_requested now and then, and
        must bear to run twice.
        """
        def decorate(function: H) -> H:
            with self._lock:
                if not self._has_joined:
                    _calls.call(lib.archaeo_queue_join, self._pointer, self.worker_id.encode())
                    self._has_joined = True
                self._state.handlers.append(HandlerThreads(self, job_type, function, threads))
            return function

        if threads < 1:
            raise errors.InvalidArgumentError(f"handler of {job_type}: threads is {threads}, must be at least 1")
        return decorate

    def pause(self) -> None:
        """Nothing is claimed until resume(), by no process; what runs goes on."""
        _calls.call(lib.archaeo_queue_pause, self._pointer)

    def resume(self) -> None:
        _calls.call(lib.archaeo_queue_resume, self._pointer)

    def queue_stats(self) -> dict[str, typing.Any]:
        """Counts by status and priority, the oldest waiting, workers, paused, degraded."""
        return self._json(lib.archaeo_queue_stats)

    @property
    def control(self) -> QueueControl:
        """The queue as a whole: order, limits, periodic jobs, many jobs at once."""
        return QueueControl(self)

    # The built-in worker, events, health

    def start_worker(self) -> Worker:
        """Starts the built-in worker, which processes files on threads of the library; or gives the one that runs. Uploads and
        waiting for them start it by themselves, unless the engine was opened with worker=False."""
        with self._lock:
            if self._worker is None or not self._worker.is_open:
                pointer = POINTER(_abi.archaeo_worker)()
                _calls.call(lib.archaeo_worker_start, self._pointer, byref(pointer))
                self._state.worker = pointer
                self._worker = Worker(self._state)
            return self._worker

    def _start_worker_if_wanted(self) -> None:
        if self._worker_wanted and self._worker is None:
            self.start_worker()

    def events(self, after: int | None = None, *, project: Project | int = 0, job_id: str | None = None,
               timeout: float | None = None) -> events.EventStream:
        """What happens, in order: events with an id above `after` (None: from now on; 0: from the oldest that is kept). The
        iterator ends after `timeout` seconds without one (None = never); go on from its `cursor`."""
        return events.EventStream(self, after, project if isinstance(project, int) else project.id, job_id, timeout)

    def check(self) -> list[dict[str, str]]:
        """Looks at everything the engine stands on: name, verdict (good, warning, bad), found, advice."""
        return typing.cast("list[dict[str, str]]", json.loads(_calls.buffer_of(lib.archaeo_engine_check, self._pointer)))

    def _json(self, function: typing.Any, *arguments: typing.Any) -> dict[str, typing.Any]:
        found = _calls.buffer_of(function, self._pointer, *arguments)
        return typing.cast("dict[str, typing.Any]", json.loads(found))
