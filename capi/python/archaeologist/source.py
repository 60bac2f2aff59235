"""Sources: what was handed over, and its uploads."""
from __future__ import annotations

import dataclasses
import json
import typing
from ctypes import POINTER, byref, c_char, c_size_t, c_uint64

from . import _abi, _calls, _values, errors
from ._constants import IfUnchanged, Priority, SourceStatus
from ._library import lib
from .job import Job, job_of

if typing.TYPE_CHECKING:
    from .engine import Engine

_READ_BYTES = 16 << 20

Buffer = typing.Union[bytes, bytearray, memoryview]


@dataclasses.dataclass(frozen=True)
class Source:
    """What a source was like when it was asked for. refresh() asks again."""

    engine: Engine = dataclasses.field(repr=False, compare=False)
    id: int
    project_id: int
    filename: str
    version: int
    content_hash: str  # SHA-256, in hex
    file_size: int
    file_type: str  # "code", ...; empty until detected
    language: str
    metadata: dict[str, typing.Any]
    status: SourceStatus
    reason: str
    chunk_count: int
    job_id: str  # of the latest version
    json: str = dataclasses.field(repr=False, compare=False)

    def details(self) -> dict[str, typing.Any]:
        """All fields."""
        return typing.cast("dict[str, typing.Any]", json.loads(self.json))

    def refresh(self) -> Source:
        return self.engine.source(self.id)

    def job(self) -> Job:
        """Of the latest version."""
        return self.engine.job(self.job_id)

    def delete(self) -> None:
        """Gone for search and lists at once. The same name may come again, as the next version."""
        _calls.call(lib.archaeo_source_delete, self.engine._pointer, self.id)

    def set_metadata(self, metadata: dict[str, typing.Any]) -> Source:
        with _calls.output(_abi.archaeo_source) as source:
            _calls.call(lib.archaeo_source_set_metadata, self.engine._pointer, self.id, _calls.json_of(metadata, "metadata"),
                        byref(source))
            return source_of(self.engine, source)

    def reprocess(self, priority: _values.PriorityLike | None = None) -> Job:
        """Processes its latest content once more, as the next version."""
        self.engine._start_worker_if_wanted()
        with _calls.output(_abi.archaeo_job) as job:
            _calls.call(lib.archaeo_source_reprocess, self.engine._pointer, self.id,
                        _values.member(Priority, priority, "priority"), byref(job))
            return job_of(self.engine, job)

    def content(self, offset: int = 0, size: int | None = None) -> bytes:
        """The latest upload's bytes: `size` of them (None = all) from `offset` on, fewer only at the end."""
        return self._read(lib.archaeo_source_content, offset, size)

    def text_bytes(self, offset: int = 0, size: int | None = None) -> bytes:
        """The UTF-8 text of the version that search sees, which byte ranges of chunks and hits count in."""
        return self._read(lib.archaeo_source_text, offset, size)

    def text(self) -> str:
        return self.text_bytes().decode("utf-8", "replace")

    def _read(self, function: typing.Any, offset: int, size: int | None) -> bytes:
        _check_range(offset, size)
        parts: list[bytes] = []
        left = size
        while left is None or left > 0:
            wanted = _READ_BYTES if left is None else min(left, _READ_BYTES)
            part = _calls.buffer_of(function, self.engine._pointer, self.id, offset, wanted)
            parts.append(part)
            offset += len(part)
            if len(part) < wanted:
                break
            left = None if left is None else left - len(part)
        return b"".join(parts)

    def chunks(self, page_size: int = 200) -> typing.Iterator[dict[str, typing.Any]]:
        """The chunks that search sees, as the HTTP server shows them."""
        page = 1
        while True:
            found = json.loads(_calls.buffer_of(lib.archaeo_source_chunks, self.engine._pointer, self.id, page, page_size))
            yield from found["chunks"]
            if not found["has_more"]:
                return
            page += 1


def _check_range(offset: int, size: int | None) -> None:
    if not 0 <= offset < 2**64:
        raise errors.InvalidArgumentError(f"offset is {offset}, must be at least 0")
    if size is not None and size < 0:
        raise errors.InvalidArgumentError(f"size is {size}, must be at least 0")


def source_of(engine: Engine, source: typing.Any) -> Source:
    """A copy of a handle's."""
    return Source(
        engine=engine, id=lib.archaeo_source_id(source), project_id=lib.archaeo_source_project_id(source),
        filename=_calls.decoded(lib.archaeo_source_filename(source)), version=lib.archaeo_source_version(source),
        content_hash=_calls.decoded(lib.archaeo_source_content_hash(source)),
        file_size=lib.archaeo_source_file_size(source), file_type=_calls.decoded(lib.archaeo_source_file_type(source)),
        language=_calls.decoded(lib.archaeo_source_language(source)),
        metadata=json.loads(_calls.string(lib.archaeo_source_metadata(source)) or b"{}"),
        status=SourceStatus(lib.archaeo_source_status(source)), reason=_calls.decoded(lib.archaeo_source_reason(source)),
        chunk_count=lib.archaeo_source_chunk_count(source), job_id=_calls.decoded(lib.archaeo_source_job_id(source)),
        json=_calls.decoded(lib.archaeo_source_json(source)))


def sources(engine: Engine, project_id: int, status: SourceStatus | str | None,
            page_size: int = 200) -> typing.Iterator[Source]:
    """By name."""
    wanted = _values.member(SourceStatus, status, "status")
    page = 1
    while True:
        found = _page(engine, project_id, wanted, page, page_size)
        yield from found
        if len(found) < page_size:
            return
        page += 1


