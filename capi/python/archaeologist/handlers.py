"""Handlers: functions that do jobs of one's own types, on threads of this process."""
from __future__ import annotations

import threading
import time
import typing

from . import _calls, _log, errors, queue
from .queue import Lease

if typing.TYPE_CHECKING:
    from .engine import Engine

Handler = typing.Callable[[Lease], typing.Optional[typing.Mapping[str, typing.Any]]]
H = typing.TypeVar("H", bound=Handler)

_PAUSE_S = 0.5


class HandlerThreads:
    """Threads that claim jobs of one type, run the handler and settle.

    They hold the engine only while a job runs, so that one that nobody uses any longer can be collected.
    """

    def __init__(self, engine: Engine, job_type: str, handler: Handler, threads: int) -> None:
        self.job_type = job_type
        self._handler = handler
        self._reference = engine._reference
        self._worker_id = engine.worker_id
        self._stop = engine._closing
        self._threads = [threading.Thread(target=self._run, name=f"archaeologist-{job_type}-{number}", daemon=True)
                         for number in range(threads)]
        for thread in self._threads:
            thread.start()

    def join(self, timeout: float) -> None:
        """Waits up to `timeout` seconds for all to end."""
        end = time.monotonic() + timeout
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join(max(end - time.monotonic(), 0))

    def _run(self) -> None:
        while not self._stop.is_set():
            engine = self._reference()
            if engine is None:
                return
            try:
                for lease in queue.claim_once(engine, self._worker_id, [self.job_type], 1, _calls.SLICE_MS):
                    self._work(lease)
            except errors.Error as error:
                if self._stop.is_set() or isinstance(error, errors.ConflictError):
                    return
                _log.logger.warning("handler of %s: nothing can be claimed: %s", self.job_type, error)
                self._stop.wait(_PAUSE_S)
            finally:
                del engine

    def _work(self, lease: Lease) -> None:
        lease._engine._heart.keep(lease)
        result: typing.Mapping[str, typing.Any] | None = None
        failure: BaseException | None = None
        try:
            result = self._handler(lease)
        except errors.Settlement as settlement:
            failure = settlement
        except BaseException as error:
            failure = error
            if not lease.stop_requested:
                _log.logger.warning("job %s (%s) raised", lease.job_id, lease.job_type, exc_info=error)
        try:
            lease.settle(failure, result)
        except errors.Error as error:  # it comes back when the lease's time is over
            _log.logger.warning("job %s (%s) could not be settled: %s", lease.job_id, lease.job_type, error)
        finally:
            lease.close()
