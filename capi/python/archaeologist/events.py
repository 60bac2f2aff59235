"""What happened, in order, behind a cursor. Events are a hint for followers; jobs and sources are the truth."""
from __future__ import annotations

import collections
import dataclasses
import datetime
import json
import time
import typing
from ctypes import byref

from . import _abi, _calls, _values
from ._library import lib

if typing.TYPE_CHECKING:
    from .engine import Engine


@dataclasses.dataclass(frozen=True)
class Event:
    id: int
    at: datetime.datetime | None
    kind: str  # "job.completed", ...
    job_id: str
    project_id: int
    source_id: int
    json: str = dataclasses.field(repr=False, compare=False)

    def details(self) -> dict[str, typing.Any]:
        """All fields."""
        return typing.cast("dict[str, typing.Any]", json.loads(self.json))


@dataclasses.dataclass(frozen=True)
class Page:
    """What one look found, and where to go on."""

    events: list[Event]
    cursor: int
    oldest_id: int
    newest_id: int


class EventStream(typing.Iterator[Event]):
    """An iterator over events as they happen. Engine.events() makes it. One thread at a time."""

    def __init__(self, engine: Engine, after: int | None, project_id: int, job_id: str | None, timeout: float | None) -> None:
        self._engine = engine
        self._filter = _calls.options(_abi.archaeo_event_filter, job_id=_calls.terminated(job_id, "job_id"),
                                      project_id=project_id)
        self._timeout_ms = _calls.milliseconds(timeout, "timeout", -1)
        self._waiting: collections.deque[Event] = collections.deque()
        self._read = 0
        self._read = self.poll(0).newest_id if after is None else _values.int64(after, "after")
        self.cursor = self._read  # the last event that was given
        self.has_missed = False  # whether events behind the cursor were forgotten before they could be read

    def __iter__(self) -> EventStream:
        return self

    def __next__(self) -> Event:
        end = time.monotonic() + self._timeout_ms / 1000
        while not self._waiting:
            left_ms = _calls.SLICE_MS if self._timeout_ms < 0 else round((end - time.monotonic()) * 1000)
            if not self.fetch(max(min(left_ms, _calls.SLICE_MS), 0)) and self._timeout_ms >= 0 and time.monotonic() >= end:
                raise StopIteration
        return typing.cast(Event, self.take())

    def take(self) -> Event | None:
        """One that was fetched already."""
        if not self._waiting:
            return None
        event = self._waiting.popleft()
        self.cursor = event.id
        return event

    def fetch(self, timeout_ms: int) -> bool:
        """Whether there are more."""
        page = self.poll(timeout_ms)
        if self._read and page.oldest_id > self._read + 1:
            self.has_missed = True
        self._waiting.extend(page.events)
        self._read = page.cursor
        if not self._waiting:
            self.cursor = page.cursor
        return bool(page.events)

    def poll(self, timeout_ms: int) -> Page:
        with _calls.output(_abi.archaeo_events) as found:
            _calls.call(lib.archaeo_events_poll, self._engine._pointer, self._read, byref(self._filter), timeout_ms,
                        byref(found))
            return Page([_event_of(found, index) for index in range(lib.archaeo_events_count(found))],
                        lib.archaeo_events_cursor(found), lib.archaeo_events_oldest_id(found),
                        lib.archaeo_events_newest_id(found))


def _event_of(found: typing.Any, index: int) -> Event:
    return Event(
        id=lib.archaeo_events_id(found, index), at=_values.moment(lib.archaeo_events_at_ms(found, index)),
        kind=_calls.decoded(lib.archaeo_events_kind(found, index)),
        job_id=_calls.decoded(lib.archaeo_events_job_id(found, index)),
        project_id=lib.archaeo_events_project_id(found, index), source_id=lib.archaeo_events_source_id(found, index),
        json=_calls.decoded(lib.archaeo_events_json(found, index)))
