"""What can go wrong, an exception for each code of the library.

All derive from `Error`. `code` says which, `is_retriable` whether the same call may succeed later as it is.
"""
from __future__ import annotations

import typing

from ._constants import Code

if typing.TYPE_CHECKING:
    from .job import Job


class Error(Exception):
    """Anything this package raises by itself. The text is a sentence that names thing, value and rule."""

    code: Code = Code.INTERNAL
    is_retriable: bool = False

    def __init__(self, message: str, *, is_retriable: bool | None = None) -> None:
        super().__init__(message)
        if is_retriable is not None:
            self.is_retriable = is_retriable


class InvalidArgumentError(Error, ValueError):
    """The request breaks a rule."""

    code = Code.INVALID_ARGUMENT


class NotFoundError(Error, LookupError):
    code = Code.NOT_FOUND


class AlreadyExistsError(Error):
    code = Code.ALREADY_EXISTS


class ConflictError(Error):
    """Not possible in the present state: a finished job, a closed engine, an engine of before the fork."""

    code = Code.CONFLICT


class LeaseLostError(Error):
    """Another worker holds the job by now, or it is finished: drop what you did."""

    code = Code.LEASE_LOST


class JobCancelledError(Error):
    """The job was cancelled, or the ingest was interrupted."""

    code = Code.CANCELLED


class TimedOutError(Error, TimeoutError):
    code = Code.TIMED_OUT
    is_retriable = True


class TooLargeError(Error, ValueError):
    code = Code.TOO_LARGE


class UnsupportedError(Error):
    code = Code.UNSUPPORTED


class PermissionDeniedError(Error):
    code = Code.PERMISSION_DENIED


class CorruptError(Error):
    """Stored data cannot be read. It is named, never deleted."""

    code = Code.CORRUPT


class IncompatibleError(Error):
    """Written by a newer version, by another model, for another lake."""

    code = Code.INCOMPATIBLE


class UnavailableError(Error):
    """A backend is down or busy."""

    code = Code.UNAVAILABLE
    is_retriable = True


class RateLimitedError(Error):
    code = Code.RATE_LIMITED
    is_retriable = True


class StorageFullError(Error):
    code = Code.STORAGE_FULL
    is_retriable = True


class IoError(Error):
    code = Code.IO_ERROR
    is_retriable = True


class InternalError(Error):
    """A bug of the library, or a code that this package does not know."""


class JobFailedError(Error):
    """A job that was waited for has failed; `job` is what became of it."""

    def __init__(self, job: Job) -> None:
        super().__init__(f"job {job.id} ({job.type}) failed: {job.error_message}")
        self.job = job


class Settlement(Exception):
    """How a handler ends its job other than by returning. Not an error of the library."""


class Retry(Settlement):
    """The job has failed and comes back after a pause, until its retries are spent. Any exception means the same."""


class Fail(Settlement):
    """The job has failed, and more attempts would not help."""


class Delay(Settlement):
    """Not before `seconds` have passed, without spending a retry: for rate limits and outages."""

    def __init__(self, seconds: float, message: str = "") -> None:
        super().__init__(message)
        self.seconds = seconds


class Release(Settlement):
    """Hands the job back unfinished, for somebody else to start at once."""


CLASSES: dict[Code, type[Error]] = {
    kind.code: kind
    for kind in (InvalidArgumentError, NotFoundError, AlreadyExistsError, ConflictError, LeaseLostError, JobCancelledError,
                 TimedOutError, TooLargeError, UnsupportedError, PermissionDeniedError, CorruptError, IncompatibleError,
                 UnavailableError, RateLimitedError, StorageFullError, IoError, InternalError)
}


def error_of(code: int, message: str, is_retriable: bool | None = None) -> Error:
    """The exception for a code. One that a later library knows and this package does not is an InternalError."""
    return CLASSES.get(Code(code), InternalError)(message, is_retriable=is_retriable)
