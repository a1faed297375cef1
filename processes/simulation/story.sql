-- name: lights
-- The newest light of each figure and month, counted by unit, month and colour.
select l.unit_id, l.period, l.light, count(*) as how_many from progress_light l
where l.cycle_id = :cycle_id
  and not exists (select 1 from progress_light n where n.replaces_id = l.id)
group by l.unit_id, l.period, l.light;

-- name: stages
-- When each process first began and last ended.
select i.process_key, d.name, min(i.started_at) as begun_at, max(i.ended_at) as over_at, count(*) as how_many
from instance i
join definition_version v on v.id = i.definition_version_id
join definition d on d.id = v.definition_id
where i.cycle_id = :cycle_id
group by i.process_key, d.name
order by begun_at, i.process_key;

-- name: late_acts
-- How many tasks each unit finished, and how many of them after their date.
select e.unit_id, count(*) as how_many,
  sum(case when e.due_at is not null and e.happened_at > e.due_at then 1 else 0 end) as late
from work_event e
where e.cycle_id = :cycle_id and e.verb in ('complete', 'register_for') and e.unit_id is not null
group by e.unit_id;

-- name: returns
-- How often work about a unit was sent back.
select e.subject_unit_id as unit_id, count(*) as how_many from work_event e
where e.cycle_id = :cycle_id and e.subject_unit_id is not null
  and (e.verb = 'return_to' or (e.verb = 'complete' and e.outcome = 'return'))
group by e.subject_unit_id;

-- name: notices
select unit_id, count(*) as how_many from improvement_notice where cycle_id = :cycle_id group by unit_id;

-- name: frauds
select o.unit_id, count(*) as how_many from verification v join data_order o on o.id = v.order_id
where o.cycle_id = :cycle_id and v.result = 'fraud' group by o.unit_id;

-- name: appeals
-- The decided appeals: what was claimed and how it ended.
select a.unit_id, a.component, a.claimed, c.outcome, c.value from appeal a
join appeal_act c on c.appeal_id = a.id and c.kind = 'ruled'
where a.cycle_id = :cycle_id
order by a.filed_at, a.id;

-- name: grades
-- Every grade that a unit had in the year, oldest first.
select unit_id, total, rank, grade from grade where cycle_id = :cycle_id order by graded_at, id;

-- name: issues
-- Matters that people raised: how they were handled and whether they are closed.
select route, state, result, count(*) as how_many, max(round) as rounds from rectification_issue
where cycle_id = :cycle_id group by route, state, result order by route, state, result;

-- name: verbs
select verb, count(*) as how_many from work_event where cycle_id = :cycle_id group by verb order by how_many desc;
