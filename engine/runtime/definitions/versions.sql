-- name: latest
-- The newest version of one key; its content is kept by its id.
select v.id
from definition d join definition_version v on v.definition_id = d.id
where d.kind = :kind and d.key = :key
order by v.number desc limit 1;

-- name: version
select v.id, v.number, v.digest, v.deployment_id, v.file, v.content, d.id as definition_id, d.key, d.kind, d.name
from definition_version v join definition d on d.id = v.definition_id
where v.id = :id;

-- name: bound
-- The version of a form or decision that a process version was deployed with.
select v.id, v.number, v.digest, v.deployment_id, v.file, v.content, d.id as definition_id, d.key, d.kind, d.name
from definition_version p
join deployment_item i on i.deployment_id = p.deployment_id
join definition_version v on v.id = i.definition_version_id
join definition d on d.id = v.definition_id
where p.id = :process_version_id and d.kind = :kind and d.key = :key;

-- name: models
-- The newest version of each decision, and of each model that others import, newest first.
select v.id, v.number, v.digest, v.deployment_id, v.file, v.content, d.id as definition_id, d.key, d.kind, d.name
from definition d join definition_version v on v.definition_id = d.id
where d.kind in ('decision', 'model')
  and v.number = (select max(w.number) from definition_version w where w.definition_id = d.id)
order by v.created_at desc, d.key;

-- name: beside
-- The decision models of one deployment, newest first.
select v.id, v.number, v.digest, v.deployment_id, v.file, v.content, d.id as definition_id, d.key, d.kind, d.name
from deployment_item i
join definition_version v on v.id = i.definition_version_id
join definition d on d.id = v.definition_id
where i.deployment_id = :deployment_id and d.kind in ('decision', 'model')
order by v.created_at desc, d.key;

-- name: keys
select kind, key from definition;

-- name: state
-- Changes with every new version.
select count(*) as versions, max(id) as newest from definition_version;

-- name: sources
-- Every key with where its newest version came from.
select d.kind, d.key, p.source
from definition d
join definition_version v on v.definition_id = d.id
join deployment p on p.id = v.deployment_id
where v.number = (select max(w.number) from definition_version w where w.definition_id = d.id);

-- name: listed
-- Every key of a kind with its newest version.
select d.key, d.name, d.kind, v.id, v.number, v.file, v.created_at, p.deployed_by, p.note
from definition d
join definition_version v on v.definition_id = d.id
join deployment p on p.id = v.deployment_id
where d.kind = :kind
  and v.number = (select max(w.number) from definition_version w where w.definition_id = d.id)
order by d.key;

-- name: versions
select v.id, v.number, v.file, v.digest, v.created_at, p.deployed_by, p.note,
  (select count(*) from instance i where i.definition_version_id = v.id and i.status = 'running') as running
from definition d
join definition_version v on v.definition_id = d.id
join deployment p on p.id = v.deployment_id
where d.kind = :kind and d.key = :key
order by v.number desc;

-- name: rename
update definition set name = :name where id = :id;

-- name: forget_starts
delete from start_subscription where process_key = :process_key;
