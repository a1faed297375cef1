-- name: due
select id, kind, cycle_id, instance_id, wait_key, payload_text, attempts, max_attempts
from job
where state = 'waiting' and run_at <= :now
order by run_at, id
limit :row_limit
for update skip locked -- only: postgresql
;

-- name: read
select id, kind, cycle_id, instance_id, wait_key, payload_text, attempts, max_attempts
from job where id = :id and state = 'waiting';

-- name: take
delete from job where id = :id and state = 'waiting'
returning id, kind, cycle_id, instance_id, wait_key, payload_text, attempts, max_attempts;

-- name: failed
update job set attempts = :attempts, state = :state, run_at = :run_at, last_error = :last_error
where id = :id and state = 'waiting' and attempts = :before;

-- name: cancel
delete from job where instance_id = :instance_id and wait_key = :wait_key
returning id, state;

-- name: retry
update job set state = 'waiting', attempts = 0, run_at = :run_at where id = :id and state = 'stopped';

-- name: postpone
update job set run_at = :run_at where id = :id and state = 'waiting';
