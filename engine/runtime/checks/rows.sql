-- name: jobs_of_nobody
select j.id, j.kind from job j
where j.instance_id is not null and not exists (select 1 from instance i where i.id = j.instance_id)
order by j.id;

-- name: chains_of_nobody
select distinct e.chain_id as id from audit_entry e
where e.chain_id <> :administration and not exists (select 1 from instance i where i.id = e.chain_id)
order by e.chain_id;

-- name: signers_of_nobody
select s.id from signer s
where not exists (select 1 from instance i where i.id = s.instance_id)
order by s.id;

-- name: copies_unsaid
-- Whoever reads an instance because it was copied to them was sent it by somebody, on record.
select c.instance_id as id, c.instance_id from copy c
where not exists (
  select 1 from work_event e where e.id = c.event_id and e.instance_id = c.instance_id and e.verb = 'copy_to'
)
order by c.instance_id;

-- name: texts_of_nobody
select t.id from work_text t
where not exists (select 1 from instance i where i.id = t.instance_id)
order by t.id;

-- name: comments_without_words
-- A comment that was not erased has words in every wording.
select c.id, c.instance_id, c.person_name from comment c
where not exists (select 1 from comment_version v where v.comment_id = c.id and v.number = 1)
  or (c.erased_at is null and exists (
    select 1 from comment_version v left join work_text t on t.id = v.text_id
    where v.comment_id = c.id and t.content_text is null))
order by c.id;

-- name: children_of_nobody
select c.id, c.fan_out_id from instance c
where c.fan_out_id is not null
  and not exists (select 1 from fan_out f where f.id = c.fan_out_id and f.instance_id = c.parent_id)
order by c.id;

-- name: incidents_without_job
select n.id, n.instance_id from incident n
where n.resolved_at is null and n.job_id is not null
  and not exists (select 1 from job j where j.id = n.job_id and j.state = 'stopped')
order by n.id;

-- name: stopped_without_incident
select j.id, j.kind, j.instance_id from job j
where j.state = 'stopped'
  and not exists (select 1 from incident n where n.job_id = j.id and n.resolved_at is null)
order by j.id;

-- name: undelivered
-- A message and its receiver both wait, and nothing will bring them together.
select m.id, m.name, m.correlation_key, s.instance_id
from message m
join subscription s on s.cycle_id = m.cycle_id and s.name = m.name and s.correlation_key = m.correlation_key
where m.received_at is null and m.expires_at >= :now
  and not exists (
    select 1 from job j where j.kind = 'deliver' and j.instance_id = s.instance_id and j.wait_key = s.wait_key
  )
order by m.id;

-- name: old_starts
-- Message and signal starts belong to the newest version of their process.
select s.name as id, s.process_key from start_subscription s
join definition_version v on v.id = s.definition_version_id
where exists (
  select 1 from definition_version n where n.definition_id = v.definition_id and n.number > v.number
)
order by s.process_key, s.name;

-- name: shared_values
select digest, cycle_id, value_text from shared_value where digest > :after order by digest limit :row_limit;

-- name: unshared
-- Variables whose text only names a value that several share.
select v.instance_id as id, v.instance_id, v.name from variable v
where v.value_text like '@%'
  and not exists (select 1 from shared_value s where s.digest = substr(v.value_text, 2))
order by v.instance_id, v.name;

-- name: items_of_another
-- An item repeats what its instance says, so that lists need not ask; rights and inboxes go by it.
select w.id, w.instance_id from work_item w join instance i on i.id = w.instance_id
where w.cycle_id <> i.cycle_id or w.process_key <> i.process_key or w.root_id <> i.root_id
  or w.definition_version_id <> i.definition_version_id
  or coalesce(w.assessor_id, '') <> coalesce(i.assessor_id, '')
  or coalesce(w.subject_unit_id, '') <> coalesce(i.subject_unit_id, '')
order by w.id;
