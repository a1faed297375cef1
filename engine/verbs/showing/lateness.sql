-- name: closed_by
-- What a person did in the very step that closed an item: the system closes only what somebody's act has moved.
select e.verb, e.person_name, t.content_text as reason
from work_event c
join work_event e on e.instance_id = c.instance_id and e.happened_at = c.happened_at and e.id < c.id
left join work_text t on t.id = e.text_id and t.kind = 'reason'
where c.id = :id and c.target_element_id is null and e.person_id is not null
  and e.verb not in ('supersede', 'reinstate', 'close')
order by e.id desc
limit 1;

-- name: last_upon
-- The last act of one of these kinds upon an instance, with its reason.
select e.verb, e.person_name, e.happened_at, t.content_text as reason
from work_event e left join work_text t on t.id = e.text_id
where e.instance_id = :instance_id and e.element_id = :element_id and e.verb in (:a, :b, :c)
order by e.id desc
limit 1;

-- name: reopened_by
select e.person_name from work_event e where e.instance_id = :instance_id and e.verb = 'reopen'
order by e.id desc
limit 1;

-- name: changed_by
-- The last thing that a person did at a step: with the item itself, or with the task of another of its signers.
select e.verb, e.person_name from work_event e
where e.instance_id = :instance_id and e.element_id = :element_id and e.person_id is not null
order by e.id desc
limit 1;

-- name: moved_by
-- The last time that a token was moved by hand.
select e.person_name from work_event e
where e.instance_id = :instance_id and e.verb in ('jump', 'return_to', 'take_back') and e.person_id is not null
order by e.id desc
limit 1;

-- name: last_act
-- The last thing that anybody, or the engine, did in an instance.
select e.verb, e.person_name from work_event e
where e.instance_id = :instance_id and e.verb not in ('supersede', 'reinstate', 'close')
order by e.id desc
limit 1;
