"""What an engine can be told, as the library's options."""
from __future__ import annotations

import logging
import typing
from ctypes import pointer

from . import _abi, _calls, _log, _values, embedder
from ._constants import QueuePlace


class Settings(typing.TypedDict, total=False):
    """Keyword arguments of `archaeologist.open`; what is not said is the library's default. Times are seconds."""

    queue: QueuePlace | str  # "kept" (not said), "catalog", "redis"
    redis_url: str  # redis://[user:password@]host[:port][/db], unix:/path, redis+sentinel://..., redis+cluster://...
    redis_name: str
    redis_shards: int  # 1 to 64
    redis_result_ttl: float
    worker_id: str  # of the built-in worker, of no other live one
    workers: int  # jobs at once of the built-in worker, to 1,024
    heartbeat: float
    grace: float  # for running jobs when the engine is closed; not said = 10, 0 = none
    lease: float  # how long a claim holds without being extended; not said = 10
    backoff_base: float  # before the first retry, then doubled
    backoff_cap: float
    keep_completed: float  # how long finished jobs are kept; whole hours; math.inf = for ever
    keep_cancelled: float
    keep_failed: float
    file_bytes_max: int
    text_bytes_max: int
    chunk_target_tokens: int  # 16 to 8,192
    chunk_max_tokens: int
    chunk_overlap: float  # of the target, 0 to 0.5
    lake: str  # s3://bucket[/prefix][?endpoint=URL][&region=NAME][&style=path|host]; not said = in the data folder
    s3_access_key: str
    s3_secret_key: str
    s3_session_token: str  # of temporary keys
    lake_ca_file: str  # PEM, instead of the system's authorities
    lake_proxy: str  # http://host:port
    vectors: str  # qdrant+http://host[:port][,host...]/prefix[?shards=N][&replicas=N]...; not said = in the data folder
    qdrant_api_key: str
    vectors_ca_file: str
    vectors_proxy: str
    embedder_url: str  # "builtin", or http://host/path?model=NAME...; not said = as the data folder had it last
    embedder_key: str
    embedder_ca_file: str
    embedder_proxy: str
    embedder_cache_bytes: int  # of vectors kept on disk; not said = 1 GiB, 0 = none
    languages: str  # that prose is looked at in: codes of ISO 639-1 with commas between; not said = "auto": all


# Texts that the library takes as they are.
_TEXTS = ("lake", "s3_access_key", "s3_secret_key", "s3_session_token", "lake_ca_file", "lake_proxy", "vectors",
          "qdrant_api_key", "vectors_ca_file", "vectors_proxy", "embedder_url", "embedder_key", "embedder_ca_file",
          "embedder_proxy", "languages")


def struct_of(given: Settings, own: embedder.Embedder | None, log: logging.Logger | None) -> tuple[typing.Any, typing.Any]:
    """The options, and what has to live as long as the engine."""
    unknown = given.keys() - Settings.__annotations__.keys()
    if unknown:
        raise TypeError(f"open got an unexpected keyword argument {sorted(unknown)[0]!r}")

    def ms(name: str) -> int:
        return _calls.milliseconds(typing.cast("float | None", given.get(name)), name)

    def kept(name: str) -> int | None:
        return _values.kept_ms(typing.cast("float | None", given.get(name)), name)

    def text(name: str) -> bytes | None:
        return _calls.terminated(typing.cast("str | None", given.get(name)), name)

    own_struct = None if own is None else embedder.struct_of(own)
    sink = None if log is None else _log.callback_of(log)
    options = _calls.options(
        _abi.archaeo_options, queue_place=_values.member(QueuePlace, given.get("queue"), "queue"),
        redis_url=text("redis_url"), redis_name=text("redis_name"), redis_shards=given.get("redis_shards"),
        redis_result_ttl_ms=ms("redis_result_ttl"), worker_id=text("worker_id"), workers=given.get("workers"),
        heartbeat_ms=ms("heartbeat"), grace_ms=_values.or_none(ms("grace")) if "grace" in given else None,
        lease_ms=ms("lease"), backoff_base_ms=ms("backoff_base"), backoff_cap_ms=ms("backoff_cap"),
        keep_completed_ms=kept("keep_completed"), keep_cancelled_ms=kept("keep_cancelled"), keep_failed_ms=kept("keep_failed"),
        file_bytes_max=given.get("file_bytes_max"), text_bytes_max=given.get("text_bytes_max"),
        chunk_target_tokens=given.get("chunk_target_tokens"), chunk_max_tokens=given.get("chunk_max_tokens"),
        chunk_overlap=_values.share(given.get("chunk_overlap")), **{name: text(name) for name in _TEXTS},
        embedder_cache_bytes=_values.or_none(given["embedder_cache_bytes"]) if "embedder_cache_bytes" in given else None,
        embedder=None if own_struct is None else pointer(own_struct), log=sink,
        log_level=None if log is None else int(_log.level_for(log)))
    return options, (options, own_struct, sink)
