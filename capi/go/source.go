package archaeologist

// #include "shim.h"
import "C"

import "encoding/json"

// Source is what was handed over: a name in a project, whose new content is its next version. A copy of what it was like when it
// was asked for.
type Source struct {
	ID          int64
	ProjectID   int64
	Filename    string
	Version     int64
	ContentHash string // SHA-256, 64 hex digits
	FileSize    int64
	FileType    string // "code", ...; empty until detected
	Language    string
	Metadata    json.RawMessage // an object
	Status      SourceStatus
	Reason      string
	ChunkCount  int64
	JobID       string          // of the latest version
	JSON        json.RawMessage // all fields
}

func takeSource(source *C.archaeo_source) *Source {
	if source == nil {
		return nil
	}
	defer C.archaeo_source_free(source)
	return &Source{
		ID:          int64(C.archaeo_source_id(source)),
		ProjectID:   int64(C.archaeo_source_project_id(source)),
		Filename:    text(C.archaeo_source_filename(source)),
		Version:     int64(C.archaeo_source_version(source)),
		ContentHash: text(C.archaeo_source_content_hash(source)),
		FileSize:    int64(C.archaeo_source_file_size(source)),
		FileType:    text(C.archaeo_source_file_type(source)),
		Language:    text(C.archaeo_source_language(source)),
		Metadata:    copyBytes(C.archaeo_source_metadata(source)),
		Status:      SourceStatus(C.archaeo_source_status(source)),
		Reason:      text(C.archaeo_source_reason(source)),
		ChunkCount:  int64(C.archaeo_source_chunk_count(source)),
		JobID:       text(C.archaeo_source_job_id(source)),
		JSON:        copyBytes(C.archaeo_source_json(source)),
	}
}

// Source finds a source by its id. Errors: ErrNotFound.
func (e *Engine) Source(sourceID int64) (*Source, error) {
	return get(e, takeSource, func(c *call, source **C.archaeo_source) C.int32_t {
		return C.archaeo_source_get(c.engine, C.int64_t(sourceID), source, &c.failed)
	})
}

// SourceFilter says which sources a page has.
type SourceFilter struct {
	ProjectID int64
	Status    SourceStatus // 0 = all
}

// SourcePage has some of Total sources.
type SourcePage struct {
	Sources []*Source
	Total   int64
}

// Sources gives a page of a project's sources by name. Page 1 is the first; perPage is 1 to 1,000. Errors: ErrNotFound (project).
func (e *Engine) Sources(filter SourceFilter, page int64, perPage int) (*SourcePage, error) {
	sources, total, err := list(e, perPage, takeSource, func(c *call, out **C.archaeo_source, capacity C.size_t, to *filled) C.int32_t {
		return C.archaeo_source_list(c.engine, C.int64_t(filter.ProjectID), C.int32_t(filter.Status), C.int64_t(page), out, capacity,
			&to.count, &to.total, &c.failed)
	})
	if err != nil {
		return nil, err
	}
	return &SourcePage{Sources: sources, Total: total}, nil
}

// DeleteSource makes it gone for search and lists at once; its unfinished job is cancelled. The same name may come again, as the
// next version. Errors: ErrNotFound.
func (e *Engine) DeleteSource(sourceID int64) error {
	return e.do(func(c *call) C.int32_t { return C.archaeo_source_delete(c.engine, C.int64_t(sourceID), &c.failed) })
}

// SetSourceMetadata replaces the metadata, a JSON object of at most 64 KiB. Errors: ErrNotFound, ErrTooLarge.
func (e *Engine) SetSourceMetadata(sourceID int64, metadata json.RawMessage) (*Source, error) {
	var a arguments
	defer a.free()
	cMetadata := a.text("metadata", string(metadata))
	if a.err != nil {
		return nil, a.err
	}
	return get(e, takeSource, func(c *call, source **C.archaeo_source) C.int32_t {
		return C.archaeo_source_set_metadata(c.engine, C.int64_t(sourceID), cMetadata, source, &c.failed)
	})
}

// ReprocessSource processes its latest content once more, as the next version. Errors: ErrNotFound.
func (e *Engine) ReprocessSource(sourceID int64, priority Priority) (*Job, error) {
	return get(e, e.takeJob, func(c *call, job **C.archaeo_job) C.int32_t {
		return C.archaeo_source_reprocess(c.engine, C.int64_t(sourceID), C.int32_t(priority), job, &c.failed)
	})
}

// SourceContent gives the latest upload's bytes from offset on, at most sizeMax of them (to 1 GiB); fewer only at the end. Errors:
// ErrNotFound.
func (e *Engine) SourceContent(sourceID, offset int64, sizeMax int) ([]byte, error) {
	return e.read(offset, sizeMax, func(c *call, from C.uint64_t, capacity C.size_t, buffer **C.archaeo_buffer) C.int32_t {
		return C.archaeo_source_content(c.engine, C.int64_t(sourceID), from, capacity, buffer, &c.failed)
	})
}

// SourceText gives the same of the normalised UTF-8 text of the version that search sees, which byte ranges of chunks and hits
// count in. Errors: ErrNotFound (also: nothing to read in it).
func (e *Engine) SourceText(sourceID, offset int64, sizeMax int) ([]byte, error) {
	return e.read(offset, sizeMax, func(c *call, from C.uint64_t, capacity C.size_t, buffer **C.archaeo_buffer) C.int32_t {
		return C.archaeo_source_text(c.engine, C.int64_t(sourceID), from, capacity, buffer, &c.failed)
	})
}

func (e *Engine) read(offset int64, sizeMax int,
	what func(c *call, from C.uint64_t, capacity C.size_t, buffer **C.archaeo_buffer) C.int32_t) ([]byte, error) {
	var a arguments
	from := a.uint64("offset", offset)
	capacity := a.capacity("sizeMax", sizeMax, 1<<30)
	if a.err != nil {
		return nil, a.err
	}
	return get(e, takeBuffer, func(c *call, buffer **C.archaeo_buffer) C.int32_t { return what(c, from, capacity, buffer) })
}

// SourceChunk is a chunk that search sees.
type SourceChunk struct {
	ID        string   `json:"chunk_id"`
	Ordinal   int      `json:"ordinal"`
	Content   string   `json:"content"` // the core's text
	Heading   string   `json:"heading"`
	ByteRange [2]int64 `json:"byte_range"` // of the core, begin and end, in SourceText
	LineRange [2]int64 `json:"line_range"` // first and last, from 1
}

// ChunkPage has some of Total chunks.
type ChunkPage struct {
	Chunks  []SourceChunk `json:"chunks"`
	Total   int64         `json:"total"`
	HasMore bool          `json:"has_more"`
}

// SourceChunks gives a page (from 1, of 1 to 1,000) of the chunks that search sees. Errors: ErrNotFound.
func (e *Engine) SourceChunks(sourceID, page int64, perPage int) (*ChunkPage, error) {
	found, err := e.json(func(c *call, buffer **C.archaeo_buffer) C.int32_t {
		return C.archaeo_source_chunks(c.engine, C.int64_t(sourceID), C.int64_t(page), C.int64_t(perPage), buffer, &c.failed)
	})
	if err != nil {
		return nil, err
	}
	chunks := &ChunkPage{}
	return chunks, json.Unmarshal(found, chunks)
}
