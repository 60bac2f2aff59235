-- There is no queue elsewhere any more: what it held waits here. The leases it gave end as they would have.
UPDATE jobs SET state = 'queued', queued_at_ms = coalesce(queued_at_ms, created_at_ms) WHERE state = 'pending'
