-- name: chains
-- Every instance with a chain, and where the instance says it ends.
select i.id as chain_id, i.audit_seq, i.audit_head
from instance i
where i.audit_seq > 0;

-- name: entries
select chain_id, seq, recorded_at, actor, act, digest, previous, hash, algorithm
from audit_entry
where chain_id = :chain_id
order by seq;

-- name: lock_head
select audit_seq, audit_head, cycle_id, status from instance where id = :id
for update -- only: postgresql
;

-- name: move_head
-- The version goes up too: a step that read the instance before finds that it has changed.
update instance set audit_seq = :seq, audit_head = :hash, lock_version = lock_version + 1 where id = :id;
