-- name: one_at_a_time
-- SQLite has one writer anyway.
select 1 where 1 = 1 -- only: sqlite
lock table audit_seal in share row exclusive mode -- only: postgresql
;

-- name: last
select id, sealed_at, chains, heads_text, previous, hash, algorithm from audit_seal order by id desc limit 1;

-- name: seals
select id, sealed_at, chains, heads_text, previous, hash, algorithm from audit_seal order by id;

-- name: grown
-- The last entry of each chain that has one since then.
select e.chain_id, e.seq, e.hash from audit_entry e
where e.recorded_at >= :since
  and not exists (select 1 from audit_entry n where n.chain_id = e.chain_id and n.seq > e.seq)
order by e.chain_id;

-- name: entry
select hash from audit_entry where chain_id = :chain_id and seq = :seq;
