-- name: lock
select id, cycle_id, instance_id, wait_key, element_id, process_key, items_text, total, made, remaining,
  sequential, state
from fan_out where id = :id
for update -- only: postgresql
;

-- name: parent
select i.root_id, i.year, i.definition_version_id from instance i where i.id = :id;

-- name: surroundings
-- What every instance of a cycle starts with, from its parent.
select name, value_text from variable
where instance_id = :instance_id and scope_id = '' and name in ('cycle', 'assessor');

-- name: progress
update fan_out set made = :made where id = :id;

-- name: results
select child_index, result_json as result_text from instance
where fan_out_id = :fan_out_id
order by child_index;

-- name: close
update fan_out set state = 'joined' where id = :id and state = 'open';

-- name: running_children
select id from instance where fan_out_id = :fan_out_id and status = 'running' order by child_index limit :row_limit;
