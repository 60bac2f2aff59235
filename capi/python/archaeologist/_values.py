"""Arguments of many functions, and times."""
from __future__ import annotations

import datetime
import enum
import math
import typing

from . import _constants, errors

E = typing.TypeVar("E", bound=enum.IntEnum)

PriorityLike = typing.Union[_constants.Priority, str]


def member(kind: type[E], value: E | str | None, name: str) -> int:
    """An enumerator, or its name in small letters; None is 0, the default."""
    if value is None:
        return 0
    if isinstance(value, kind):
        return int(value)
    known = {str(each): int(each) for each in kind}
    if isinstance(value, str) and value in known:
        return known[value]
    raise errors.InvalidArgumentError(f'{name} is "{value}", must be one of {", ".join(known)}')


def or_none(value: int | None) -> int | None:
    """Where 0 goes in as "default": a 0 that was said is ARCHAEO_NONE."""
    return _constants.NONE if value == 0 else value


def share(value: float | None) -> float | None:
    return float(_constants.NONE) if value == 0 else value


def kept_ms(seconds: float | None, name: str) -> int | None:
    """How long something is kept: math.inf is for ever."""
    if seconds is None:
        return None
    if seconds == math.inf:
        return _constants.NONE
    if not 0 < seconds < 2**52:
        raise errors.InvalidArgumentError(f"{name} is {seconds}, must be seconds above 0")
    return round(seconds * 1000)


def moment(at_ms: int) -> datetime.datetime | None:
    """A time of the library's; None where there is none."""
    if at_ms == 0:
        return None
    return datetime.datetime.fromtimestamp(at_ms / 1000, datetime.timezone.utc)


def moment_ms(at: datetime.datetime | None) -> int:
    return 0 if at is None else round(at.timestamp() * 1000)


def counted(value: int, name: str, least: int = 1) -> int:
    """For a number where 0 would mean the default, and that ctypes would cut to 32 bits."""
    if not least <= value < 2**31:
        raise errors.InvalidArgumentError(f"{name} is {value}, must be {least} or more")
    return value


def int64(value: int, name: str) -> int:
    """ctypes would cut it."""
    if not -(2**63) <= value < 2**63:
        raise errors.InvalidArgumentError(f"{name} is {value}, which is out of range")
    return value


def int64s(values: typing.Sequence[int], name: str) -> list[int]:
    return [int64(value, name) for value in values]
