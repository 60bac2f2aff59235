"""How this package calls the library: errors become exceptions, texts are copied, handles are given back.

Everything the library gives is copied at once into Python objects, so only things that act keep a handle: an engine, a lease,
an upload, a worker, vectors. Each is closed by hand, by `with`, or when it is collected, in any order; engines also at the
interpreter's end, before their callbacks cease to be callable. A finalizer may run anywhere, also in a thread that the library has called (an embedder, a log): from there no
handle may be given back, so a thread of its own does it.
"""
from __future__ import annotations

import contextlib
import ctypes
import json
import os
import threading
import typing
import weakref
from ctypes import POINTER, byref

from . import _abi, errors
from ._constants import Code
from ._library import lib

Pointer = typing.Any  # a ctypes pointer to one of the opaque structs

# How long a blocking call stays in the library before it looks for Ctrl-C.
SLICE_MS = 200

_callback = threading.local()


@contextlib.contextmanager
def inside_callback() -> typing.Iterator[None]:
    """For the body of what the library calls."""
    before = getattr(_callback, "running", False)
    _callback.running = True
    try:
        yield
    finally:
        _callback.running = before


def raise_later(error: BaseException) -> None:
    """For what comes up in a callback and is not about it, as Ctrl-C: this thread's call raises it when it returns."""
    _callback.pending = error


def _raise_pending() -> None:
    pending, _callback.pending = _callback.pending, None
    try:
        raise pending
    finally:
        del pending


def string(text: _abi.archaeo_str) -> bytes:
    return ctypes.string_at(text.data, text.size) if text.size else b""


def decoded(text: _abi.archaeo_str) -> str:
    return string(text).decode("utf-8", "replace")


def encoded(text: str | bytes, name: str) -> bytes:
    """For a parameter with a size. Lone surrogates, as in file names that are no UTF-8, become the bytes they came from."""
    if isinstance(text, bytes):
        return text
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise errors.InvalidArgumentError(f"{name} has a lone surrogate, must be text") from error


def terminated(text: str | bytes | None, name: str) -> bytes | None:
    """For a parameter that ends at its NUL: one inside would cut it."""
    if text is None:
        return None
    data = encoded(text, name)
    if b"\0" in data:
        raise errors.InvalidArgumentError(f"{name} has a NUL in it, must not")
    return data


def path(value: str | bytes | os.PathLike[str] | os.PathLike[bytes], name: str) -> bytes:
    data = os.fsencode(value)
    if b"\0" in data:
        raise errors.InvalidArgumentError(f"{name} has a NUL in it, must not")
    return data


def json_of(value: typing.Any, name: str) -> bytes:
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False).encode("utf-8")
    except (TypeError, ValueError) as error:
        raise errors.InvalidArgumentError(f"{name} cannot be JSON: {error}") from error


def milliseconds(seconds: float | None, name: str, default: int = 0) -> int:
    """None is `default`; what is more than 0 is never rounded to 0."""
    if seconds is None:
        return default
    if not 0 <= seconds < 2**52:
        raise errors.InvalidArgumentError(f"{name} is {seconds}, must be seconds from 0 on")
    return max(round(seconds * 1000), 1 if seconds > 0 else 0)


def taken_error(code: int, error: Pointer) -> errors.Error:
    """The exception for a failure; gives its object back."""
    if not error:
        return errors.error_of(code, lib.archaeo_code_name(code).decode())
    try:
        return errors.error_of(code, decoded(lib.archaeo_error_message(error)), bool(lib.archaeo_error_is_retriable(error)))
    finally:
        lib.archaeo_error_free(error)


