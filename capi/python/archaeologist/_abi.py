"""Structs and functions of the C ABI, for ctypes.

Made by generate.py from archaeologist.h: do not edit.
"""

from __future__ import annotations

import ctypes
from ctypes import (CFUNCTYPE, POINTER, Structure, c_char, c_char_p, c_double, c_float, c_int, c_int32, c_int64,
                    c_size_t, c_uint32, c_uint64, c_void_p)
from typing import Any


class archaeo_buffer(Structure):
    pass


class archaeo_error(Structure):
    pass


class archaeo_engine(Structure):
    pass


class archaeo_project(Structure):
    pass


class archaeo_source(Structure):
    pass


class archaeo_job(Structure):
    pass


class archaeo_upload(Structure):
    pass


class archaeo_lease(Structure):
    pass


class archaeo_worker(Structure):
    pass


class archaeo_hits(Structure):
    pass


class archaeo_events(Structure):
    pass


class archaeo_vectors(Structure):
    pass


class archaeo_vector_hits(Structure):
    pass


class archaeo_chunks(Structure):
    pass


class archaeo_terms(Structure):
    pass


class archaeo_str(Structure):
    _fields_ = [
        ("data", c_void_p),
        ("size", c_size_t),
    ]


class archaeo_id(Structure):
    _fields_ = [
        ("text", c_char * 37),
    ]


archaeo_log_sink = CFUNCTYPE(None, c_int32, c_char_p, c_size_t, c_char_p, c_void_p)


archaeo_embedder_embed = CFUNCTYPE(c_int32, POINTER(archaeo_str), c_size_t, c_int32, POINTER(c_float),
        POINTER(POINTER(archaeo_error)), c_void_p)

archaeo_embedder_release = CFUNCTYPE(None, c_void_p)

class archaeo_embedder(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("dimension", c_int32),
        ("max_tokens", c_int32),
        ("model_id", c_char_p),
        ("matches_meaning", c_int32),
        ("hybrid_weight", c_double),
        ("embed", archaeo_embedder_embed),
        ("release", archaeo_embedder_release),
        ("user_data", c_void_p),
    ]


class archaeo_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("queue_place", c_int32),
        ("redis_shards", c_int32),
        ("redis_url", c_char_p),
        ("redis_name", c_char_p),
        ("redis_result_ttl_ms", c_int64),
        ("worker_id", c_char_p),
        ("workers", c_int32),
        ("log_level", c_int32),
        ("heartbeat_ms", c_int64),
        ("grace_ms", c_int64),
        ("lease_ms", c_int64),
        ("backoff_base_ms", c_int64),
        ("backoff_cap_ms", c_int64),
        ("keep_completed_ms", c_int64),
        ("keep_cancelled_ms", c_int64),
        ("keep_failed_ms", c_int64),
        ("file_bytes_max", c_uint64),
        ("text_bytes_max", c_uint64),
        ("chunk_target_tokens", c_uint32),
        ("chunk_max_tokens", c_uint32),
        ("chunk_overlap", c_double),
        ("embedder", POINTER(archaeo_embedder)),
        ("log", archaeo_log_sink),
        ("log_user_data", c_void_p),
        ("lake", c_char_p),
        ("s3_access_key", c_char_p),
        ("s3_secret_key", c_char_p),
        ("s3_session_token", c_char_p),
        ("lake_ca_file", c_char_p),
        ("lake_proxy", c_char_p),
        ("vectors", c_char_p),
        ("qdrant_api_key", c_char_p),
        ("vectors_ca_file", c_char_p),
        ("vectors_proxy", c_char_p),
        ("embedder_url", c_char_p),
        ("embedder_key", c_char_p),
        ("embedder_ca_file", c_char_p),
        ("embedder_proxy", c_char_p),
        ("embedder_cache_bytes", c_int64),
        ("languages", c_char_p),
    ]


