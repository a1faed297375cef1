-- name: open
select n.id, n.cycle_id, n.instance_id, n.job_id, n.token, n.element_id, n.kind, n.code, n.message, n.attempts, n.raised_at,
  i.process_key, i.subject_name, i.definition_version_id
from incident n left join instance i on i.id = n.instance_id
where n.resolved_at is null
order by n.id desc limit :row_limit;

-- name: of_cycle
-- What waits for the office in a cycle, newest first, each with how many have the same cause.
select n.id, n.instance_id, n.element_id, n.kind, n.code, n.message, n.attempts, n.raised_at, i.process_key, i.subject_name,
  i.matter, i.year, i.status, i.definition_version_id,
  (select count(*) from incident o left join instance p on p.id = o.instance_id
   where o.cycle_id = n.cycle_id and o.resolved_at is null and o.kind = n.kind and o.code = n.code
     and o.element_id = n.element_id and coalesce(p.process_key, '') = coalesce(i.process_key, '')) as same
from incident n left join instance i on i.id = n.instance_id
where n.cycle_id = :cycle_id and n.resolved_at is null
  and (n.kind = 'send' or coalesce(i.status, 'running') in ('running', 'suspended'))
order by n.id desc limit :row_limit;

-- name: read
select n.id, n.job_id, n.token, n.instance_id, n.cycle_id, n.assessor_id, n.element_id, n.kind, n.code, n.message, n.detail_text,
  n.attempts, n.raised_at, n.failed_at, n.version, j.wait_key, j.kind as job_kind, j.last_error,
  i.subject_unit_id, i.subject_name, i.matter, i.year, i.process_key, i.definition_version_id, i.status, i.lock_version
from incident n left join instance i on i.id = n.instance_id left join job j on j.id = n.job_id
where n.id = :id and n.resolved_at is null;

-- name: same
-- The open incidents that have the same cause as one: process, element, kind and code.
select o.id, o.instance_id, p.subject_name, p.matter, o.message, o.raised_at
from incident n left join instance i on i.id = n.instance_id
join incident o on o.cycle_id = n.cycle_id and o.kind = n.kind and o.code = n.code and o.element_id = n.element_id
left join instance p on p.id = o.instance_id
where n.id = :id and o.resolved_at is null and coalesce(p.process_key, '') = coalesce(i.process_key, '')
  and (o.kind = 'send' or coalesce(p.status, 'running') in ('running', 'suspended'))
order by o.id limit :row_limit;

-- name: lock
-- One person at a time mends an incident; nothing when it is closed.
select id, version, instance_id, job_id, token, kind, element_id from incident where id = :id and resolved_at is null
for update -- only: postgresql
;

-- name: resolve
update incident set resolved_at = :at, resolved_by = :by, resolution = :resolution
where id = :id and resolved_at is null;

-- name: resolve_token
update incident set resolved_at = :at, resolved_by = :by, resolution = :resolution
where instance_id = :instance_id and token = :token and resolved_at is null;

-- name: resolve_job
update incident set resolved_at = :at, resolved_by = :by, resolution = :resolution
where job_id = :job_id and resolved_at is null;

-- name: renew
-- It was tried again and failed again.
update incident set code = :code, message = :message, detail_text = :detail_text, attempts = attempts + 1,
  failed_at = :at, version = version + 1
where instance_id = :instance_id and token = :token and resolved_at is null;

-- name: like_it
-- Whether the office has been told of the same cause already.
select o.id from incident o left join instance p on p.id = o.instance_id
where o.cycle_id = :cycle_id and o.resolved_at is null and o.kind = :kind and o.code = :code
  and o.element_id = :element_id and coalesce(p.process_key, '') = :process_key and o.id <> :id
limit 1;

-- name: forget_job
delete from job where id = :id and state = 'stopped';

-- name: holders
-- Who has which open item of an instance.
select w.wait_key, w.element_id, u.name as unit_name, p.name as post_name, a.name as assignee_name
from work_item w
left join unit u on u.id = w.unit_id
left join post p on p.key = w.post_key
left join user_account a on a.id = w.assignee_id
where w.instance_id = :instance_id
order by w.created_at, w.id;
