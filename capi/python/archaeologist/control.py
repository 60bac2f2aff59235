"""The queue as a whole: `engine.control`."""
from __future__ import annotations

import json
import typing
from ctypes import byref, c_char_p, c_int64

from . import _abi, _calls, _constants, _values
from ._constants import BulkAction, JobStatus, Priority
from ._library import lib
from .queue import NewJob, struct_of

if typing.TYPE_CHECKING:
    from .engine import Engine
    from .project import Project


class BulkReply(typing.NamedTuple):
    """How many jobs were changed, and how many refused because they are in no state for it."""

    changed: int
    refused: int


class QueueControl:
    """Order, limits, periodic jobs and what is to be known of the queue. All of it is kept by the queue, for all processes."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def settings(self) -> dict[str, typing.Any]:
        """paused, strict, head_starts_ms, share_ms, limits."""
        return self._engine._json(lib.archaeo_queue_settings)

    def workers(self) -> list[dict[str, typing.Any]]:
        """Those that joined and live, in whatever process or host."""
        return self._list(lib.archaeo_queue_workers)

    def history(self, window: float = 3600) -> list[dict[str, typing.Any]]:
        """What the queue did in each minute of the last `window` seconds (whole minutes, to 7 days) in which something happened."""
        return self._list(lib.archaeo_queue_history, _calls.milliseconds(window, "window"))

    def set_order(self, *, strict: bool = False, share: float | None = None) -> None:
        """strict: a higher priority always comes first; otherwise it is a head start in time, and nothing starves. share: seconds
        by which a job puts off its project's next (None = 0.02). ConflictError when the queue has unfinished jobs."""
        share_ms = 0 if share is None else _calls.milliseconds(share, "share") or _constants.NONE
        order = _calls.options(_abi.archaeo_queue_order, strict=int(strict), share_ms=share_ms)
        _calls.call(lib.archaeo_queue_set_order, self._engine._pointer, byref(order))

    def set_limit(self, running_max: int, *, job_type: str | None = None, project: Project | int = 0) -> None:
        """At most so many jobs of a type, or of a project, run at once; 0: none is started."""
        _calls.call(lib.archaeo_queue_set_limit, self._engine._pointer, _project_id(project),
                    _calls.terminated(job_type, "job_type"), _values.int64(running_max, "running_max"))

    def remove_limit(self, *, job_type: str | None = None, project: Project | int = 0) -> None:
        """NotFoundError"""
        _calls.call(lib.archaeo_queue_remove_limit, self._engine._pointer, _project_id(project),
                    _calls.terminated(job_type, "job_type"))

    def set_periodic(self, name: str, cron: str, job: NewJob) -> None:
        """Has a job made again and again, by whatever process claims; adds the one of this name or replaces it.

        cron: "minute hour day month weekday" in UTC, or @hourly, @daily, @weekly, @monthly, @yearly. A moment that passed while
        nothing claimed makes one job. The job is without id and scheduled_at."""
        _calls.call(lib.archaeo_periodic_set, self._engine._pointer, _calls.terminated(name, "name"),
                    _calls.terminated(cron, "cron"), byref(struct_of(job)))

    def remove_periodic(self, name: str) -> None:
        """NotFoundError"""
        _calls.call(lib.archaeo_periodic_remove, self._engine._pointer, _calls.terminated(name, "name"))

    def periodic(self) -> list[dict[str, typing.Any]]:
        """name, cron, next_at, job_type, ... of each."""
        return self._list(lib.archaeo_periodic_list)

    def change_jobs(self, action: BulkAction | str, *, ids: typing.Sequence[str] = (), status: JobStatus | str | None = None,
                    job_type: str | None = None, project: Project | int = 0,
                    priority: _values.PriorityLike | None = None) -> BulkReply:
        """"cancel", "retry", "delete" or "set_priority" with all jobs that fit what is given. Not atomic as a whole, safe to repeat."""
        names = [_calls.terminated(each, "ids") for each in ids]
        selection = _calls.options(
            _abi.archaeo_job_selection, job_ids=_calls.array(c_char_p, names), job_id_count=len(names),
            status=_values.member(JobStatus, status, "status"), job_type=_calls.terminated(job_type, "job_type"),
            project_id=_project_id(project))
        changed, refused = c_int64(), c_int64()
        _calls.call(lib.archaeo_job_bulk, self._engine._pointer, byref(selection),
                    _values.member(BulkAction, action, "action"), _values.member(Priority, priority, "priority"), byref(changed),
                    byref(refused))
        return BulkReply(changed.value, refused.value)

    def _list(self, function: typing.Any, *arguments: typing.Any) -> list[dict[str, typing.Any]]:
        found = _calls.buffer_of(function, self._engine._pointer, *arguments)
        return typing.cast("list[dict[str, typing.Any]]", json.loads(found))


def _project_id(project: Project | int) -> int:
    return _values.int64(project if isinstance(project, int) else project.id, "project")
