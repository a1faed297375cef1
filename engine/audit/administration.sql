-- What administrators did, and the chain that covers it.

-- name: found_head
insert into audit_head (chain_id, seq, hash) values (:chain_id, 0, '') on conflict (chain_id) do nothing;

-- name: lock_head
-- Whoever comes second waits here for the first one's commit.
update audit_head set seq = seq where chain_id = :chain_id;

-- name: head
select seq, hash from audit_head where chain_id = :chain_id;

-- name: move_head
update audit_head set seq = :seq, hash = :hash where chain_id = :chain_id;

-- name: newest
select e.id, e.seq, e.happened_at, e.actor_id, e.actor_name, e.act, e.subject_id, e.subject_name, e.unit_id,
  e.assessor_id, e.note_text
from administration_event e
where e.seq < :before and {condition}
order by e.seq desc
limit :most;

-- name: all_events
select e.id, e.seq, e.happened_at, e.actor_id, e.actor_name, e.act, e.subject_id, e.subject_name, e.unit_id,
  e.assessor_id, e.note_text
from administration_event e
order by e.seq;
