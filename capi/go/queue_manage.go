package archaeologist

// #include "shim.h"
import "C"

import (
	"encoding/json"
	"time"
)

// Join shows a claiming process to the others, so that its leases end at once when it dies, and so that other processes' jobs wake
// it at once. Nobody has to. Errors: ErrConflict (a live worker has the id).
func (e *Engine) Join(workerID string) error {
	return e.named("worker id", workerID, func(c *call, id *C.char) C.int32_t {
		return C.archaeo_queue_join(c.engine, id, &c.failed)
	})
}

// Leave ends Join. Idempotent.
func (e *Engine) Leave(workerID string) error {
	return e.named("worker id", workerID, func(c *call, id *C.char) C.int32_t {
		return C.archaeo_queue_leave(c.engine, id, &c.failed)
	})
}

// A call about something by its name.
func (e *Engine) named(what, name string, make func(c *call, name *C.char) C.int32_t) error {
	var a arguments
	defer a.free()
	cName := a.text(what, name)
	if a.err != nil {
		return a.err
	}
	return e.do(func(c *call) C.int32_t { return make(c, cName) })
}

// PauseQueue stops all claims, of all processes, until ResumeQueue; what runs goes on. Idempotent, durable.
func (e *Engine) PauseQueue() error {
	return e.do(func(c *call) C.int32_t { return C.archaeo_queue_pause(c.engine, &c.failed) })
}

// ResumeQueue ends PauseQueue. Idempotent.
func (e *Engine) ResumeQueue() error {
	return e.do(func(c *call) C.int32_t { return C.archaeo_queue_resume(c.engine, &c.failed) })
}

// QueueStats gives counts by status and priority, the oldest waiting, workers, paused, degraded as a JSON object.
func (e *Engine) QueueStats() (json.RawMessage, error) {
	return e.json(func(c *call, out **C.archaeo_buffer) C.int32_t {
		return C.archaeo_queue_stats(c.engine, out, &c.failed)
	})
}

// QueueHistory gives what the queue did in each minute of the last window (whole minutes, to 7 days) in which something happened, as
// a JSON array.
func (e *Engine) QueueHistory(window time.Duration) (json.RawMessage, error) {
	return e.json(func(c *call, out **C.archaeo_buffer) C.int32_t {
		return C.archaeo_queue_history(c.engine, milliseconds(window), out, &c.failed)
	})
}

// QueueWorkers gives those that joined and live, in whatever process, as a JSON array.
func (e *Engine) QueueWorkers() (json.RawMessage, error) {
	return e.json(func(c *call, out **C.archaeo_buffer) C.int32_t {
		return C.archaeo_queue_workers(c.engine, out, &c.failed)
	})
}

// QueueSettings gives paused, order and limits as a JSON object.
func (e *Engine) QueueSettings() (json.RawMessage, error) {
	return e.json(func(c *call, out **C.archaeo_buffer) C.int32_t {
		return C.archaeo_queue_settings(c.engine, out, &c.failed)
	})
}

// QueueOrder says how jobs are ordered.
type QueueOrder struct {
	Strict bool          // a higher priority always comes first; otherwise it is a head start in time, and nothing starves
	Share  time.Duration // by how much a job puts off its project's next, to a minute; 0 = 20 ms, None = not at all
}

// SetQueueOrder holds for all processes. Errors: ErrConflict (the queue has unfinished jobs).
func (e *Engine) SetQueueOrder(order QueueOrder) error {
	to := C.archaeo_queue_order{struct_size: C.sizeof_archaeo_queue_order, strict: truth(order.Strict),
		share_ms: milliseconds(order.Share)}
	return e.do(func(c *call) C.int32_t { return C.archaeo_queue_set_order(c.engine, &to, &c.failed) })
}

// LimitProject has at most runningMax jobs (0 = none is started, to 1,000,000) of a project run at once, for all processes.
func (e *Engine) LimitProject(projectID, runningMax int64) error {
	return e.do(func(c *call) C.int32_t {
		return C.archaeo_queue_set_limit(c.engine, C.int64_t(projectID), nil, C.int64_t(runningMax), &c.failed)
	})
}

// UnlimitProject ends LimitProject. Errors: ErrNotFound.
func (e *Engine) UnlimitProject(projectID int64) error {
	return e.do(func(c *call) C.int32_t {
		return C.archaeo_queue_remove_limit(c.engine, C.int64_t(projectID), nil, &c.failed)
	})
}

// LimitJobType does the same with the jobs of a type.
func (e *Engine) LimitJobType(jobType string, runningMax int64) error {
	return e.named("job type", jobType, func(c *call, name *C.char) C.int32_t {
		return C.archaeo_queue_set_limit(c.engine, 0, name, C.int64_t(runningMax), &c.failed)
	})
}

// UnlimitJobType ends LimitJobType. Errors: ErrNotFound.
func (e *Engine) UnlimitJobType(jobType string) error {
	return e.named("job type", jobType, func(c *call, name *C.char) C.int32_t {
		return C.archaeo_queue_remove_limit(c.engine, 0, name, &c.failed)
	})
}

// SetPeriodic has a job made again and again, by whatever process claims; it adds the one of this name (1 to 200 bytes) or replaces
// it. cron: "minute hour day month weekday" in UTC, or @hourly, @daily, @weekly, @monthly, @yearly. A moment that passed while
// nothing claimed makes one job. The job is without ID and ScheduledAt.
func (e *Engine) SetPeriodic(name, cron string, job NewJob) error {
	var a arguments
	defer a.free()
	cName, cCron := a.text("name", name), a.text("cron", cron)
	to := (*C.archaeo_new_job)(a.room(1, C.sizeof_archaeo_new_job))
	job.arguments(&a, to)
	if a.err != nil {
		return a.err
	}
	return e.do(func(c *call) C.int32_t { return C.archaeo_periodic_set(c.engine, cName, cCron, to, &c.failed) })
}

// RemovePeriodic ends SetPeriodic. Errors: ErrNotFound.
func (e *Engine) RemovePeriodic(name string) error {
	return e.named("name", name, func(c *call, name *C.char) C.int32_t {
		return C.archaeo_periodic_remove(c.engine, name, &c.failed)
	})
}

// PeriodicJobs gives them all as a JSON array.
func (e *Engine) PeriodicJobs() (json.RawMessage, error) {
	return e.json(func(c *call, out **C.archaeo_buffer) C.int32_t {
		return C.archaeo_periodic_list(c.engine, out, &c.failed)
	})
}