def call(function: typing.Any, *arguments: typing.Any) -> None:
    """Calls a function that takes an error last. The GIL is free meanwhile."""
    error = POINTER(_abi.archaeo_error)()
    code = function(*arguments, byref(error))
    if getattr(_callback, "pending", None) is not None:
        lib.archaeo_error_free(error)
        _raise_pending()
    if code != 0:
        # To the library a handle that was freed is none at all. No local variable holds the exception: with its traceback it would
        # keep this frame, and all that the frame refers to, from being freed at once.
        if code == Code.INVALID_ARGUMENT and arguments and getattr(arguments[0], "is_closed", False):
            raise errors.ConflictError("it was closed meanwhile") from taken_error(code, error)
        raise taken_error(code, error)


@contextlib.contextmanager
def output(kind: type[ctypes.Structure]) -> typing.Iterator[Pointer]:
    """An output to be read within the block; what it points to is given back at the end, however that is reached."""
    pointer = POINTER(kind)()
    try:
        yield pointer
    finally:
        if pointer:
            getattr(lib, f"{kind.__name__}_free")(pointer)


T = typing.TypeVar("T")


def interruptibly(function: typing.Callable[[], T], on_interrupt: typing.Callable[[], None] = lambda: None) -> T:
    """Runs a call that takes long so that the main thread hears Ctrl-C. The call then goes on by itself, if `on_interrupt` does
    not end it; closing the engine waits for it."""
    if threading.current_thread() is not threading.main_thread() or getattr(_callback, "running", False):
        return function()
    results: list[T] = []
    failures: list[BaseException] = []

    def run() -> None:
        try:
            results.append(function())
        except BaseException as error:
            failures.append(error)

    thread = threading.Thread(target=run, name="archaeologist-call", daemon=True)
    thread.start()
    try:
        while thread.is_alive():
            thread.join(SLICE_MS / 1000)
    except BaseException:
        on_interrupt()
        raise
    try:
        if failures:
            raise failures[0]
        return results[0]
    finally:
        failures.clear()  # see call()


def buffer_of(function: typing.Any, *arguments: typing.Any) -> bytes:
    """The bytes that a function gives as its last output."""
    with output(_abi.archaeo_buffer) as buffer:
        call(function, *arguments, byref(buffer))
        return string(lib.archaeo_buffer_text(buffer))


def options(struct: type[ctypes.Structure], /, **fields: typing.Any) -> typing.Any:
    """An options struct; a field that is None is left out, and means the default."""
    made = struct()
    made.struct_size = ctypes.sizeof(struct)
    for name, value in fields.items():
        if value is not None:
            setattr(made, name, value)
            if isinstance(value, int) and getattr(made, name) != value:  # ctypes cuts what does not fit
                raise errors.InvalidArgumentError(f"{name} is {value}, which is out of range")
    return made


def array(kind: typing.Any, values: typing.Sequence[typing.Any]) -> typing.Any:
    """None for an empty one."""
    return (kind * len(values))(*values) if values else None


def give_back(function: typing.Any, pointer: Pointer, born_in: int, keep: typing.Any) -> None:
    """`keep` lives until the function has returned."""
    # A forked child leaves its parent's handles alone.
    if born_in != os.getpid():
        return
    pointer.is_closed = True
    if getattr(_callback, "running", False):
        threading.Thread(target=_give_back_now, args=(function, pointer, keep), name="archaeologist-free").start()
    else:
        function(pointer)


def _give_back_now(function: typing.Any, pointer: Pointer, keep: typing.Any) -> None:
    function(pointer)
    del keep


class Owned:
    """A handle that is given back once: by close(), or when `owner` is collected.

    `keep` is what must outlive the handle; it must not refer to the owner.
    """

    def __init__(self, owner: object, pointer: Pointer, free: typing.Any, keep: typing.Any = None) -> None:
        self.pointer = pointer
        self.born_in = os.getpid()
        self._finalizer = weakref.finalize(owner, give_back, free, pointer, self.born_in, keep)
        self._finalizer.atexit = False  # closing the engine settles what matters; memory ends with the process

    def close(self) -> None:
        self._finalizer()

    @property
    def is_open(self) -> bool:
        return self._finalizer.alive
