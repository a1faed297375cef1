-- The office's overview: open work of a cycle, one statement a question.

-- name: late_and_open
-- Every open item of a cycle with who has it, the most urgent first.
select w.id as item_id, w.process_key, w.element_id, w.definition_version_id, w.subject_unit_id, w.subject_name,
  w.matter,
  w.unit_id, u.name as unit_name, w.post_key, p.name as post_name, a.name as assignee_name, w.due_on, w.round,
  w.returned_from, w.created_at, w.lock_version,
  (select max(g.urged_on) from urge g where g.item_id = w.id and g.person_id = :urged_by) as urged_on
from work_item w
left join unit u on u.id = w.unit_id
left join post p on p.key = w.post_key
left join user_account a on a.id = w.assignee_id
where w.cycle_id = :cycle_id and {condition}
order by w.due_at, w.id
limit :most;

-- name: per_step
-- How many items are open at each step, and how many of them are late on a day.
select w.process_key, w.element_id, max(w.definition_version_id) as definition_version_id, count(*) as open,
  sum(case when w.due_on < :today then 1 else 0 end) as late
from work_item w
where w.cycle_id = :cycle_id and {condition}
group by w.process_key, w.element_id
order by count(*) desc, w.process_key, w.element_id;

-- name: started
-- Whether a process was started for a cycle.
select count(*) as times from instance n where n.cycle_id = :cycle_id and n.process_key = :process_key;

-- name: running
-- Whether a process of a cycle has not ended yet.
select count(*) as times from instance n
where n.cycle_id = :cycle_id and n.process_key = :process_key and n.status = 'running';

-- name: incidents
select i.id, i.instance_id, i.element_id, i.message, i.raised_at, n.subject_name, n.definition_version_id
from incident i left join instance n on n.id = i.instance_id
where i.cycle_id = :cycle_id and i.resolved_at is null
order by i.id limit 20;
