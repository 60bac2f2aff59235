"""The library's log, handed to Python's logging."""
from __future__ import annotations

import logging
import typing

from . import _abi, _calls
from ._constants import LogLevel

LEVELS = {LogLevel.DEBUG: logging.DEBUG, LogLevel.INFO: logging.INFO, LogLevel.WARNING: logging.WARNING,
          LogLevel.ERROR: logging.ERROR}

logger = logging.getLogger("archaeologist")
logger.addHandler(logging.NullHandler())


def level_for(target: logging.Logger) -> LogLevel:
    """The least that the logger takes."""
    wanted = target.getEffectiveLevel()
    return next((level for level, number in LEVELS.items() if number >= wanted), LogLevel.ERROR)


def callback_of(target: logging.Logger) -> typing.Any:
    def log(level: int, message: bytes, size: int, job_id: bytes | None, _: object) -> None:
        with _calls.inside_callback():
            try:
                text = message[:size].decode("utf-8", "replace")
                extra = {"job_id": job_id.decode() if job_id else None}
                target.log(LEVELS.get(LogLevel(level), logging.ERROR), "%s", text, extra=extra)
            except BaseException:  # nothing may leave a callback, and a log has nobody to tell
                pass

    return _abi.archaeo_log_sink(log)
