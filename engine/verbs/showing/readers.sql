-- name: steps
-- The steps of an instance at which somebody stands: they have its work, did it, or it lies at their desk. What
-- was only said about a task (催办, 抄送) is no standing.
select distinct s.element_id
from (
  select w.element_id, w.assignee_id as holder_id, null as for_id, w.unit_id, w.post_key, w.cycle_id, w.process_key
  from work_item w where w.instance_id = :instance_id
  union all
  select e.element_id, case when e.verb in ('urge', 'urge_leader', 'copy_to') then null else e.person_id end,
    e.stood_in_for_id, e.unit_id, e.post_key, e.cycle_id, e.process_key
  from work_event e where e.instance_id = :acted_in
) s
where s.element_id <> '' and {condition};

-- name: sent_by
-- Who sent somebody a copy of an instance that they see by nothing else.
select c.from_id from copy c join instance i on i.id = c.instance_id
where c.instance_id = :instance_id and c.person_id = :me and c.from_id is not null and not ({condition});
