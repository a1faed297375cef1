-- name: take
-- The job, unless its instance stands still. The instance was locked before, in the same transaction.
delete from job
where id = :id and state = 'waiting'
  and not exists (select 1 from instance i where i.id = job.instance_id and i.status = 'suspended')
returning id, kind, cycle_id, instance_id, wait_key, payload_text, attempts, max_attempts;
