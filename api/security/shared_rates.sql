-- name: one_at_a_time
select pg_advisory_xact_lock(hashtextextended(:who, 0));

-- name: recent
select count(*) as acts from recent_act where who in (:who, :who_before) and acted_at > :since;

-- name: note
insert into recent_act (id, who, acted_at) values (:id, :who, :now);

-- name: forget
delete from recent_act where acted_at <= :since;
