package archaeologist

// #include "shim.h"
import "C"

import (
	"runtime/cgo"
	"time"
)

// Options say how an engine works. Zero values mean the defaults.
type Options struct {
	Queue          QueuePlace    // where jobs wait; QueueKept: where they did the last time
	RedisURL       string        // redis://[user:password@]host[:port][/db], unix:/path, redis+sentinel://..., redis+cluster://...
	RedisName      string        // of the queue in Redis; "" = "archaeologist_jobs"
	RedisShards    int           // 1 to 64; 0 = 1
	RedisResultTTL time.Duration // how long Redis keeps what the catalog has; whole seconds; 0 = a day

	WorkerID  string        // of the built-in worker, of no other live one; "" = host-pid-random
	Workers   int           // jobs at once of the built-in worker, to 1,024; 0 = chosen from the core count
	Heartbeat time.Duration // of the built-in worker; 0 = 3 s
	Grace     time.Duration // for running jobs when the built-in worker stops; 0 = 10 s, None = none

	Lease         time.Duration // how long a claim holds without being extended; 0 = 10 s
	BackoffBase   time.Duration // before the first retry, then doubled; 0 = 1 s
	BackoffCap    time.Duration // the longest of these waits; 0 = 10 min
	KeepCompleted time.Duration // how long finished jobs are kept; whole hours; 0 = 30 days, None = for ever
	KeepCancelled time.Duration // the same
	KeepFailed    time.Duration // the same; 0 = 90 days

	FileBytesMax      int64   // a larger file is refused at the door; 0 = 4 GiB
	TextBytesMax      int64   // a longer text fails its job; 0 = 2 GiB
	ChunkTargetTokens int     // 16 to 8,192; 0 = 300
	ChunkMaxTokens    int     // target to 16,384; 0 = 400 or a third above the target
	ChunkOverlap      float64 // of the target, above 0 to 0.5; 0 = 0.15, None = none

	// What stands elsewhere; "" = in the data folder, built in, none. Keys are never in messages or logs.
	Lake           string // s3://bucket[/prefix][?endpoint=URL][&region=NAME][&style=path|host]
	S3AccessKey    string
	S3SecretKey    string
	S3SessionToken string // of temporary keys
	LakeCAFile     string // PEM, instead of the system's authorities
	LakeProxy      string // http://host:port
	Vectors        string // qdrant+http://host[:port][,host...]/prefix[?shards=N][&replicas=N]...
	QdrantAPIKey   string
	VectorsCAFile  string
	VectorsProxy   string
	EmbedderURL    string // "builtin", or http://host/path?model=NAME...; "" = as the data folder had it last
	EmbedderKey    string
	EmbedderCAFile string
	EmbedderProxy  string
	EmbedderCache  int64 // bytes of vectors kept on disk; 0 = 1 GiB, None = none

	Languages string // that prose is looked at in: codes of ISO 639-1 with commas between; "" = "auto": all

	Embedder *Embedder // nil = built-in: word forms, no server, no download

	LogLevel LogLevel // the least that is told; 0 = LogInfo
	// Log takes one message; nil = silent. jobID is empty when it is about no job. Called on any thread, also on several at
	// once; must not use the engine. When it panics the program ends.
	Log func(level LogLevel, message, jobID string)
}

// Embedder is a model of the program's own that turns texts into vectors.
type Embedder struct {
	Dimension      int     // 1 to 65,536
	MaxTokens      int     // the longest text it takes whole; 0 = 8,192
	ModelID        string  // names model, dimension and prefixes: vectors of different ids are never compared
	MatchesMeaning bool    // nearness means meaning (a trained model), not only shared word forms
	HybridWeight   float64 // how much it counts in a hybrid search, above 0 to 1; 0 = 0.5, None = not at all
	// Embed gives one vector of Dimension floats for each text, in order. They need not be normalised; zeros stand for a text
	// without any word. Called on threads of the library, also on several at once; must not close the engine or wait for its
	// jobs. The code of an error it returns (a Code, an *Error) decides whether jobs try again; an error without one is
	// ErrUnavailable, which they do. A panic is ErrInternal.
	Embed func(texts []string, role Role) ([][]float32, error)
}

// An Options as C takes it, and the Go values it refers to.
type setup struct {
	options  C.archaeo_options
	log      cgo.Handle // 0 = none
	embedder cgo.Handle // freed by the library once it has the engine
}

func (s *setup) forgetLog() {
	if s.log != 0 {
		s.log.Delete()
		s.log = 0
	}
}

