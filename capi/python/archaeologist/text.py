"""Chunks and words of a text. Needs no engine, reads and writes nothing."""
from __future__ import annotations

import ctypes
import typing
from ctypes import byref, c_uint64

from . import _abi, _calls, _values
from ._constants import TextKind
from ._library import lib

_FIELDS = 8  # numbers a chunk of archaeo_chunks_copy
_CHUNKS_AT_ONCE = 4096
_TERM_FIELDS = 4  # of archaeo_terms_copy
_TERM_BYTES_MAX = 64
_TERMS_AT_ONCE = 8192


class Chunk:
    """A piece of a text. Ranges are half-open and count bytes of its UTF-8.

    The cores (begin to end) of a text's chunks tile it exactly, in order. The context contains the core and is what to
    embed and index.
    """

    __slots__ = ("begin", "end", "context_begin", "context_end", "first_line", "last_line", "tokens", "heading", "_whole")

    def __init__(self, whole: bytes, begin: int, end: int, context_begin: int, context_end: int, first_line: int,
                 last_line: int, tokens: int, heading: str) -> None:
        self._whole = whole
        self.begin = begin
        self.end = end
        self.context_begin = context_begin
        self.context_end = context_end
        self.first_line = first_line  # from 1
        self.last_line = last_line
        self.tokens = tokens  # estimated, of the context
        self.heading = heading

    @property
    def text(self) -> str:
        return self._whole[self.begin:self.end].decode("utf-8", "replace")

    @property
    def context(self) -> str:
        return self._whole[self.context_begin:self.context_end].decode("utf-8", "replace")

    def __repr__(self) -> str:
        return f"<Chunk {self.begin}:{self.end}, lines {self.first_line} to {self.last_line}>"


class Term(typing.NamedTuple):
    """What counts as a word for search: folded, stemmed; an identifier and its parts."""

    text: str
    begin: int  # the bytes it came from
    end: int
    same_position: bool  # it stands where the one before it does


def chunk(text: str | bytes, *, kind: TextKind | str | None = None, target_tokens: int | None = None,
          max_tokens: int | None = None, overlap: float | None = None, language: str | None = None) -> list[Chunk]:
    """Cuts a text (str, or UTF-8) into chunks for search.

    kind "plain" (None), "markdown", "code" or "table"; target_tokens 16 to 8,192 (None = 300); max_tokens (None = 400 or a
    third above the target); overlap 0 to 0.5 of the target, as context before the core (None = 0.15); language of code, as
    "python" (None: judged by its beginning; unknown ones change nothing).
    """
    data = _calls.encoded(text, "text")
    chosen = _calls.options(
        _abi.archaeo_chunk_options, kind=_values.member(TextKind, kind, "kind"),
        target_tokens=None if target_tokens is None else _values.counted(target_tokens, "target_tokens"),
        max_tokens=None if max_tokens is None else _values.counted(max_tokens, "max_tokens"), overlap=_values.share(overlap),
        language=_calls.terminated(language, "language"))
    with _calls.output(_abi.archaeo_chunks) as chunks:
        _calls.call(lib.archaeo_chunk, data, len(data), byref(chosen), byref(chunks))
        return list(_copied(chunks, data))


def _copied(chunks: typing.Any, data: bytes) -> typing.Iterator[Chunk]:
    total = lib.archaeo_chunks_count(chunks)
    capacity = min(total, _CHUNKS_AT_ONCE)
    values = (c_uint64 * (_FIELDS * capacity))()
    first = 0
    while first < total:
        count = lib.archaeo_chunks_copy(chunks, first, capacity, values)
        numbers = values[:count * _FIELDS]
        for index in range(count):
            (begin, end, context_begin, context_end, first_line, last_line, tokens,
             heading_size) = numbers[index * _FIELDS:(index + 1) * _FIELDS]
            heading = _calls.decoded(lib.archaeo_chunks_heading(chunks, first + index)) if heading_size else ""
            yield Chunk(data, begin, end, context_begin, context_end, first_line, last_line, tokens, heading)
        first += count


def analyze(text: str | bytes) -> list[Term]:
    """The words of a text, in its order. Bytes that are not UTF-8 separate words."""
    data = _calls.encoded(text, "text")
    with _calls.output(_abi.archaeo_terms) as terms:
        _calls.call(lib.archaeo_analyze, data, len(data), byref(terms))
        return list(_copied_terms(terms))


def _copied_terms(terms: typing.Any) -> typing.Iterator[Term]:
    total = lib.archaeo_terms_count(terms)
    capacity = min(total, _TERMS_AT_ONCE)
    values = (c_uint64 * (_TERM_FIELDS * capacity))()
    texts = ctypes.create_string_buffer(_TERM_BYTES_MAX * capacity + 1)
    first = 0
    while first < total:
        count = lib.archaeo_terms_copy(terms, first, capacity, values, texts)
        numbers = values[:count * _TERM_FIELDS]
        text = memoryview(texts)
        for index in range(count):
            begin, end, same_position, size = numbers[index * _TERM_FIELDS:(index + 1) * _TERM_FIELDS]
            yield Term(str(text[:size], "utf-8"), begin, end, bool(same_position))
            text = text[size:]
        first += count
