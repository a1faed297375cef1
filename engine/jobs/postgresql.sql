-- name: announce
select procrastinate_defer_jobs_v1(
  array[row(:queue, :task, 0, null, null, '{}'::jsonb, :at)::procrastinate_job_to_defer_v1]
);

-- name: forget_stalled
-- Taken by a worker that has not been heard of for half a minute; procrastinate itself keeps such rows for ever.
delete from procrastinate_jobs j
where j.queue_name = :queue and j.status = 'doing' and not exists (
  select 1 from procrastinate_workers w
  where w.id = j.worker_id and w.last_heartbeat > now() - interval '30 seconds'
);

-- name: heard
select id from procrastinate_workers
where id = :id and last_heartbeat > now() - make_interval(secs => :seconds);
