-- name: next_timers
-- The first timers that are due; none at all while the queue is long.
select id from timer where due_at <= :now order by due_at, id limit :row_limit;

-- name: take_timers
-- Those that are due are taken away, the earliest first: who takes a timer away fires it. Others that look at the
-- same time take the ones after them.
delete from timer
where id in (select id from timer where due_at <= :now order by due_at, id limit :row_limit) -- only: sqlite
where id = any(array(select id from timer where due_at <= :now order by due_at, id limit :row_limit for update skip locked)) -- only: postgresql
returning id, cycle_id, instance_id, wait_key, due_at;

-- name: next_reminders
select r.id from reminder r join work_item w on w.id = r.item_id where r.due_at <= :now limit 1;

-- name: due_reminders
select r.id, r.kind, r.post_ref, r.repeat_text, r.item_id, w.cycle_id, w.assessor_id, w.due_at, w.instance_id, w.element_id, w.unit_id, w.post_key,
  w.assignee_id, w.due_on, w.subject_unit_id, w.subject_name, w.matter, w.process_key, w.definition_version_id
from reminder r join work_item w on w.id = r.item_id
where r.due_at <= :now
order by r.due_at, r.id
limit :row_limit
for update of r skip locked -- only: postgresql
;

-- name: forget_reminders
delete from reminder
where id in (select value from json_each(:ids)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: again
update reminder set due_at = :due_at where id = :id;

-- name: waiting_jobs
-- How many jobs are due and not taken, counted up to a limit.
select count(*) as found from (select 1 from job where state = 'waiting' and run_at <= :now limit :row_limit) as due;
