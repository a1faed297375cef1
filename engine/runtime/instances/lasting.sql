-- name: acted
-- Somebody else has claimed, drafted or done something with an open item of these waits; to have read it is nothing.
select 'claim' as what, a.name as person_name from work_item w join user_account a on a.id = w.assignee_id
where w.instance_id = :instance_id and w.claim_first and w.assignee_id <> :me
  and w.wait_key in (select value from json_each(:keys)) -- only: sqlite
  and w.wait_key in (select jsonb_array_elements_text(cast(:keys as jsonb))) -- only: postgresql
union all
select 'draft', a.name from work_item w join draft d on d.item_id = w.id join user_account a on a.id = d.person_id
where w.instance_id = :instance_id and d.person_id <> :me and d.saved_at >= w.created_at
  and w.wait_key in (select value from json_each(:keys)) -- only: sqlite
  and w.wait_key in (select jsonb_array_elements_text(cast(:keys as jsonb))) -- only: postgresql
union all
select e.verb, e.person_name from work_item w join work_event e on e.item_id = w.id
where w.instance_id = :instance_id and e.person_id is not null and e.person_id <> :me
  and e.verb not in ('claim', 'unclaim', 'urge', 'urge_leader', 'copy_to')
  and w.wait_key in (select value from json_each(:keys)) -- only: sqlite
  and w.wait_key in (select jsonb_array_elements_text(cast(:keys as jsonb))) -- only: postgresql
union all
select 'complete', s.person_name from signer s
where s.instance_id = :instance_id and s.event_id is not null
  and s.wait_key in (select value from json_each(:keys)) -- only: sqlite
  and s.wait_key in (select jsonb_array_elements_text(cast(:keys as jsonb))) -- only: postgresql
limit 1;

-- name: acted_below
-- The same in the instances that were called from these waits, and in what those have called.
with recursive below (id) as (
  select i.id from fan_out f join instance i on i.fan_out_id = f.id
  where f.instance_id = :instance_id
    and f.wait_key in (select value from json_each(:keys)) -- only: sqlite
    and f.wait_key in (select jsonb_array_elements_text(cast(:keys as jsonb))) -- only: postgresql
  union all
  select i.id from below b join instance i on i.parent_id = b.id
)
select 'claim' as what, a.name as person_name
from below b join work_item w on w.instance_id = b.id join user_account a on a.id = w.assignee_id
where w.claim_first and w.assignee_id <> :me
union all
select 'draft', a.name
from below b join work_item w on w.instance_id = b.id join draft d on d.item_id = w.id
  join user_account a on a.id = d.person_id
where d.person_id <> :me and d.saved_at >= w.created_at
union all
select e.verb, e.person_name from below b join work_event e on e.instance_id = b.id
where e.person_id is not null and e.verb not in ('claim', 'unclaim', 'urge', 'urge_leader', 'copy_to')
limit 1;

-- name: served_below
-- What services have done in these instances, as each was told.
with recursive below (id, version_id) as (
  select i.id, i.definition_version_id from fan_out f join instance i on i.fan_out_id = f.id
  where f.instance_id = :instance_id
    and f.wait_key in (select value from json_each(:keys)) -- only: sqlite
    and f.wait_key in (select jsonb_array_elements_text(cast(:keys as jsonb))) -- only: postgresql
  union all
  select i.id, i.definition_version_id from below b join instance i on i.parent_id = b.id
)
select b.version_id, a.told_text from below b join audit_entry a on a.chain_id = b.id
where a.act like 'service:%' and a.told_text is not null;
