-- name: listed
-- Instances, newest first, with their process and version, and how many tasks are open in each.
select i.id, i.cycle_id, i.year, i.process_key, v.number as version, i.business_key, i.parent_id, i.subject_name,
  i.matter, i.status, i.started_at, i.ended_at,
  (select count(*) from work_item w where w.instance_id = i.id) as open_items
from instance i join definition_version v on v.id = i.definition_version_id
where (:process_key = '' or i.process_key = :process_key2) and (:status = '' or i.status = :status2)
  and (:cycle_id = '' or i.cycle_id = :cycle_id2) and (:version = 0 or v.number = :version2)
order by i.id desc limit :row_limit;

-- name: one
select i.id, i.cycle_id, i.year, i.process_key, v.number as version, i.business_key, i.parent_id, i.subject_name,
  i.matter, i.status, i.started_at, i.ended_at,
  (select count(*) from work_item w where w.instance_id = i.id) as open_items
from instance i join definition_version v on v.id = i.definition_version_id
where i.id = :id;

-- name: beginning
-- Ids that begin so: people copy the first characters.
select id from instance where id like :pattern order by id limit 2;