// After a failure to open.
func (s *setup) forget() {
	s.forgetLog()
	if s.embedder != 0 {
		s.embedder.Delete()
	}
}

func (o *Options) setup(a *arguments) *setup {
	made := &setup{}
	to := &made.options
	to.struct_size = C.sizeof_archaeo_options
	if o == nil {
		return made
	}
	to.queue_place = C.int32_t(o.Queue)
	to.redis_url = a.optional("RedisURL", o.RedisURL)
	to.redis_name = a.optional("RedisName", o.RedisName)
	to.redis_shards = a.int32("RedisShards", o.RedisShards)
	to.redis_result_ttl_ms = milliseconds(o.RedisResultTTL)
	to.worker_id = a.optional("WorkerID", o.WorkerID)
	to.workers = a.int32("Workers", o.Workers)
	to.heartbeat_ms = milliseconds(o.Heartbeat)
	to.grace_ms = milliseconds(o.Grace)
	to.lease_ms = milliseconds(o.Lease)
	to.backoff_base_ms = milliseconds(o.BackoffBase)
	to.backoff_cap_ms = milliseconds(o.BackoffCap)
	to.keep_completed_ms = milliseconds(o.KeepCompleted)
	to.keep_cancelled_ms = milliseconds(o.KeepCancelled)
	to.keep_failed_ms = milliseconds(o.KeepFailed)
	to.file_bytes_max = a.uint64("FileBytesMax", o.FileBytesMax)
	to.text_bytes_max = a.uint64("TextBytesMax", o.TextBytesMax)
	to.chunk_target_tokens = a.uint32("ChunkTargetTokens", o.ChunkTargetTokens)
	to.chunk_max_tokens = a.uint32("ChunkMaxTokens", o.ChunkMaxTokens)
	to.chunk_overlap = C.double(o.ChunkOverlap)
	to.log_level = C.int32_t(o.LogLevel)
	o.addTexts(a, to)
	if o.Embedder != nil {
		made.addEmbedder(a, *o.Embedder)
	}
	if o.Log != nil {
		made.log = cgo.NewHandle(o.Log)
		C.go_archaeo_set_log(to, C.uintptr_t(made.log))
	}
	return made
}

func (o *Options) addTexts(a *arguments, to *C.archaeo_options) {
	to.lake = a.optional("Lake", o.Lake)
	to.s3_access_key = a.optional("S3AccessKey", o.S3AccessKey)
	to.s3_secret_key = a.optional("S3SecretKey", o.S3SecretKey)
	to.s3_session_token = a.optional("S3SessionToken", o.S3SessionToken)
	to.lake_ca_file = a.optional("LakeCAFile", o.LakeCAFile)
	to.lake_proxy = a.optional("LakeProxy", o.LakeProxy)
	to.vectors = a.optional("Vectors", o.Vectors)
	to.qdrant_api_key = a.optional("QdrantAPIKey", o.QdrantAPIKey)
	to.vectors_ca_file = a.optional("VectorsCAFile", o.VectorsCAFile)
	to.vectors_proxy = a.optional("VectorsProxy", o.VectorsProxy)
	to.embedder_url = a.optional("EmbedderURL", o.EmbedderURL)
	to.embedder_key = a.optional("EmbedderKey", o.EmbedderKey)
	to.embedder_ca_file = a.optional("EmbedderCAFile", o.EmbedderCAFile)
	to.embedder_proxy = a.optional("EmbedderProxy", o.EmbedderProxy)
	to.embedder_cache_bytes = C.int64_t(o.EmbedderCache)
	to.languages = a.optional("Languages", o.Languages)
}

func (s *setup) addEmbedder(a *arguments, embedder Embedder) {
	if embedder.Embed == nil {
		a.refuse("Embedder.Embed is nil, must be a function")
		return
	}
	to := (*C.archaeo_embedder)(a.room(1, C.sizeof_archaeo_embedder))
	to.struct_size = C.sizeof_archaeo_embedder
	to.dimension = a.int32("Embedder.Dimension", embedder.Dimension)
	to.max_tokens = a.int32("Embedder.MaxTokens", embedder.MaxTokens)
	to.model_id = a.text("Embedder.ModelID", embedder.ModelID)
	to.matches_meaning = truth(embedder.MatchesMeaning)
	to.hybrid_weight = C.double(embedder.HybridWeight)
	s.embedder = cgo.NewHandle(&embedder)
	C.go_archaeo_set_embedder(to, C.uintptr_t(s.embedder))
	s.options.embedder = to
}
