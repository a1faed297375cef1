-- name: open
select n.id, n.cycle_id, n.instance_id, n.job_id, n.element_id, n.kind, n.message, n.raised_at,
  i.process_key, i.subject_name, i.definition_version_id
from incident n left join instance i on i.id = n.instance_id
where n.resolved_at is null
order by n.id desc limit :row_limit;

-- name: read
select n.id, n.job_id, n.instance_id, n.cycle_id, n.assessor_id, i.subject_unit_id
from incident n left join instance i on i.id = n.instance_id
where n.id = :id and n.resolved_at is null;

-- name: resolve
update incident set resolved_at = :at, resolved_by = :by, resolution = :resolution
where id = :id and resolved_at is null;
