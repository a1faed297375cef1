-- name: deployments
select id from deployment order by id;

-- name: items
-- What a deployment made or was bound to.
select v.id, d.kind, d.key, v.number, v.file, v.digest, v.content,
  case when v.deployment_id = i.deployment_id then 1 else 0 end as made_here
from deployment_item i
join definition_version v on v.id = i.definition_version_id
join definition d on d.id = v.definition_id
where i.deployment_id = :deployment_id
order by v.id;

-- name: newest_processes
select v.id, d.key, v.file, v.content from definition d
join definition_version v on v.definition_id = d.id
where d.kind = 'process'
  and not exists (select 1 from definition_version n where n.definition_id = d.id and n.number > v.number)
order by d.key;

-- name: starts
select kind, name, process_key, definition_version_id, element_id from start_subscription;
