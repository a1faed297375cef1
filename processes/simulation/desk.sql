-- name: open_items
-- Every open item of a cycle with what a list of work shows of it.
select w.id as item_id, w.instance_id, w.process_key, w.element_id, w.subject_unit_id, w.unit_id, w.post_key,
  w.assignee_id, w.claim_first, w.due_on, w.created_at, w.lock_version, w.round, w.returned_from
from work_item w
where w.cycle_id = :cycle_id;

-- name: instances_after
-- What places instances in order: where they hang, and when they began. Ids grow with time.
select i.id, i.parent_id, i.process_key, i.child_index, i.subject_unit_id, i.started_at
from instance i
where i.cycle_id = :cycle_id and i.id > :after_id
order by i.id;

-- name: next_alarm
-- When the engine has something to do by itself.
select min(due_at) as due_at from (
  select min(due_at) as due_at from timer where cycle_id = :cycle_id
  union all
  select min(due_at) as due_at from reminder
) as alarms;

-- name: waiting_jobs
select count(*) as how_many from job where state = 'waiting';
