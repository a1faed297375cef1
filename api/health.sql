-- name: workers
select count(*) as alive from procrastinate_workers where last_heartbeat > now() - interval '30 seconds';

-- name: oldest_due
select min(run_at) as run_at from job where state = 'waiting';

-- name: stands_by
select pg_is_in_recovery() as stands_by;