class archaeo_ingest_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("priority", c_int32),
        ("if_unchanged", c_int32),
        ("all_files", c_int32),
    ]


class archaeo_upload_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("priority", c_int32),
        ("max_retries", c_int32),
        ("timeout_ms", c_int64),
        ("if_unchanged", c_int32),
        ("original_filename", c_char_p),
        ("metadata_json", c_char_p),
        ("user_id", c_int64),
    ]


class archaeo_job_filter(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("status", c_int32),
        ("job_type", c_char_p),
        ("project_id", c_int64),
    ]


class archaeo_job_selection(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("job_ids", POINTER(c_char_p)),
        ("job_id_count", c_size_t),
        ("status", c_int32),
        ("job_type", c_char_p),
        ("project_id", c_int64),
    ]


class archaeo_new_job(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("job_type", c_char_p),
        ("data_json", c_char_p),
        ("data_size", c_size_t),
        ("job_id", c_char_p),
        ("project_id", c_int64),
        ("user_id", c_int64),
        ("priority", c_int32),
        ("max_retries", c_int32),
        ("timeout_ms", c_int64),
        ("scheduled_at_ms", c_int64),
    ]


class archaeo_queue_order(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("strict", c_int32),
        ("share_ms", c_int64),
    ]


class archaeo_search_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("mode", c_int32),
        ("ignore_case", c_int32),
        ("whole_word", c_int32),
        ("limit", c_uint32),
        ("offset", c_uint32),
        ("per_source", c_int32),
        ("project_ids", POINTER(c_int64)),
        ("project_id_count", c_size_t),
        ("source_ids", POINTER(c_int64)),
        ("source_id_count", c_size_t),
        ("languages", POINTER(c_char_p)),
        ("language_count", c_size_t),
        ("file_types", POINTER(c_char_p)),
        ("file_type_count", c_size_t),
        ("path_glob", c_char_p),
        ("regex", c_int32),
        ("context_lines", c_uint32),
    ]


class archaeo_event_filter(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("job_id", c_char_p),
        ("project_id", c_int64),
        ("limit", c_uint32),
    ]


class archaeo_document(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("project_id", c_int64),
        ("source_id", c_int64),
        ("generation", c_char_p),
        ("source_name", c_char_p),
        ("file_type", c_char_p),
        ("language", c_char_p),
    ]


class archaeo_point(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("ordinal", c_uint32),
        ("core_begin", c_uint64),
        ("core_end", c_uint64),
        ("context_begin", c_uint64),
        ("first_line", c_uint64),
        ("last_line", c_uint64),
        ("heading", c_char_p),
        ("text", c_char_p),
        ("text_size", c_size_t),
        ("vector", POINTER(c_float)),
        ("vector_size", c_size_t),
    ]


class archaeo_vector_query(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("project_id", c_int64),
        ("words", c_char_p),
        ("words_size", c_size_t),
        ("vector", POINTER(c_float)),
        ("vector_size", c_size_t),
        ("nearest_to", c_char_p),
        ("nearest_to_size", c_size_t),
        ("limit", c_uint32),
        ("offset", c_uint32),
        ("source_ids", POINTER(c_int64)),
        ("source_id_count", c_size_t),
        ("path_glob", c_char_p),
    ]


class archaeo_chunk_options(Structure):
    _fields_ = [
        ("struct_size", c_size_t),
        ("kind", c_int32),
        ("target_tokens", c_uint32),
        ("max_tokens", c_uint32),
        ("overlap", c_double),
        ("language", c_char_p),
    ]


