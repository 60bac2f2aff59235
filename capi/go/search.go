package archaeologist

// #include "shim.h"
import "C"

import "encoding/json"

// SearchOptions narrow a search. Zero values mean the defaults.
type SearchOptions struct {
	Mode       SearchMode // 0 = SearchHybrid
	IgnoreCase bool       // literal only
	WholeWord  bool       // literal only
	Limit      int        // 1 to 1,000; 0 = 10
	Offset     int        // to 10,000
	PerSource  int        // hits of one source at most; 0 = 3, None = no bound
	ProjectIDs []int64    // none = all projects; at most 1,000
	SourceIDs  []int64    // none = all sources; at most 1,000
	Languages  []string   // "python", ...; none = all; at most 100
	FileTypes  []string   // "code", "markdown", ...; none = all; at most 100
	PathGlob   string     // * within a folder, ** across, ? one character; without a / on the name's last part
	Regex      bool       // literal only: the query is a regular expression of RE2, matched within a line
	Context    int        // lines around a hit's content, in Before and After; to 100
}

func (o *SearchOptions) arguments(a *arguments) *C.archaeo_search_options {
	if o == nil {
		return nil
	}
	to := (*C.archaeo_search_options)(a.room(1, C.sizeof_archaeo_search_options))
	to.struct_size = C.sizeof_archaeo_search_options
	to.mode = C.int32_t(o.Mode)
	to.ignore_case = truth(o.IgnoreCase)
	to.whole_word = truth(o.WholeWord)
	to.limit = a.uint32("Limit", o.Limit)
	to.offset = a.uint32("Offset", o.Offset)
	to.per_source = a.int32("PerSource", o.PerSource)
	to.project_ids, to.project_id_count = a.numbers(o.ProjectIDs)
	to.source_ids, to.source_id_count = a.numbers(o.SourceIDs)
	to.languages, to.language_count = a.texts("language", o.Languages)
	to.file_types, to.file_type_count = a.texts("file type", o.FileTypes)
	to.path_glob = a.optional("PathGlob", o.PathGlob)
	to.regex = truth(o.Regex)
	to.context_lines = a.uint32("Context", o.Context)
	return to
}

// Hit is a chunk that was found.
type Hit struct {
	ChunkID    string
	Content    string
	Score      float64 // comparable within one reply only
	ProjectID  int64
	SourceID   int64
	SourceName string
	Heading    string
	Begin      int64 // bytes of SourceText
	End        int64
	FirstLine  int64 // from 1
	LastLine   int64
	Symbol     string // the definition it is in
	Before     string // SearchOptions.Context lines before Content
	After      string
}

// Found is what a search found, best first.
type Found struct {
	Hits       []Hit
	TotalFound int64
	Note       string          // where the mode cannot mean what its name says
	JSON       json.RawMessage // the whole reply: results with why, highlights and also_in; coverage, ...
}

// Search finds chunks. query: 1 to 4,096 bytes of UTF-8. options may be nil. Errors: ErrNotFound (project).
func (e *Engine) Search(query string, options *SearchOptions) (*Found, error) {
	pointer, err := e.enter()
	if err != nil {
		return nil, err
	}
	defer e.leave()
	var a arguments
	defer a.free()
	words, size := a.bytes(query)
	cOptions := options.arguments(&a)
	if a.err != nil {
		return nil, a.err
	}
	var hits *C.archaeo_hits
	var failed *C.archaeo_error
	if code := C.archaeo_search(pointer, words, size, cOptions, &hits, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	return takeHits(hits), nil
}

func takeHits(hits *C.archaeo_hits) *Found {
	defer C.archaeo_hits_free(hits)
	found := &Found{
		Hits:       make([]Hit, C.archaeo_hits_count(hits)),
		TotalFound: int64(C.archaeo_hits_total_found(hits)),
		Note:       text(C.archaeo_hits_note(hits)),
		JSON:       copyBytes(C.archaeo_hits_json(hits)),
	}
	for i := range found.Hits {
		at := C.size_t(i)
		found.Hits[i] = Hit{
			ChunkID:    text(C.archaeo_hits_chunk_id(hits, at)),
			Content:    text(C.archaeo_hits_content(hits, at)),
			Score:      float64(C.archaeo_hits_score(hits, at)),
			ProjectID:  int64(C.archaeo_hits_project_id(hits, at)),
			SourceID:   int64(C.archaeo_hits_source_id(hits, at)),
			SourceName: text(C.archaeo_hits_source_name(hits, at)),
			Heading:    text(C.archaeo_hits_heading(hits, at)),
			Begin:      int64(C.archaeo_hits_begin(hits, at)),
			End:        int64(C.archaeo_hits_end(hits, at)),
			FirstLine:  int64(C.archaeo_hits_first_line(hits, at)),
			LastLine:   int64(C.archaeo_hits_last_line(hits, at)),
			Symbol:     text(C.archaeo_hits_symbol(hits, at)),
			Before:     text(C.archaeo_hits_before(hits, at)),
			After:      text(C.archaeo_hits_after(hits, at)),
		}
	}
	return found
}
