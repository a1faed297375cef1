-- name: caller
-- The call activity that waits for an instance, and how many that it has called have not ended.
select f.element_id, f.remaining, i.definition_version_id
from fan_out f join instance i on i.id = f.instance_id
where f.id = :fan_out_id and f.state = 'open';
