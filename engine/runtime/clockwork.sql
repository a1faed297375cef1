-- name: due_timers
select id, cycle_id, instance_id, wait_key, element_id from timer
where due_at <= :now
order by due_at, id
limit :row_limit
for update skip locked -- only: postgresql
;

-- name: forget_timer
delete from timer where id = :id;

-- name: due_reminders
select r.id, r.kind, r.post_ref, r.item_id, w.cycle_id, w.instance_id, w.element_id, w.unit_id, w.post_key,
  w.assignee_id, w.due_on, w.subject_name, w.matter, w.process_key, w.definition_version_id
from reminder r join work_item w on w.id = r.item_id
where r.due_at <= :now
order by r.due_at, r.id
limit :row_limit
for update of r skip locked -- only: postgresql
;

-- name: forget_reminder
delete from reminder where id = :id;
