"""Models of one's own that turn texts into vectors."""
from __future__ import annotations

import array
import ctypes
import dataclasses
import typing

from . import _abi, _calls, _values, errors
from ._constants import Code, Role
from ._library import lib

# Rows of numbers, one a text: lists, arrays, a numpy array of shape (texts, dimension), ...
Rows = typing.Sequence[typing.Sequence[float]]

_FLOAT_BYTES = 4


@dataclasses.dataclass(frozen=True)
class Embedder:
    """A model for `archaeologist.open(embedder=...)`.

    embed            takes a list of texts and a Role (document or query) and gives a row of `dimension` numbers for each, in
                     order. Rows need not be normalised; a row of zeros is a text without any word. It is called on threads of
                     the library and of callers, also on several at once. It must not close the engine or wait for its jobs.
                     What it raises fails the call or the job; RateLimitedError, UnavailableError, TimeoutError and OSError let
                     jobs try again.
    dimension        1 to 65,536
    model_id         names model, dimension and prefixes: vectors of different ids are never compared
    max_tokens       the longest text it takes whole; None = 8,192
    matches_meaning  whether nearness means meaning (a trained model) or only shared word forms
    hybrid_weight    how much it counts in a hybrid search, 0 to 1; None = 0.5
    """

    embed: typing.Callable[[list[str], Role], Rows]
    dimension: int
    model_id: str
    max_tokens: int | None = None
    matches_meaning: bool = True
    hybrid_weight: float | None = None


def _write(rows: Rows, count: int, dimension: int, target: int) -> None:
    """Copies rows to floats at an address."""
    if len(rows) != count:
        raise errors.InvalidArgumentError(f"the embedder gave {len(rows)} rows for {count} texts")
    row_bytes = dimension * _FLOAT_BYTES
    whole = _floats_of(rows)
    if whole is not None and whole.nbytes == count * row_bytes:
        ctypes.memmove(target, whole.tobytes(), whole.nbytes)
        return
    for index, row in enumerate(rows):
        if len(row) != dimension:
            raise errors.InvalidArgumentError(f"the embedder gave {len(row)} numbers for a text, must be {dimension}")
        data = _floats_of(row)
        packed = data.tobytes() if data is not None else array.array("f", row).tobytes()
        ctypes.memmove(target + index * row_bytes, packed, row_bytes)


def _floats_of(value: typing.Any) -> memoryview | None:
    """The memory of what holds C floats already."""
    try:
        view = memoryview(value)
    except TypeError:
        return None
    return view if view.format == "f" else None


def _code_of(error: BaseException) -> Code:
    if isinstance(error, errors.Error):
        return error.code
    if isinstance(error, TimeoutError):
        return Code.TIMED_OUT
    return Code.UNAVAILABLE if isinstance(error, OSError) else Code.INTERNAL


def _callback_of(embedder: Embedder) -> typing.Any:
    def embed(texts: typing.Any, count: int, role: int, vectors: typing.Any, error_out: typing.Any, _: object) -> int:
        with _calls.inside_callback():
            try:
                rows = embedder.embed([_calls.decoded(texts[index]) for index in range(count)], Role(role))
                _write(rows, count, embedder.dimension, ctypes.addressof(vectors.contents))
                return Code.OK
            except BaseException as error:  # nothing may leave a callback
                if not isinstance(error, Exception):
                    _calls.raise_later(error)
                code = _code_of(error)
                text = str(error) if isinstance(error, errors.Error) else f"{type(error).__name__}: {error}"
                if error_out:
                    error_out[0] = lib.archaeo_error_new(code, text.encode("utf-8", "replace").replace(b"\0", b" "))
                return code

    return _abi.archaeo_embedder_embed(embed)


def struct_of(embedder: Embedder) -> typing.Any:
    """For the options. It and what it refers to must live as long as the engine's last user."""
    return _calls.options(
        _abi.archaeo_embedder, dimension=embedder.dimension, max_tokens=embedder.max_tokens,
        model_id=_calls.terminated(embedder.model_id, "embedder: model_id"), matches_meaning=int(embedder.matches_meaning),
        hybrid_weight=_values.share(embedder.hybrid_weight), embed=_callback_of(embedder))
