-- name: call
-- Which call activity of which instance has started the instances of a fan-out, and what called that in turn.
select f.instance_id, f.wait_key, f.element_id, i.definition_version_id, i.fan_out_id
from fan_out f join instance i on i.id = f.instance_id
where f.id = :id;

-- name: said
select id from job
where instance_id = :instance_id and wait_key = :wait_key and kind = 'told' and state = 'waiting'
order by id;
