"""Search: hits with their places."""
from __future__ import annotations

import dataclasses
import json
import typing
from ctypes import byref, c_char_p, c_int64

from . import _abi, _calls, _constants, _values
from ._constants import SearchMode
from ._library import lib

if typing.TYPE_CHECKING:
    from .engine import Engine


@dataclasses.dataclass(frozen=True)
class Hit:
    """A chunk that was found. begin and end count bytes of the source's text_bytes()."""

    chunk_id: str
    content: str
    score: float  # comparable within one reply only
    project_id: int
    source_id: int
    source_name: str
    heading: str
    begin: int
    end: int
    first_line: int  # from 1
    last_line: int
    symbol: str  # the definition it is in
    before: str  # context_lines before content
    after: str

    def __str__(self) -> str:
        return f"{self.source_name}:{self.first_line}"


@dataclasses.dataclass(frozen=True)
class Hits(typing.Sequence[Hit]):
    """Best first."""

    hits: tuple[Hit, ...]
    total_found: int
    note: str  # where the mode cannot mean what its name says
    json: str = dataclasses.field(repr=False)

    def details(self) -> dict[str, typing.Any]:
        """The whole reply: results with why, highlights and also_in; coverage, ..."""
        return typing.cast("dict[str, typing.Any]", json.loads(self.json))

    def __len__(self) -> int:
        return len(self.hits)

    @typing.overload
    def __getitem__(self, index: int) -> Hit: ...
    @typing.overload
    def __getitem__(self, index: slice) -> tuple[Hit, ...]: ...
    def __getitem__(self, index: int | slice) -> Hit | tuple[Hit, ...]:
        return self.hits[index]


class SearchOptions(typing.TypedDict, total=False):
    """How to search, and where."""

    mode: SearchMode | str  # "hybrid" (not said), "words", "semantic", "literal"
    ignore_case: bool  # literal only
    whole_word: bool  # literal only
    offset: int  # to 10,000
    per_source: int  # hits of one source at most; not said = 3, 0 = no bound
    source_ids: typing.Sequence[int]
    languages: typing.Sequence[str]  # "python", ...
    file_types: typing.Sequence[str]  # "code", "markdown", ...
    path_glob: str  # * within a folder, ** across, ? one character; without a / on the name's last part
    regex: bool  # literal only: the query is a regular expression of RE2, matched within a line
    context_lines: int  # around a hit's content, in before and after; to 100


def _names(values: typing.Sequence[str], name: str) -> typing.Any:
    return _calls.array(c_char_p, [_calls.terminated(value, name) for value in values])


def _options_of(limit: int, project_ids: typing.Sequence[int], given: SearchOptions) -> typing.Any:
    unknown = given.keys() - SearchOptions.__annotations__.keys()
    if unknown:
        raise TypeError(f"search got an unexpected keyword argument {sorted(unknown)[0]!r}")
    source_ids, languages, file_types = (given.get("source_ids", ()), given.get("languages", ()), given.get("file_types", ()))
    per_source = given.get("per_source")
    return _calls.options(
        _abi.archaeo_search_options, mode=_values.member(SearchMode, given.get("mode"), "mode"),
        ignore_case=int(given.get("ignore_case", False)), whole_word=int(given.get("whole_word", False)),
        limit=_values.counted(limit, "limit"), offset=_values.counted(given.get("offset", 0), "offset", least=0),
        per_source=_constants.NONE if per_source == 0 else per_source,
        project_ids=_calls.array(c_int64, _values.int64s(project_ids, "projects")), project_id_count=len(project_ids),
        source_ids=_calls.array(c_int64, _values.int64s(source_ids, "source_ids")), source_id_count=len(source_ids),
        languages=_names(languages, "languages"), language_count=len(languages),
        file_types=_names(file_types, "file_types"), file_type_count=len(file_types),
        path_glob=_calls.terminated(given.get("path_glob"), "path_glob"), regex=int(given.get("regex", False)),
        context_lines=_values.counted(given.get("context_lines", 0), "context_lines", least=0))


def search(engine: Engine, query: str, limit: int, project_ids: typing.Sequence[int], given: SearchOptions) -> Hits:
    text = _calls.encoded(query, "query")
    options = _options_of(limit, project_ids, given)
    with _calls.output(_abi.archaeo_hits) as hits:
        _calls.call(lib.archaeo_search, engine._pointer, text, len(text), byref(options), byref(hits))
        return Hits(tuple(_hit_of(hits, index) for index in range(lib.archaeo_hits_count(hits))),
                    lib.archaeo_hits_total_found(hits), _calls.decoded(lib.archaeo_hits_note(hits)),
                    _calls.decoded(lib.archaeo_hits_json(hits)))


def _hit_of(hits: typing.Any, index: int) -> Hit:
    return Hit(
        chunk_id=_calls.decoded(lib.archaeo_hits_chunk_id(hits, index)),
        content=_calls.decoded(lib.archaeo_hits_content(hits, index)), score=lib.archaeo_hits_score(hits, index),
        project_id=lib.archaeo_hits_project_id(hits, index), source_id=lib.archaeo_hits_source_id(hits, index),
        source_name=_calls.decoded(lib.archaeo_hits_source_name(hits, index)),
        heading=_calls.decoded(lib.archaeo_hits_heading(hits, index)),
        begin=lib.archaeo_hits_begin(hits, index), end=lib.archaeo_hits_end(hits, index),
        first_line=lib.archaeo_hits_first_line(hits, index), last_line=lib.archaeo_hits_last_line(hits, index),
        symbol=_calls.decoded(lib.archaeo_hits_symbol(hits, index)), before=_calls.decoded(lib.archaeo_hits_before(hits, index)),
        after=_calls.decoded(lib.archaeo_hits_after(hits, index)))
