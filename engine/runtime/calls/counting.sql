-- name: child_ended
update fan_out set remaining = remaining - 1, terminated = terminated + :terminated
where id = :id
returning id, cycle_id, instance_id, element_id, remaining, terminated, made, total, state, sequential, scopes_json, reads_text;

-- name: counted
select id, cycle_id, instance_id, element_id, remaining, terminated, made, total, state, sequential, scopes_json, reads_text
from fan_out where id = :id
for update -- only: postgresql
;

-- name: decide
-- Enough have come: those that still run are no longer waited for.
update fan_out set state = 'decided' where id = :id and state = 'open';

-- name: parent
select definition_version_id, assessor_id from instance where id = :id;

-- name: read_by
-- The variables whose names occur in a text of expressions: all that it needs, and little else.
select scope_id, name, value_text from variable
where instance_id = :instance_id
  and instr(:text, name) > 0 -- only: sqlite
  and strpos(:text, name) > 0 -- only: postgresql
;
