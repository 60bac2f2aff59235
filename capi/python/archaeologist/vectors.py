"""Chunks with their words and vectors, kept and asked without projects, uploads and jobs."""
from __future__ import annotations

import array
import dataclasses
import os
import typing
from ctypes import POINTER, byref, c_float, c_int64, c_uint64, cast

from . import _abi, _calls, _values, errors
from ._library import lib

Vector = typing.Sequence[float]


@dataclasses.dataclass(frozen=True)
class Document:
    """What points belong to: numbers and a UUID of one's own."""

    project_id: int  # at least 1
    source_id: int  # at least 1
    generation: str | None = None  # a UUID; None stands for the one of zeros
    source_name: str | None = None  # matched by path_glob
    file_type: str | None = None  # "text", "code", ...
    language: str | None = None


@dataclasses.dataclass(frozen=True)
class Point:
    """A chunk of a document. Ranges count bytes of the document's UTF-8."""

    ordinal: int  # 0, 1, 2, ... in the document
    text: str  # begins at context_begin and ends where the core ends
    core_begin: int  # from 0 on without a gap
    core_end: int
    context_begin: int | None = None  # at most core_begin; None: the core has no context
    vector: Vector | None = None  # None only in an engine's own, whose embedder then makes it
    heading: str | None = None
    first_line: int | None = None  # of the core, from 1
    last_line: int | None = None


@dataclasses.dataclass(frozen=True)
class VectorHit:
    point_id: str
    source_id: int
    generation: str
    ordinal: int
    score: float
    text: str
    heading: str
    begin: int  # of the core
    end: int
    first_line: int
    last_line: int


def _floats(vector: Vector, name: str) -> typing.Any:
    try:
        return (c_float * len(vector)).from_buffer(array.array("f", vector))
    except TypeError as error:
        raise errors.InvalidArgumentError(f"{name} must be numbers: {error}") from error


def _point_of(point: Point) -> typing.Any:
    text = _calls.encoded(point.text, "text")
    made = _calls.options(
        _abi.archaeo_point, ordinal=point.ordinal, core_begin=point.core_begin, core_end=point.core_end,
        context_begin=point.core_begin if point.context_begin is None else point.context_begin, first_line=point.first_line,
        last_line=point.last_line, heading=_calls.terminated(point.heading, "heading"), text=text, text_size=len(text))
    if point.vector is not None:
        floats = _floats(point.vector, "vector")
        made.vector, made.vector_size = cast(floats, POINTER(c_float)), len(floats)
    return made


class Vectors:
    """A folder of vectors of one length; `archaeologist.open_vectors` makes it. All methods may be called from any thread."""

    def __init__(self, pointer: typing.Any, keep: typing.Any = None) -> None:
        self._owned = _calls.Owned(self, pointer, lib.archaeo_vectors_free, keep)

    def __enter__(self) -> Vectors:
        return self

    def __exit__(self, kind: object, error: object, trace: object) -> None:
        self.close()

    def close(self) -> None:
        self._owned.close()

    @property
    def _pointer(self) -> typing.Any:
        if not self._owned.is_open:
            raise errors.ConflictError("the vectors are closed")
        return self._owned.pointer

    def upsert(self, document: Document, points: typing.Sequence[Point]) -> None:
        """Stores points of one document, in order of ordinal, over any number of calls of at most 10,000; durable on return.
        The same again changes nothing; one that differs replaces it and all behind it."""
        structs = [_point_of(point) for point in points]  # they own the texts and numbers that the array's copies point to
        made = (_abi.archaeo_point * len(structs))(*structs)
        about = _calls.options(
            _abi.archaeo_document, project_id=document.project_id, source_id=document.source_id,
            generation=_calls.terminated(document.generation, "generation"),
            source_name=_calls.terminated(document.source_name, "source_name"),
            file_type=_calls.terminated(document.file_type, "file_type"),
            language=_calls.terminated(document.language, "language"))
        _calls.call(lib.archaeo_vectors_upsert, self._pointer, byref(about), made, len(structs))

    def delete(self, project_id: int, source_id: int = 0, generation: str | None = None) -> None:
        """Removes a document's points, or with source_id 0 all of the project."""
        _calls.call(lib.archaeo_vectors_delete, self._pointer, _values.int64(project_id, "project_id"),
                    _values.int64(source_id, "source_id"), _calls.terminated(generation, "generation"))

    def count(self, project_id: int, source_id: int, generation: str | None = None) -> int:
        """How many points of a document are stored."""
        count = c_uint64()
        _calls.call(lib.archaeo_vectors_count, self._pointer, _values.int64(project_id, "project_id"),
                    _values.int64(source_id, "source_id"), _calls.terminated(generation, "generation"), byref(count))
        return count.value

    def query(self, project_id: int, *, words: str | None = None, vector: Vector | None = None,
              nearest_to: str | None = None, limit: int = 10, offset: int = 0, source_ids: typing.Sequence[int] = (),
              path_glob: str | None = None) -> list[VectorHit]:
        """Asks by words (BM25), by nearness to a vector (cosine), or in an engine's own to a text: one of them. Best first."""
        asked = None if words is None else _calls.encoded(words, "words")
        near = None if nearest_to is None else _calls.encoded(nearest_to, "nearest_to")
        floats = None if vector is None else _floats(vector, "vector")
        query = _calls.options(
            _abi.archaeo_vector_query, project_id=project_id, words=asked, words_size=len(asked or b""),
            vector=None if floats is None else cast(floats, POINTER(c_float)),
            vector_size=0 if vector is None else len(vector), nearest_to=near, nearest_to_size=len(near or b""),
            limit=_values.counted(limit, "limit"), offset=offset,
            source_ids=_calls.array(c_int64, _values.int64s(source_ids, "source_ids")), source_id_count=len(source_ids),
            path_glob=_calls.terminated(path_glob, "path_glob"))
        with _calls.output(_abi.archaeo_vector_hits) as hits:
            _calls.call(lib.archaeo_vectors_query, self._pointer, byref(query), byref(hits))
            return [_hit_of(hits, index) for index in range(lib.archaeo_vector_hits_count(hits))]


def _hit_of(hits: typing.Any, index: int) -> VectorHit:
    return VectorHit(
        point_id=_calls.decoded(lib.archaeo_vector_hits_point_id(hits, index)),
        source_id=lib.archaeo_vector_hits_source_id(hits, index),
        generation=_calls.decoded(lib.archaeo_vector_hits_generation(hits, index)),
        ordinal=lib.archaeo_vector_hits_ordinal(hits, index), score=lib.archaeo_vector_hits_score(hits, index),
        text=_calls.decoded(lib.archaeo_vector_hits_text(hits, index)),
        heading=_calls.decoded(lib.archaeo_vector_hits_heading(hits, index)),
        begin=lib.archaeo_vector_hits_begin(hits, index), end=lib.archaeo_vector_hits_end(hits, index),
        first_line=lib.archaeo_vector_hits_first_line(hits, index), last_line=lib.archaeo_vector_hits_last_line(hits, index))


def open_vectors(folder: str | os.PathLike[str], dimension: int) -> Vectors:
    """Opens or makes a folder for vectors of one length. Several processes of one machine may share it."""
    pointer = POINTER(_abi.archaeo_vectors)()
    _calls.call(lib.archaeo_vectors_open, _calls.path(folder, "folder"), _values.counted(dimension, "dimension"),
                byref(pointer))
    return Vectors(pointer)
