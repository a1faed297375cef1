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
-- `taken`: another group has claimed the step, or handed it on; nobody of this one is told of it.
select r.id, r.kind, r.post_ref, r.repeat_text, r.item_id, w.cycle_id, w.assessor_id, w.due_at, w.instance_id, w.element_id, w.unit_id, w.post_key,
  w.assignee_id, w.due_on, w.subject_unit_id, w.subject_name, w.matter, w.process_key, w.definition_version_id,
  w.claim_first and w.assignee_id is null and exists (
    select 1 from work_item o where o.instance_id = w.instance_id and o.wait_key = w.wait_key and o.id <> w.id
      and o.assignee_id is not null
      and (o.claim_first or exists (select 1 from work_event c where c.item_id = o.id and c.verb = 'claim'))
      and not exists (select 1 from signer s where s.item_id = w.id)) as taken
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
