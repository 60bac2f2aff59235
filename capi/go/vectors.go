package archaeologist

// #include "shim.h"
import "C"

import (
	"runtime"
	"sync"
	"unsafe"
)

// Vectors are chunks with their words and vectors, kept and asked without projects, uploads and jobs. A document is (ProjectID,
// SourceID, Generation), numbers and a UUID of your own. All methods may be called from any goroutine.
type Vectors struct {
	engine  *Engine // nil when it is a folder of its own
	mutex   sync.RWMutex
	pointer *C.archaeo_vectors // nil once closed
}

func newVectors(engine *Engine, pointer *C.archaeo_vectors) *Vectors {
	vectors := &Vectors{engine: engine, pointer: pointer}
	runtime.SetFinalizer(vectors, (*Vectors).Close)
	return vectors
}

// OpenVectors opens or makes a folder for vectors of one length; it needs no engine. Several processes of one machine may share
// it. Errors: ErrPermissionDenied, ErrIncompatible, ErrIOError.
func OpenVectors(folder string, dimension int) (*Vectors, error) {
	if err := checkABI(); err != nil {
		return nil, err
	}
	var a arguments
	defer a.free()
	path, length := a.text("folder", folder), a.uint64("dimension", int64(dimension))
	if a.err != nil {
		return nil, a.err
	}
	var pointer *C.archaeo_vectors
	var failed *C.archaeo_error
	if code := C.archaeo_vectors_open(path, C.size_t(length), &pointer, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return newVectors(nil, pointer), nil
}

// Vectors gives the engine's own, with its sources' chunks; what is added there should be of a project made for it. Points and
// queries may come without a vector: the engine's embedder makes them.
func (e *Engine) Vectors() (*Vectors, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var vectors *C.archaeo_vectors
	var failed *C.archaeo_error
	if code := C.archaeo_engine_vectors(pointer, &vectors, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return newVectors(e, vectors), nil
}

// Close waits for calls that run. Always nil.
func (v *Vectors) Close() error {
	v.mutex.Lock()
	defer v.mutex.Unlock()
	C.archaeo_vectors_free(v.pointer)
	v.pointer = nil
	runtime.SetFinalizer(v, nil)
	return nil
}

func (v *Vectors) call(what func(vectors *C.archaeo_vectors, failed **C.archaeo_error) C.int32_t) error {
	v.mutex.RLock()
	defer v.mutex.RUnlock()
	if v.pointer == nil {
		return isClosed("the vector store")
	}
	var failed *C.archaeo_error
	if code := what(v.pointer, &failed); code != C.ARCHAEO_OK {
		return failure(code, failed)
	}
	return nil
}

// Document is what points belong to.
type Document struct {
	ProjectID  int64  // at least 1
	SourceID   int64  // at least 1
	Generation string // a UUID; "" = zeros
	SourceName string // matched by a PathGlob
	FileType   string // "text", "code", ...; "" = "text"
	Language   string
}

// Point is a chunk of a document.
type Point struct {
	Ordinal      int   // 0, 1, 2, ... in the document
	CoreBegin    int64 // the bytes of the document it stands for: from 0 on without a gap
	CoreEnd      int64
	ContextBegin int64 // where Text begins: at most CoreBegin. It ends where the core ends
	FirstLine    int64 // of the core, from 1; 0 = 1
	LastLine     int64 // 0 = FirstLine
	Heading      string
	Text         string    // UTF-8, CoreEnd - ContextBegin bytes, at most 1 MiB
	Vector       []float32 // may be nil in an engine's own
}

func (p *Point) arguments(a *arguments, to *C.archaeo_point) {
	to.struct_size = C.sizeof_archaeo_point
	to.ordinal = a.uint32("Ordinal", p.Ordinal)
	to.core_begin = a.uint64("CoreBegin", p.CoreBegin)
	to.core_end = a.uint64("CoreEnd", p.CoreEnd)
	to.context_begin = a.uint64("ContextBegin", p.ContextBegin)
	to.first_line = a.uint64("FirstLine", p.FirstLine)
	to.last_line = a.uint64("LastLine", p.LastLine)
	to.heading = a.optional("Heading", p.Heading)
	to.text, to.text_size = a.bytes(p.Text)
	to.vector, to.vector_size = a.floats(p.Vector)
}

// Upsert stores points of one document, in order of Ordinal, over any number of calls of at most 10,000; each with a vector of
// the store's dimension. The same again changes nothing; one that differs replaces it and all behind it. Durable on return.
// Errors: ErrInvalidArgument (also: not finite, not in order, a gap), ErrStorageFull, ErrUnavailable.
func (v *Vectors) Upsert(document Document, points []Point) error {
	var a arguments
	defer a.free()
	to := (*C.archaeo_document)(a.room(1, C.sizeof_archaeo_document))
	to.struct_size = C.sizeof_archaeo_document
	to.project_id = C.int64_t(document.ProjectID)
	to.source_id = C.int64_t(document.SourceID)
	to.generation = a.optional("Generation", document.Generation)
	to.source_name = a.optional("SourceName", document.SourceName)
	to.file_type = a.optional("FileType", document.FileType)
	to.language = a.optional("Language", document.Language)
	list := (*C.archaeo_point)(a.room(len(points), C.sizeof_archaeo_point))
	for i := range points {
		points[i].arguments(&a, &unsafe.Slice(list, len(points))[i])
	}
	if a.err != nil {
		return a.err
	}
	return v.call(func(vectors *C.archaeo_vectors, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_vectors_upsert(vectors, to, list, C.size_t(len(points)), failed)
	})
}

// Delete removes a document's points; nothing there is no error. sourceID 0 (with generation ""): all of the project.
func (v *Vectors) Delete(projectID, sourceID int64, generation string) error {
	var a arguments
	defer a.free()
	cGeneration := a.optional("generation", generation)
	if a.err != nil {
		return a.err
	}
	return v.call(func(vectors *C.archaeo_vectors, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_vectors_delete(vectors, C.int64_t(projectID), C.int64_t(sourceID), cGeneration, failed)
	})
}

// Count says how many points of a document are stored.
func (v *Vectors) Count(projectID, sourceID int64, generation string) (int64, error) {
	var a arguments
	defer a.free()
	cGeneration := a.optional("generation", generation)
	if a.err != nil {
		return 0, a.err
	}
	var count C.uint64_t
	err := v.call(func(vectors *C.archaeo_vectors, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_vectors_count(vectors, C.int64_t(projectID), C.int64_t(sourceID), cGeneration, &count, failed)
	})
	return int64(count), err
}

// VectorQuery asks for the best points of a project: by exactly one of Words, Vector and NearestTo.
type VectorQuery struct {
	ProjectID int64
	Words     string    // BM25; at most 4,096 bytes
	Vector    []float32 // nearness (cosine)
	NearestTo string    // nearness to this text, in an engine's own; at most 1 MiB
	Limit     int       // 1 to 10,000; 0 = 10
	Offset    int
	SourceIDs []int64 // none = all; at most 1,000
	PathGlob  string
}

func (q *VectorQuery) arguments(a *arguments) *C.archaeo_vector_query {
	to := (*C.archaeo_vector_query)(a.room(1, C.sizeof_archaeo_vector_query))
	to.struct_size = C.sizeof_archaeo_vector_query
	to.project_id = C.int64_t(q.ProjectID)
	to.words, to.words_size = a.bytes(q.Words)
	to.vector, to.vector_size = a.floats(q.Vector)
	to.nearest_to, to.nearest_to_size = a.bytes(q.NearestTo)
	to.limit = a.uint32("Limit", q.Limit)
	to.offset = a.uint32("Offset", q.Offset)
	to.source_ids, to.source_id_count = a.numbers(q.SourceIDs)
	to.path_glob = a.optional("PathGlob", q.PathGlob)
	return to
}

// VectorHit is a point that was found.
type VectorHit struct {
	PointID    string
	SourceID   int64
	Generation string
	Ordinal    int
	Score      float64
	Text       string // the core's bytes
	Heading    string
	Begin      int64 // of the core
	End        int64
	FirstLine  int64
	LastLine   int64
}

// Query gives the best points, best first; equal scores by point id. Errors: ErrUnavailable.
func (v *Vectors) Query(query VectorQuery) ([]VectorHit, error) {
	var a arguments
	defer a.free()
	asked := query.arguments(&a)
	if a.err != nil {
		return nil, a.err
	}
	var hits *C.archaeo_vector_hits
	if err := v.call(func(vectors *C.archaeo_vectors, failed **C.archaeo_error) C.int32_t {
		return C.archaeo_vectors_query(vectors, asked, &hits, failed)
	}); err != nil {
		return nil, err
	}
	defer C.archaeo_vector_hits_free(hits)
	found := make([]VectorHit, C.archaeo_vector_hits_count(hits))
	for i := range found {
		at := C.size_t(i)
		found[i] = VectorHit{
			PointID:    text(C.archaeo_vector_hits_point_id(hits, at)),
			SourceID:   int64(C.archaeo_vector_hits_source_id(hits, at)),
			Generation: text(C.archaeo_vector_hits_generation(hits, at)),
			Ordinal:    int(C.archaeo_vector_hits_ordinal(hits, at)),
			Score:      float64(C.archaeo_vector_hits_score(hits, at)),
			Text:       text(C.archaeo_vector_hits_text(hits, at)),
			Heading:    text(C.archaeo_vector_hits_heading(hits, at)),
			Begin:      int64(C.archaeo_vector_hits_begin(hits, at)),
			End:        int64(C.archaeo_vector_hits_end(hits, at)),
			FirstLine:  int64(C.archaeo_vector_hits_first_line(hits, at)),
			LastLine:   int64(C.archaeo_vector_hits_last_line(hits, at)),
		}
	}
	return found, nil
}
