"""Files in, searchable knowledge out: libarchaeologist for Python.

    import archaeologist

    with archaeologist.open("data") as a:
        p = a.project("x")
        p.upload("f.txt").wait()
        for hit in p.search("lease lost"):
            print(hit.source_name, hit.first_line, hit.content)

Everything is stored in one folder, with no server beside it. What is uploaded is durable when upload() returns, and
searchable once wait() does. Times are in seconds, moments are datetimes in UTC, ranges count bytes of UTF-8. All methods of
an engine may be called from any thread, and those that wait hear Ctrl-C. A child that was forked while something was
open can use and open nothing: open after the fork. `multiprocessing` works with the start methods spawn and forkserver.
"""
from __future__ import annotations

import logging
import typing

from . import _log
from ._constants import (BulkAction, Code, ExternalModels, FailKind, IfUnchanged, JobStatus, LogLevel, Priority, QueuePlace, Role, SearchMode, SourceStatus,
                         TextKind)
from ._library import lib as _lib
from ._settings import Settings
from .aio import AsyncEngine, AsyncLease
from .control import BulkReply, QueueControl
from .embedder import Embedder
from .engine import Engine, PathLike
from .errors import (AlreadyExistsError, ConflictError, CorruptError, Delay, Error, Fail, IncompatibleError, InternalError,
                     InvalidArgumentError, IoError, JobCancelledError, JobFailedError, LeaseLostError, NotFoundError,
                     PermissionDeniedError, RateLimitedError, Release, Retry, Settlement, StorageFullError, TimedOutError,
                     TooLargeError, UnavailableError, UnsupportedError)
from .events import Event, EventStream
from .job import Job
from .project import Project
from .queue import Lease, NewJob
from .search import Hit, Hits
from .source import Source, Upload, UploadWriter
from .text import Chunk, Term, analyze, chunk
from .vectors import Document, Point, VectorHit, Vectors, open_vectors
from .worker import Worker

if typing.TYPE_CHECKING:
    from typing_extensions import Unpack

__version__ = "0.1.0"

__all__ = [
    "AlreadyExistsError", "AsyncEngine", "AsyncLease", "BulkAction", "BulkReply", "Chunk", "Code", "ConflictError", "CorruptError", "Delay", "Document",
    "Embedder", "Engine", "Error", "Event", "EventStream", "ExternalModels", "Fail", "FailKind", "Hit", "Hits", "IfUnchanged",
    "IncompatibleError", "InternalError", "InvalidArgumentError", "IoError", "Job", "JobCancelledError", "JobFailedError",
    "JobStatus", "Lease", "LeaseLostError", "LogLevel", "NewJob", "NotFoundError", "PermissionDeniedError", "Point", "Priority",
    "Project", "QueueControl", "QueuePlace", "RateLimitedError", "Release", "Retry", "Role", "SearchMode", "Settings", "Settlement", "Source",
    "SourceStatus", "StorageFullError", "Term", "TextKind", "TimedOutError", "TooLargeError", "UnavailableError",
    "UnsupportedError", "Upload", "UploadWriter", "VectorHit", "Vectors", "Worker", "analyze", "chunk", "library_version",
    "open", "open_file", "open_vectors",
]


def library_version() -> str:
    """Of the library that is loaded."""
    return typing.cast(bytes, _lib.archaeo_version_string()).decode()


def open(data: PathLike, *, worker: bool = True, log: logging.Logger | None = _log.logger, embedder: Embedder | None = None,
         **settings: Unpack[Settings]) -> Engine:
    """Opens or makes a data folder.

    worker    whether uploads, and waiting for them, start the built-in worker; with False another process does the jobs
    log       who gets the library's messages: the logger "archaeologist", another one, or None for nobody
    embedder  a model of one's own
    settings  see `Settings`
    """
    return Engine(data, settings, is_file=False, worker=worker, log=log, embedder=embedder)


def open_file(config: PathLike, *, worker: bool = True, log: logging.Logger | None = _log.logger,
              embedder: Embedder | None = None, **settings: Unpack[Settings]) -> Engine:
    """The same, set up by a file of lines "name = value", which archaeologist.h describes. What is given here counts more."""
    return Engine(config, settings, is_file=True, worker=worker, log=log, embedder=embedder)