def _page(engine: Engine, project_id: int, status: int, page: int, page_size: int) -> list[Source]:
    handles = (POINTER(_abi.archaeo_source) * page_size)()
    count = c_size_t()
    try:
        _calls.call(lib.archaeo_source_list, engine._pointer, project_id, status, page, handles, page_size, byref(count), None)
        return [source_of(engine, handles[index]) for index in range(count.value)]
    finally:
        for handle in handles:
            lib.archaeo_source_free(handle)


class UploadOptions(typing.TypedDict, total=False):
    """What every kind of upload may be told."""

    priority: _values.PriorityLike
    max_retries: int  # 0 to 100; not said = 3
    timeout: float  # seconds, of each attempt; not said = an hour
    if_unchanged: IfUnchanged | str  # "skip" or "process"
    original_filename: str
    metadata: dict[str, typing.Any]
    user_id: int


def upload_options(given: UploadOptions) -> typing.Any:
    unknown = given.keys() - UploadOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"upload got an unexpected keyword argument {sorted(unknown)[0]!r}")
    metadata = given.get("metadata")
    return _calls.options(
        _abi.archaeo_upload_options, priority=_values.member(Priority, given.get("priority"), "priority"),
        max_retries=_values.or_none(given.get("max_retries")),
        timeout_ms=_calls.milliseconds(given.get("timeout"), "timeout"),
        if_unchanged=_values.member(IfUnchanged, given.get("if_unchanged"), "if_unchanged"),
        original_filename=_calls.terminated(given.get("original_filename"), "original_filename"),
        metadata_json=None if metadata is None else _calls.json_of(metadata, "metadata"), user_id=given.get("user_id"))


@dataclasses.dataclass(frozen=True)
class Upload:
    """Content that is stored, and the job that makes it searchable: None when the content was known already."""

    source: Source
    job: Job | None

    def wait(self, timeout: float | None = None) -> Source:
        """The source once it is processed. JobFailedError, JobCancelledError, TimedOutError (seconds)."""
        if self.job is None:
            return self.source
        self.job.wait(timeout).succeeded()
        return self.source.refresh()


def upload(engine: Engine, function: typing.Any, *arguments: typing.Any) -> Upload:
    """Calls one of the functions that end with source_out, job_out, error_out."""
    with _calls.output(_abi.archaeo_source) as source, _calls.output(_abi.archaeo_job) as job:
        _calls.call(function, *arguments, byref(source), byref(job))
        done = Upload(source_of(engine, source), job_of(engine, job) if job else None)
    engine._start_worker_if_wanted()
    return done


def upload_piece(engine: Engine, project_id: int, name: str, content: Buffer, offset: int, total_size: int,
                 options: UploadOptions) -> tuple[int, Upload | None]:
    for value, what in ((offset, "offset"), (total_size, "total_size")):
        if not 0 <= value < 2**64:
            raise errors.InvalidArgumentError(f"{what} is {value}, must be at least 0")
    received = c_uint64()
    with _calls.output(_abi.archaeo_source) as source, _calls.output(_abi.archaeo_job) as job:
        _calls.call(lib.archaeo_upload_piece, engine._pointer, project_id, _calls.terminated(name, "name"),
                    byref(upload_options(options)), offset, total_size, memory_of(content), memoryview(content).nbytes,
                    byref(received), byref(source), byref(job))
        done = Upload(source_of(engine, source), job_of(engine, job) if job else None) if source else None
    if done:
        engine._start_worker_if_wanted()
    return received.value, done


def memory_of(content: Buffer) -> typing.Any:
    """What ctypes can point to; read-only memory that is no bytes object is copied."""
    if isinstance(content, bytes):
        return content
    view = memoryview(content).cast("B")
    return view.tobytes() if view.readonly or not view.nbytes else (c_char * view.nbytes).from_buffer(view)


class UploadWriter:
    """Content that arrives bit by bit: write() as often as needed, then finish(). One thread at a time.

    Nothing is visible before finish(), and nothing stays when it is closed without. As a context manager it finishes at
    the block's end, unless the block raises; `upload` is then what came of it.
    """

    def __init__(self, engine: Engine, project_id: int, filename: str, options: UploadOptions) -> None:
        self._engine = engine
        self.upload: Upload | None = None
        pointer = POINTER(_abi.archaeo_upload)()
        try:
            _calls.call(lib.archaeo_upload_begin, engine._pointer, project_id, _calls.terminated(filename, "filename"),
                        byref(upload_options(options)), byref(pointer))
        except BaseException:
            lib.archaeo_upload_free(pointer)
            raise
        self._owned = _calls.Owned(self, pointer, lib.archaeo_upload_free, engine._keep)

    def _pointer(self) -> typing.Any:
        if not self._owned.is_open:
            raise errors.ConflictError("the upload is closed")
        return self._owned.pointer

    def write(self, content: Buffer) -> int:
        """As a file's: how many bytes it took, which are all."""
        size = memoryview(content).nbytes
        _calls.call(lib.archaeo_upload_append, self._pointer(), memory_of(content), size)
        return size

    def finish(self) -> Upload:
        self.upload = upload(self._engine, lib.archaeo_upload_finish, self._pointer())
        self._owned.close()
        return self.upload

    def abort(self) -> None:
        """Forgets what was written. ConflictError: it is finished."""
        if self.upload is not None:
            raise errors.ConflictError("the upload is finished")
        _calls.call(lib.archaeo_upload_abort, self._pointer())
        self._owned.close()

    def close(self) -> None:
        """Aborts what is not finished."""
        self._owned.close()

    def __enter__(self) -> UploadWriter:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        if kind is None and self._owned.is_open:
            self.finish()
        self.close()
