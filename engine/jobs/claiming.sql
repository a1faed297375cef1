-- name: claim
-- The oldest that are due become due again only when the lease is over: till then no other worker sees them. A
-- job that is being run is locked by its own transaction, and skipped here. A claim that a crash of the database
-- forgets leaves a job that is due, so its commit need not wait for the disk.
with due as materialized (
  select id from job
  where state = 'waiting' and run_at <= :now and (select set_config('synchronous_commit', 'off', true)) = 'off'
  order by run_at, id
  limit :row_limit
  for update skip locked
)
update job set run_at = :until from due where job.id = due.id
returning job.id, kind, cycle_id, instance_id, wait_key, payload_text, attempts, max_attempts;

-- name: give_back
update job set run_at = :now where state = 'waiting' and run_at = :until;

-- name: forget_wake_ups
with due as materialized (
  select id from procrastinate_jobs
  where status = 'todo' and queue_name = :queue and scheduled_at <= now()
  for update skip locked
)
delete from procrastinate_jobs using due where procrastinate_jobs.id = due.id;
