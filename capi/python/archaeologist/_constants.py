"""The numbers of the C ABI.

Made by generate.py from archaeologist.h: do not edit.
"""

import enum

ABI_VERSION = 1
NONE = -1
FOREVER = -1


class _Open(enum.IntEnum):
    """A later library may give numbers that are unknown here: they become members without a name of their own."""

    @classmethod
    def _missing_(cls, value: object) -> "_Open | None":
        if not isinstance(value, int):
            return None
        member = int.__new__(cls, value)
        member._name_ = f"UNKNOWN_{value}"
        member._value_ = value
        return member

    def __str__(self) -> str:
        return self.name.lower()


class Code(_Open):
    OK = 0
    INVALID_ARGUMENT = 1
    NOT_FOUND = 2
    ALREADY_EXISTS = 3
    CONFLICT = 4
    LEASE_LOST = 5
    CANCELLED = 6
    TIMED_OUT = 7
    TOO_LARGE = 8
    UNSUPPORTED = 9
    PERMISSION_DENIED = 10
    CORRUPT = 11
    INCOMPATIBLE = 12
    UNAVAILABLE = 13
    RATE_LIMITED = 14
    STORAGE_FULL = 15
    IO_ERROR = 16
    INTERNAL = 17


class LogLevel(_Open):
    DEBUG = 1
    INFO = 2
    WARNING = 3
    ERROR = 4


class Role(_Open):
    DOCUMENT = 1
    QUERY = 2


class QueuePlace(_Open):
    KEPT = 0
    CATALOG = 1
    REDIS = 2


class Interrupt(_Open):
    WAITS = 1
    INGESTS = 2


class ExternalModels(_Open):
    ALLOWED = 0
    DENIED = 1


class SourceStatus(_Open):
    PENDING = 1
    SEARCHABLE = 2
    UNSUPPORTED = 3
    FAILED = 4


class Priority(_Open):
    LOW = 1
    NORMAL = 2
    HIGH = 3
    URGENT = 4


class IfUnchanged(_Open):
    SKIP = 1
    PROCESS = 2


class JobStatus(_Open):
    PENDING = 1
    QUEUED = 2
    RUNNING = 3
    COMPLETED = 4
    FAILED = 5
    CANCELLED = 6


class BulkAction(_Open):
    CANCEL = 1
    RETRY = 2
    DELETE = 3
    SET_PRIORITY = 4


class FailKind(_Open):
    RETRY = 1
    PERMANENT = 2


class SearchMode(_Open):
    HYBRID = 1
    WORDS = 2
    SEMANTIC = 3
    LITERAL = 4


class TextKind(_Open):
    PLAIN = 1
    MARKDOWN = 2
    CODE = 3
    TABLE = 4
