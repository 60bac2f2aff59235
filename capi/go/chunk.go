package archaeologist

// #include "shim.h"
//
// static int32_t go_archaeo_chunk(_GoString_ text, const archaeo_chunk_options* options, archaeo_chunks** chunks_out,
//                                 archaeo_error** error_out) {
//     return archaeo_chunk(_GoStringPtr(text), _GoStringLen(text), options, chunks_out, error_out);
// }
// static int32_t go_archaeo_analyze(_GoString_ text, archaeo_terms** terms_out, archaeo_error** error_out) {
//     return archaeo_analyze(_GoStringPtr(text), _GoStringLen(text), terms_out, error_out);
// }
import "C"

import "unsafe"

// ChunkOptions say how a text is cut. Zero values mean the defaults.
type ChunkOptions struct {
	Kind         TextKind // 0 = TextPlain
	TargetTokens int      // 16 to 8,192; 0 = 300
	MaxTokens    int      // target to 16,384; 0 = 400 or a third above the target
	Overlap      float64  // of the target, as context before the core; above 0 to 0.5; 0 = 0.15, None = none
	Language     string   // of code: "c++", "python", ...; "" = judged by its beginning; unknown ones change nothing
}

// TextChunk is a piece of a text. Ranges are half-open, in bytes. Cores tile the text exactly, in order; the context contains the
// core and is what to embed and index.
type TextChunk struct {
	Begin        int // of the core
	End          int
	ContextBegin int
	ContextEnd   int
	FirstLine    int // of the core, from 1
	LastLine     int
	Tokens       int // estimated, of the context
	Heading      string
}

const chunkNumbers = 8 // of archaeo_chunks_copy

// Chunk cuts a text (UTF-8, at most 2 GiB) into chunks for search. Needs no engine, reads and writes nothing. options may be nil.
// Errors: ErrInvalidArgument (not UTF-8, options), ErrTooLarge.
func Chunk(text string, options *ChunkOptions) ([]TextChunk, error) {
	var a arguments
	defer a.free()
	var given *C.archaeo_chunk_options
	if options != nil {
		given = &C.archaeo_chunk_options{
			struct_size:   C.sizeof_archaeo_chunk_options,
			kind:          C.int32_t(options.Kind),
			target_tokens: a.uint32("TargetTokens", options.TargetTokens),
			max_tokens:    a.uint32("MaxTokens", options.MaxTokens),
			overlap:       C.double(options.Overlap),
			language:      a.optional("Language", options.Language),
		}
	}
	if a.err != nil {
		return nil, a.err
	}
	var made *C.archaeo_chunks
	var failed *C.archaeo_error
	if code := C.go_archaeo_chunk(text, given, &made, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	defer C.archaeo_chunks_free(made)
	return copyChunks(made), nil
}

func copyChunks(made *C.archaeo_chunks) []TextChunk {
	chunks := make([]TextChunk, C.archaeo_chunks_count(made))
	values := make([]C.uint64_t, chunkNumbers*(len(chunks)+1))
	C.archaeo_chunks_copy(made, 0, C.size_t(len(chunks)), &values[0])
	for i := range chunks {
		of := values[chunkNumbers*i:]
		chunks[i] = TextChunk{Begin: int(of[0]), End: int(of[1]), ContextBegin: int(of[2]), ContextEnd: int(of[3]),
			FirstLine: int(of[4]), LastLine: int(of[5]), Tokens: int(of[6])}
		if of[7] != 0 {
			chunks[i].Heading = text(C.archaeo_chunks_heading(made, C.size_t(i)))
		}
	}
	return chunks
}

// Term is a word as search sees it: folded, stemmed, an identifier's parts beside the whole.
type Term struct {
	Text         string
	Begin        int // the bytes it came from
	End          int
	SamePosition bool // stands where the one before it does: a part of an identifier
}

// What archaeo_terms_copy needs room for, a term.
const (
	termNumbers  = 4
	termBytesMax = 64
)

// Analyze gives the words of a text (at most 64 MiB), in order; bytes that are not UTF-8 separate words. Needs no engine, reads and
// writes nothing. Errors: ErrTooLarge.
func Analyze(input string) ([]Term, error) {
	var made *C.archaeo_terms
	var failed *C.archaeo_error
	if code := C.go_archaeo_analyze(input, &made, &failed); code != C.ARCHAEO_OK {
		return nil, failure(code, failed)
	}
	defer C.archaeo_terms_free(made)
	count := int(C.archaeo_terms_count(made))
	terms := make([]Term, count)
	values := make([]C.uint64_t, termNumbers*(count+1))
	texts := make([]byte, termBytesMax*(count+1))
	C.archaeo_terms_copy(made, 0, C.size_t(count), &values[0], (*C.char)(unsafe.Pointer(&texts[0])))
	for i := range terms {
		of := values[termNumbers*i:]
		terms[i] = Term{Text: string(texts[:of[3]]), Begin: int(of[0]), End: int(of[1]), SamePosition: of[2] != 0}
		texts = texts[of[3]:]
	}
	return terms, nil
}
