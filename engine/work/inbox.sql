-- name: open_items
-- One page of a person's open items: the soonest deadline first, those without one last.
select w.id as item_id, w.cycle_id, w.year, w.instance_id, w.process_key, w.element_id, w.definition_version_id,
  w.subject_name, w.matter, w.round, w.from_name, w.returned_from, w.due_at, w.due_on, w.order_at, w.priority, w.opened_at,
  w.claim_first, w.assignee_id, w.created_at, w.lock_version, w.unit_id, w.post_key
from work_item w
where {condition}
  and (:pattern = '%%' or w.search_text like :pattern2 escape '\')
  and (w.order_at > :after_at or (w.order_at = :after_at2 and w.id > :after_id))
order by w.order_at, w.id
limit :row_limit;

-- name: how_many
select count(*) as how_many from work_item w where {condition};

-- name: done
-- One page of what a person did, newest first; each item once, by its last act.
select e.id as event_id, e.item_id, e.cycle_id, e.year, e.instance_id, e.process_key, e.element_id,
  e.definition_version_id, e.subject_name, e.matter, e.round, e.verb, e.outcome, e.on_behalf_of, e.happened_at,
  i.status
from work_event e join instance i on i.id = e.instance_id
where e.person_id = :me and e.verb in ('complete', 'register_for', 'return_to')
  and (:before_id = '' or e.id < :before_id2)
  and (:pattern = '%%' or e.subject_name like :pattern2 escape '\'
    or e.matter like :pattern3 escape '\')
order by e.id desc
limit :row_limit;

-- name: started
select i.id as instance_id, i.cycle_id, i.year, i.process_key, i.definition_version_id, i.subject_name, i.matter, i.status,
  i.started_at, i.ended_at
from instance i
where i.started_by = :me and (:before_id = '' or i.id < :before_id2)
order by i.started_at desc, i.id desc
limit :row_limit;

-- name: started_count
select count(*) as how_many from instance i where i.started_by = :me and i.status = 'running';
