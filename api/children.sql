-- Instances that one called, by the index of (parent, status, place).

-- name: running
select i.id, i.definition_version_id, i.subject_name, i.matter, i.year, i.status, i.child_index, i.started_at, i.ended_at,
  (select count(*) from work_item w where w.instance_id = i.id) as open
from instance i
where i.parent_id = :instance_id and i.status = 'running' and (i.child_index, i.id) > (:child_index, :id)
order by i.child_index, i.id limit :row_limit;

-- name: over
-- Those that are not running: suspended, or over in one way or another.
select i.id, i.definition_version_id, i.subject_name, i.matter, i.year, i.status, i.child_index, i.started_at, i.ended_at,
  (select count(*) from work_item w where w.instance_id = i.id) as open
from instance i
where i.parent_id = :instance_id and i.status <> 'running'
  and (i.status, i.child_index, i.id) > (:status, :child_index, :id)
order by i.status, i.child_index, i.id limit :row_limit;