# name: what it returns, what it takes
FUNCTIONS: dict[str, tuple[Any, list[Any]]] = {
    "archaeo_abi_version": (c_int32, []),
    "archaeo_version_string": (c_char_p, []),
    "archaeo_code_name": (c_char_p, [c_int32]),
    "archaeo_buffer_text": (archaeo_str, [POINTER(archaeo_buffer)]),
    "archaeo_buffer_free": (None, [POINTER(archaeo_buffer)]),
    "archaeo_error_code": (c_int32, [POINTER(archaeo_error)]),
    "archaeo_error_message": (archaeo_str, [POINTER(archaeo_error)]),
    "archaeo_error_is_retriable": (c_int32, [POINTER(archaeo_error)]),
    "archaeo_error_free": (None, [POINTER(archaeo_error)]),
    "archaeo_error_new": (POINTER(archaeo_error), [c_int32, c_char_p]),
    "archaeo_engine_open": (c_int32, [c_char_p, POINTER(archaeo_options), POINTER(POINTER(archaeo_engine)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_engine_open_file": (c_int32, [c_char_p, POINTER(archaeo_options), POINTER(POINTER(archaeo_engine)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_engine_close": (None, [POINTER(archaeo_engine)]),
    "archaeo_engine_interrupt": (c_int32, [POINTER(archaeo_engine), c_int32, POINTER(POINTER(archaeo_error))]),
    "archaeo_engine_ingest": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(c_char_p), c_size_t,
        POINTER(archaeo_ingest_options), POINTER(POINTER(archaeo_buffer)), POINTER(POINTER(archaeo_error))]),
    "archaeo_engine_check": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_engine_dimension": (c_size_t, [POINTER(archaeo_engine)]),
    "archaeo_engine_embed": (c_int32, [POINTER(archaeo_engine), POINTER(archaeo_str), c_size_t, c_int32,
        POINTER(c_float), c_size_t, POINTER(POINTER(archaeo_error))]),
    "archaeo_project_create": (c_int32, [POINTER(archaeo_engine), c_char_p, c_char_p,
        POINTER(POINTER(archaeo_project)), POINTER(POINTER(archaeo_error))]),
    "archaeo_project_find": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_project)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_project_get": (c_int32, [POINTER(archaeo_engine), c_int64, POINTER(POINTER(archaeo_project)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_project_list": (c_int32, [POINTER(archaeo_engine), c_size_t, POINTER(POINTER(archaeo_project)),
        c_size_t, POINTER(c_size_t), POINTER(c_int64), POINTER(POINTER(archaeo_error))]),
    "archaeo_project_update": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p, c_char_p,
        POINTER(POINTER(archaeo_project)), POINTER(POINTER(archaeo_error))]),
    "archaeo_project_set_external_models": (c_int32, [POINTER(archaeo_engine), c_int64, c_int32,
        POINTER(POINTER(archaeo_project)), POINTER(POINTER(archaeo_error))]),
    "archaeo_project_delete": (c_int32, [POINTER(archaeo_engine), c_int64, POINTER(POINTER(archaeo_error))]),
    "archaeo_project_id": (c_int64, [POINTER(archaeo_project)]),
    "archaeo_project_name": (archaeo_str, [POINTER(archaeo_project)]),
    "archaeo_project_description": (archaeo_str, [POINTER(archaeo_project)]),
    "archaeo_project_created_at_ms": (c_int64, [POINTER(archaeo_project)]),
    "archaeo_project_source_count": (c_int64, [POINTER(archaeo_project)]),
    "archaeo_project_external_models": (c_int32, [POINTER(archaeo_project)]),
    "archaeo_project_json": (archaeo_str, [POINTER(archaeo_project)]),
    "archaeo_project_free": (None, [POINTER(archaeo_project)]),
    "archaeo_source_get": (c_int32, [POINTER(archaeo_engine), c_int64, POINTER(POINTER(archaeo_source)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_source_list": (c_int32, [POINTER(archaeo_engine), c_int64, c_int32, c_int64,
        POINTER(POINTER(archaeo_source)), c_size_t, POINTER(c_size_t), POINTER(c_int64),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_source_delete": (c_int32, [POINTER(archaeo_engine), c_int64, POINTER(POINTER(archaeo_error))]),
    "archaeo_source_set_metadata": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p,
        POINTER(POINTER(archaeo_source)), POINTER(POINTER(archaeo_error))]),
    "archaeo_source_reprocess": (c_int32, [POINTER(archaeo_engine), c_int64, c_int32,
        POINTER(POINTER(archaeo_job)), POINTER(POINTER(archaeo_error))]),
    "archaeo_source_content": (c_int32, [POINTER(archaeo_engine), c_int64, c_uint64, c_size_t,
        POINTER(POINTER(archaeo_buffer)), POINTER(POINTER(archaeo_error))]),
    "archaeo_source_text": (c_int32, [POINTER(archaeo_engine), c_int64, c_uint64, c_size_t,
        POINTER(POINTER(archaeo_buffer)), POINTER(POINTER(archaeo_error))]),
    "archaeo_source_chunks": (c_int32, [POINTER(archaeo_engine), c_int64, c_int64, c_int64,
        POINTER(POINTER(archaeo_buffer)), POINTER(POINTER(archaeo_error))]),
    "archaeo_source_id": (c_int64, [POINTER(archaeo_source)]),
    "archaeo_source_project_id": (c_int64, [POINTER(archaeo_source)]),
    "archaeo_source_filename": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_version": (c_int64, [POINTER(archaeo_source)]),
    "archaeo_source_content_hash": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_file_size": (c_uint64, [POINTER(archaeo_source)]),
    "archaeo_source_file_type": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_language": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_metadata": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_status": (c_int32, [POINTER(archaeo_source)]),
    "archaeo_source_reason": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_chunk_count": (c_uint64, [POINTER(archaeo_source)]),
    "archaeo_source_job_id": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_json": (archaeo_str, [POINTER(archaeo_source)]),
    "archaeo_source_free": (None, [POINTER(archaeo_source)]),
    "archaeo_upload_path": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p, c_char_p,
        POINTER(archaeo_upload_options), POINTER(POINTER(archaeo_source)), POINTER(POINTER(archaeo_job)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_upload_bytes": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p, c_void_p, c_size_t,
        POINTER(archaeo_upload_options), POINTER(POINTER(archaeo_source)), POINTER(POINTER(archaeo_job)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_upload_begin": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p, POINTER(archaeo_upload_options),
        POINTER(POINTER(archaeo_upload)), POINTER(POINTER(archaeo_error))]),
    "archaeo_upload_append": (c_int32, [POINTER(archaeo_upload), c_void_p, c_size_t,
        POINTER(POINTER(archaeo_error))]),
    "archaeo_upload_finish": (c_int32, [POINTER(archaeo_upload), POINTER(POINTER(archaeo_source)),
        POINTER(POINTER(archaeo_job)), POINTER(POINTER(archaeo_error))]),
    "archaeo_upload_abort": (c_int32, [POINTER(archaeo_upload), POINTER(POINTER(archaeo_error))]),
    "archaeo_upload_free": (None, [POINTER(archaeo_upload)]),
    "archaeo_upload_piece": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p, POINTER(archaeo_upload_options),
        c_uint64, c_uint64, c_void_p, c_size_t, POINTER(c_uint64), POINTER(POINTER(archaeo_source)),
        POINTER(POINTER(archaeo_job)), POINTER(POINTER(archaeo_error))]),
    "archaeo_job_get": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_job)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_job_list": (c_int32, [POINTER(archaeo_engine), POINTER(archaeo_job_filter), c_int64,
        POINTER(POINTER(archaeo_job)), c_size_t, POINTER(c_size_t), POINTER(c_int64),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_job_wait": (c_int32, [POINTER(archaeo_engine), c_char_p, c_int64, POINTER(POINTER(archaeo_job)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_job_cancel": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_error))]),
    "archaeo_job_retry": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_job)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_job_delete": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_error))]),
    "archaeo_job_bulk": (c_int32, [POINTER(archaeo_engine), POINTER(archaeo_job_selection), c_int32, c_int32,
        POINTER(c_int64), POINTER(c_int64), POINTER(POINTER(archaeo_error))]),
    "archaeo_job_set_priority": (c_int32, [POINTER(archaeo_engine), c_char_p, c_int32,
        POINTER(POINTER(archaeo_error))]),
    "archaeo_job_stats": (c_int32, [POINTER(archaeo_engine), c_int64, POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_job_id": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_type": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_status": (c_int32, [POINTER(archaeo_job)]),
    "archaeo_job_is_finished": (c_int32, [POINTER(archaeo_job)]),
    "archaeo_job_priority": (c_int32, [POINTER(archaeo_job)]),
    "archaeo_job_project_id": (c_int64, [POINTER(archaeo_job)]),
    "archaeo_job_source_id": (c_int64, [POINTER(archaeo_job)]),
    "archaeo_job_data": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_result": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_error_message": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_created_at_ms": (c_int64, [POINTER(archaeo_job)]),
    "archaeo_job_finished_at_ms": (c_int64, [POINTER(archaeo_job)]),
    "archaeo_job_progress_current": (c_int64, [POINTER(archaeo_job)]),
    "archaeo_job_progress_total": (c_int64, [POINTER(archaeo_job)]),
    "archaeo_job_progress_message": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_worker_id": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_retry_count": (c_int32, [POINTER(archaeo_job)]),
    "archaeo_job_json": (archaeo_str, [POINTER(archaeo_job)]),
    "archaeo_job_free": (None, [POINTER(archaeo_job)]),
    "archaeo_queue_enqueue": (c_int32, [POINTER(archaeo_engine), POINTER(archaeo_new_job), c_size_t, c_char_p,
        POINTER(archaeo_id), POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_claim": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(c_char_p), c_size_t, c_int64,
        POINTER(POINTER(archaeo_lease)), c_size_t, POINTER(c_size_t), POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_join": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_leave": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_wake_fd": (c_int32, [POINTER(archaeo_engine), POINTER(c_int), POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_wake_clear": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_pause": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_resume": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_stats": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_history": (c_int32, [POINTER(archaeo_engine), c_int64, POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_workers": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_set_order": (c_int32, [POINTER(archaeo_engine), POINTER(archaeo_queue_order),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_set_limit": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p, c_int64,
        POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_remove_limit": (c_int32, [POINTER(archaeo_engine), c_int64, c_char_p,
        POINTER(POINTER(archaeo_error))]),
    "archaeo_queue_settings": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_periodic_set": (c_int32, [POINTER(archaeo_engine), c_char_p, c_char_p, POINTER(archaeo_new_job),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_periodic_remove": (c_int32, [POINTER(archaeo_engine), c_char_p, POINTER(POINTER(archaeo_error))]),
    "archaeo_periodic_list": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_lease_job_id": (archaeo_str, [POINTER(archaeo_lease)]),
    "archaeo_lease_job_type": (archaeo_str, [POINTER(archaeo_lease)]),
    "archaeo_lease_data": (archaeo_str, [POINTER(archaeo_lease)]),
    "archaeo_lease_attempt": (c_int32, [POINTER(archaeo_lease)]),
    "archaeo_lease_epoch": (c_uint64, [POINTER(archaeo_lease)]),
    "archaeo_lease_priority": (c_int32, [POINTER(archaeo_lease)]),
    "archaeo_lease_project_id": (c_int64, [POINTER(archaeo_lease)]),
    "archaeo_lease_source_id": (c_int64, [POINTER(archaeo_lease)]),
    "archaeo_lease_until_ms": (c_int64, [POINTER(archaeo_lease)]),
    "archaeo_lease_deadline_ms": (c_int64, [POINTER(archaeo_lease)]),
    "archaeo_lease_free": (None, [POINTER(archaeo_lease)]),
    "archaeo_lease_extend": (c_int32, [POINTER(archaeo_lease), POINTER(POINTER(archaeo_error))]),
    "archaeo_lease_progress": (c_int32, [POINTER(archaeo_lease), c_int64, c_int64, c_char_p,
        POINTER(POINTER(archaeo_error))]),
    "archaeo_lease_complete": (c_int32, [POINTER(archaeo_lease), c_char_p, c_size_t,
        POINTER(POINTER(archaeo_error))]),
    "archaeo_lease_fail": (c_int32, [POINTER(archaeo_lease), c_char_p, c_int32, POINTER(POINTER(archaeo_error))]),
    "archaeo_lease_delay": (c_int32, [POINTER(archaeo_lease), c_char_p, c_int64, POINTER(POINTER(archaeo_error))]),
    "archaeo_lease_release": (c_int32, [POINTER(archaeo_lease), POINTER(POINTER(archaeo_error))]),
    "archaeo_worker_start": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_worker)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_worker_drain": (c_int32, [POINTER(archaeo_worker), c_int64, POINTER(POINTER(archaeo_error))]),
    "archaeo_worker_stop": (c_int32, [POINTER(archaeo_worker), POINTER(POINTER(archaeo_error))]),
    "archaeo_worker_status": (c_int32, [POINTER(archaeo_worker), POINTER(POINTER(archaeo_buffer)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_worker_free": (None, [POINTER(archaeo_worker)]),
    "archaeo_search": (c_int32, [POINTER(archaeo_engine), c_char_p, c_size_t, POINTER(archaeo_search_options),
        POINTER(POINTER(archaeo_hits)), POINTER(POINTER(archaeo_error))]),
    "archaeo_hits_count": (c_size_t, [POINTER(archaeo_hits)]),
    "archaeo_hits_total_found": (c_uint64, [POINTER(archaeo_hits)]),
    "archaeo_hits_chunk_id": (archaeo_str, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_content": (archaeo_str, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_score": (c_double, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_project_id": (c_int64, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_source_id": (c_int64, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_source_name": (archaeo_str, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_heading": (archaeo_str, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_symbol": (archaeo_str, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_before": (archaeo_str, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_after": (archaeo_str, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_begin": (c_uint64, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_end": (c_uint64, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_first_line": (c_uint64, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_last_line": (c_uint64, [POINTER(archaeo_hits), c_size_t]),
    "archaeo_hits_note": (archaeo_str, [POINTER(archaeo_hits)]),
    "archaeo_hits_json": (archaeo_str, [POINTER(archaeo_hits)]),
    "archaeo_hits_free": (None, [POINTER(archaeo_hits)]),
    "archaeo_events_poll": (c_int32, [POINTER(archaeo_engine), c_int64, POINTER(archaeo_event_filter), c_int64,
        POINTER(POINTER(archaeo_events)), POINTER(POINTER(archaeo_error))]),
    "archaeo_events_count": (c_size_t, [POINTER(archaeo_events)]),
    "archaeo_events_cursor": (c_int64, [POINTER(archaeo_events)]),
    "archaeo_events_oldest_id": (c_int64, [POINTER(archaeo_events)]),
    "archaeo_events_newest_id": (c_int64, [POINTER(archaeo_events)]),
    "archaeo_events_id": (c_int64, [POINTER(archaeo_events), c_size_t]),
    "archaeo_events_at_ms": (c_int64, [POINTER(archaeo_events), c_size_t]),
    "archaeo_events_kind": (archaeo_str, [POINTER(archaeo_events), c_size_t]),
    "archaeo_events_job_id": (archaeo_str, [POINTER(archaeo_events), c_size_t]),
    "archaeo_events_project_id": (c_int64, [POINTER(archaeo_events), c_size_t]),
    "archaeo_events_source_id": (c_int64, [POINTER(archaeo_events), c_size_t]),
    "archaeo_events_json": (archaeo_str, [POINTER(archaeo_events), c_size_t]),
    "archaeo_events_free": (None, [POINTER(archaeo_events)]),
    "archaeo_vectors_open": (c_int32, [c_char_p, c_size_t, POINTER(POINTER(archaeo_vectors)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_engine_vectors": (c_int32, [POINTER(archaeo_engine), POINTER(POINTER(archaeo_vectors)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_vectors_free": (None, [POINTER(archaeo_vectors)]),
    "archaeo_vectors_upsert": (c_int32, [POINTER(archaeo_vectors), POINTER(archaeo_document),
        POINTER(archaeo_point), c_size_t, POINTER(POINTER(archaeo_error))]),
    "archaeo_vectors_delete": (c_int32, [POINTER(archaeo_vectors), c_int64, c_int64, c_char_p,
        POINTER(POINTER(archaeo_error))]),
    "archaeo_vectors_count": (c_int32, [POINTER(archaeo_vectors), c_int64, c_int64, c_char_p, POINTER(c_uint64),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_vectors_query": (c_int32, [POINTER(archaeo_vectors), POINTER(archaeo_vector_query),
        POINTER(POINTER(archaeo_vector_hits)), POINTER(POINTER(archaeo_error))]),
    "archaeo_vector_hits_count": (c_size_t, [POINTER(archaeo_vector_hits)]),
    "archaeo_vector_hits_point_id": (archaeo_str, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_source_id": (c_int64, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_generation": (archaeo_str, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_ordinal": (c_uint32, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_score": (c_double, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_text": (archaeo_str, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_heading": (archaeo_str, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_begin": (c_uint64, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_end": (c_uint64, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_first_line": (c_uint64, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_last_line": (c_uint64, [POINTER(archaeo_vector_hits), c_size_t]),
    "archaeo_vector_hits_free": (None, [POINTER(archaeo_vector_hits)]),
    "archaeo_chunk": (c_int32, [c_char_p, c_size_t, POINTER(archaeo_chunk_options),
        POINTER(POINTER(archaeo_chunks)), POINTER(POINTER(archaeo_error))]),
    "archaeo_chunks_count": (c_size_t, [POINTER(archaeo_chunks)]),
    "archaeo_chunks_begin": (c_uint64, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_end": (c_uint64, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_context_begin": (c_uint64, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_context_end": (c_uint64, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_first_line": (c_uint64, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_last_line": (c_uint64, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_tokens": (c_uint32, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_heading": (archaeo_str, [POINTER(archaeo_chunks), c_size_t]),
    "archaeo_chunks_free": (None, [POINTER(archaeo_chunks)]),
    "archaeo_chunks_copy": (c_size_t, [POINTER(archaeo_chunks), c_size_t, c_size_t, POINTER(c_uint64)]),
    "archaeo_analyze": (c_int32, [c_char_p, c_size_t, POINTER(POINTER(archaeo_terms)),
        POINTER(POINTER(archaeo_error))]),
    "archaeo_terms_count": (c_size_t, [POINTER(archaeo_terms)]),
    "archaeo_terms_text": (archaeo_str, [POINTER(archaeo_terms), c_size_t]),
    "archaeo_terms_begin": (c_uint64, [POINTER(archaeo_terms), c_size_t]),
    "archaeo_terms_end": (c_uint64, [POINTER(archaeo_terms), c_size_t]),
    "archaeo_terms_same_position": (c_int32, [POINTER(archaeo_terms), c_size_t]),
    "archaeo_terms_free": (None, [POINTER(archaeo_terms)]),
    "archaeo_terms_copy": (c_size_t, [POINTER(archaeo_terms), c_size_t, c_size_t, POINTER(c_uint64), c_char_p]),
}


def declare(library: ctypes.CDLL) -> None:
    """Tells ctypes the types of every function. AttributeError: the library lacks one."""
    for name, (returns, takes) in FUNCTIONS.items():
        function = getattr(library, name)
        function.restype = returns
        function.argtypes = takes
