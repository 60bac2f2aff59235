"""The built-in worker, which processes files."""
from __future__ import annotations

import json
import time
import typing

from . import _calls, errors
from ._library import lib

if typing.TYPE_CHECKING:
    from .engine import _Closing


class Worker:
    """Runs on threads of the library, as many jobs at once as the engine's `workers`. Closing the engine stops it, too."""

    def __init__(self, state: _Closing) -> None:
        self._state = state
        self._handle = state.worker

    @property
    def is_open(self) -> bool:
        return self._handle is not None and self._state.worker is self._handle

    def _pointer(self) -> typing.Any:
        if not self.is_open:
            raise errors.ConflictError("the worker is stopped")
        return self._handle

    def status(self) -> dict[str, typing.Any]:
        """worker_id, state ("running", "refused", "degraded", "draining", "stopped"), running jobs, processed, failed, ..."""
        found = _calls.buffer_of(lib.archaeo_worker_status, self._pointer())
        return typing.cast("dict[str, typing.Any]", json.loads(found))

    def drain(self, timeout: float | None = None) -> None:
        """It claims no more; running jobs have the grace time, then they are handed back. TimedOutError: it goes on draining."""
        timeout_ms = _calls.milliseconds(timeout, "timeout", -1)
        end = time.monotonic() + timeout_ms / 1000
        while True:
            left_ms = _calls.SLICE_MS if timeout_ms < 0 else round((end - time.monotonic()) * 1000)
            try:
                _calls.call(lib.archaeo_worker_drain, self._pointer(), max(min(left_ms, _calls.SLICE_MS), 0))
                return
            except errors.TimedOutError:
                if timeout_ms >= 0 and time.monotonic() >= end:
                    raise

    def stop(self) -> None:
        """Drains it to the end; after that start_worker() starts another. Again, it does nothing."""
        if not self.is_open:
            return
        self.drain()
        _calls.call(lib.archaeo_worker_stop, self._handle)
        handle, self._handle, self._state.worker = self._handle, None, None
        lib.archaeo_worker_free(handle)
