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
