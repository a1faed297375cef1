-- name: lock_instance
-- The instance that a step works on, locked until the transaction ends.
select id, cycle_id, year, definition_version_id, process_key, business_key, assessor_id, root_id, parent_id, fan_out_id,
  child_index, subject_unit_id, subject_name, matter, status, state, visits_json, lock_version, audit_seq, audit_head,
  started_by, started_at,
  exists (select 1 from follow f where f.instance_id = instance.id) as followed
from instance
where id = :id
for update -- only: postgresql
;

-- name: lock_instance_of_item
-- The instance of an open item, locked; nothing when the item is closed.
select id, cycle_id, year, definition_version_id, process_key, business_key, assessor_id, root_id, parent_id,
  fan_out_id, child_index, subject_unit_id, subject_name, matter, status, state, visits_json, lock_version, audit_seq,
  audit_head, started_by, started_at,
  exists (select 1 from follow f where f.instance_id = instance.id) as followed
from instance
where id = (select w.instance_id from work_item w where w.id = :item_id)
for update -- only: postgresql
;

-- name: read_instance
select id, cycle_id, year, definition_version_id, process_key, business_key, assessor_id, root_id, parent_id,
  fan_out_id, child_index, subject_unit_id, subject_name, matter, status, state, visits_json, lock_version, audit_seq,
  audit_head, started_by, started_at,
  exists (select 1 from follow f where f.instance_id = instance.id) as followed
from instance
where id = :id;

-- name: variables_of_item
select scope_id, name, value_text from variable
where instance_id = (select w.instance_id from work_item w where w.id = :item_id);

-- name: variables
select scope_id, name, value_text from variable where instance_id = :instance_id;

-- name: save_instance
update instance set status = :status, state = :state, visits_json = :visits_json, result_json = :result_json,
  audit_seq = :audit_seq, audit_head = :audit_head, ended_at = :ended_at, lock_version = lock_version + 1
where id = :id and lock_version = :lock_version;

-- name: save_expected
-- The same where nobody waits for how many rows it was: it fails when the instance has changed in between.
update instance set status = :status, state = :state, visits_json = :visits_json, result_json = :result_json,
  audit_seq = :audit_seq, audit_head = :audit_head, ended_at = :ended_at, lock_version = lock_version + 1
    + cast(case when lock_version = :lock_version then '0' else 'changed in between' end as integer)
where id = :id;

-- name: forget_variable
delete from variable where instance_id = :instance_id and scope_id = :scope_id and name = :name;

-- name: forget_scope
delete from variable where instance_id = :instance_id and scope_id = :scope_id;

-- name: earlier_opinions
-- What was decided at an element in earlier rounds and has not been superseded yet. Rounds that are settled are not
-- looked at: the thousandth costs what the second did.
select e.id, e.element_id, e.round, e.item_id, e.person_id, e.person_name
from work_event e
where e.instance_id = :instance_id and e.element_id = :element_id
  and e.round >= :from_round and e.round < :before_round
  and e.verb in ('complete', 'register_for', 'answer')
  and not exists (select 1 from work_event s where s.supersedes_id = e.id
    and not exists (select 1 from work_event r where r.supersedes_id = s.id));

-- name: superseding
-- An event by which another no longer counts, unless it is taken back itself.
select e.id, e.element_id, e.round, e.item_id from work_event e
where e.id = :id and not exists (select 1 from work_event r where r.supersedes_id = e.id);

-- name: fan_out_of_wait
select id from fan_out where instance_id = :instance_id and wait_key = :wait_key;

-- name: cancel_fan_out
update fan_out set state = 'cancelled'
where instance_id = :instance_id and wait_key = :wait_key and state in ('open', 'decided')
returning id;

-- name: same_business
select id from instance
where cycle_id = :cycle_id and process_key = :process_key and business_key = :business_key;

-- name: earlier_rounds
-- How far each step had come in instances of the same process about the same unit and matter under the same
-- root. Those of the same call run side by side and are not earlier.
select e.element_id, max(e.round) as round
from instance i join work_event e on e.instance_id = i.id
where i.subject_unit_id = :subject_unit_id and i.cycle_id = :cycle_id and i.process_key = :process_key
  and i.root_id = :root_id and i.matter = :matter and i.id <> :id
  and (i.fan_out_id is null or i.fan_out_id <> :fan_out_id)
group by e.element_id;
