"""Projects: the walls between sets of sources."""
from __future__ import annotations

import dataclasses
import datetime
import json
import os
import typing
from ctypes import byref

from . import _calls, _values, job, source
from ._constants import ExternalModels, IfUnchanged, JobStatus, SourceStatus
from ._library import lib
from .job import Job
from .search import Hits, SearchOptions
from .source import Buffer, Source, Upload, UploadOptions, UploadWriter

if typing.TYPE_CHECKING:
    from typing_extensions import Unpack

    from .engine import Engine
    from .events import EventStream


@dataclasses.dataclass(frozen=True)
class Project:
    """What a project was like when it was asked for. refresh() asks again."""

    engine: Engine = dataclasses.field(repr=False, compare=False)
    id: int
    name: str
    description: str
    created_at: datetime.datetime | None
    source_count: int
    external_models: ExternalModels
    json: str = dataclasses.field(repr=False, compare=False)

    def details(self) -> dict[str, typing.Any]:
        """All fields."""
        return typing.cast("dict[str, typing.Any]", json.loads(self.json))

    def refresh(self) -> Project:
        return self.engine.project_by_id(self.id)

    def update(self, name: str | None = None, description: str | None = None) -> Project:
        """What is None stays."""
        return self.engine._project(lib.archaeo_project_update, self.id, _calls.terminated(name, "name"),
                                    _calls.terminated(description, "description"))

    def set_external_models(self, external_models: ExternalModels | str) -> Project:
        """Whether its texts, and the questions about it alone, may be sent to an embedder that is not the built-in one. "denied":
        the built-in model embeds them, whatever model the engine has; it takes the place of another in the background, and
        search goes by words until then."""
        chosen = _values.member(ExternalModels, external_models, "external_models")
        return self.engine._project(lib.archaeo_project_set_external_models, self.id, chosen)

    def delete(self) -> None:
        """Its unfinished jobs are cancelled; its sources, chunks and jobs are gone on return."""
        _calls.call(lib.archaeo_project_delete, self.engine._pointer, self.id)

    def upload(self, path: str | os.PathLike[str], name: str | None = None, **options: Unpack[UploadOptions]) -> Upload:
        """Stores a file and queues its processing; both are durable on return. `name` is what it is called in the project
        (None: the path's last part); new content for a known name is its next version."""
        return source.upload(self.engine, lib.archaeo_upload_path, self.engine._pointer, self.id,
                             _calls.terminated(name, "name"), _calls.path(path, "path"), byref(source.upload_options(options)))

    def upload_bytes(self, content: Buffer, name: str, **options: Unpack[UploadOptions]) -> Upload:
        """The same for bytes in memory."""
        size = memoryview(content).nbytes
        return source.upload(self.engine, lib.archaeo_upload_bytes, self.engine._pointer, self.id,
                             _calls.terminated(name, "name"), source.memory_of(content), size,
                             byref(source.upload_options(options)))

    def upload_writer(self, name: str, **options: Unpack[UploadOptions]) -> UploadWriter:
        """The same for content that arrives bit by bit."""
        return UploadWriter(self.engine, self.id, name, options)

    def upload_piece(self, content: Buffer, name: str, offset: int, total_size: int,
                     **options: Unpack[UploadOptions]) -> tuple[int, Upload | None]:
        """The same for a file of `total_size` bytes whose pieces may come over several programs' lives: what arrived stays for
        24 hours. Gives how many bytes are there, and once all are what came of them; of no content it only asks. Where bytes that
        come again differ, they take the place of those and of all behind. ConflictError: it begins behind what is there."""
        return source.upload_piece(self.engine, self.id, name, content, offset, total_size, options)

    def ingest(self, *paths: str | os.PathLike[str], priority: _values.PriorityLike | None = None,
               if_unchanged: IfUnchanged | str | None = None, all_files: bool = False) -> dict[str, typing.Any]:
        """Walks files and folders; see Engine.ingest()."""
        return self.engine.ingest(self.name, *paths, priority=priority, if_unchanged=if_unchanged, all_files=all_files)

    def search(self, query: str, limit: int = 10, **options: Unpack[SearchOptions]) -> Hits:
        """See Engine.search()."""
        return self.engine.search(query, limit, projects=[self.id], **options)

    def sources(self, status: SourceStatus | str | None = None) -> typing.Iterator[Source]:
        """By name."""
        return source.sources(self.engine, self.id, status)

    def jobs(self, status: JobStatus | str | None = None) -> typing.Iterator[Job]:
        """Newest first."""
        return job.jobs(self.engine, status, None, self.id)

    def events(self, after: int | None = None, *, timeout: float | None = None) -> EventStream:
        """See Engine.events()."""
        return self.engine.events(after, project=self.id, timeout=timeout)


def project_of(engine: Engine, project: typing.Any) -> Project:
    """A copy of a handle's."""
    return Project(
        engine=engine, id=lib.archaeo_project_id(project), name=_calls.decoded(lib.archaeo_project_name(project)),
        description=_calls.decoded(lib.archaeo_project_description(project)),
        created_at=_values.moment(lib.archaeo_project_created_at_ms(project)),
        source_count=lib.archaeo_project_source_count(project),
        external_models=ExternalModels(lib.archaeo_project_external_models(project)), json=_calls.decoded(lib.archaeo_project_json(project)))
