-- name: instances
-- The next instances, in the order of their ids, with what a load needs.
select id, definition_version_id, process_key, parent_id, fan_out_id, child_index, status, state, audit_seq, audit_head
from instance
where id > :after
order by id
limit :row_limit;

-- name: one
select id, definition_version_id, process_key, parent_id, fan_out_id, child_index, status, state, audit_seq, audit_head
from instance
where id = :id;

-- name: entries
select chain_id as instance_id, chain_id, seq, recorded_at, actor, act, digest, previous, hash, algorithm, events_text,
  told_text
from audit_entry
where chain_id between :first and :last
order by chain_id, seq;

-- name: events
-- The history, every column of it: the chain covers each row whole.
select * from work_event where instance_id between :first and :last;

-- name: texts
select instance_id, id, content_text, salt, digest, erased_at from work_text where instance_id between :first and :last;

-- name: variables
select instance_id, scope_id, name, value_text from variable where instance_id between :first and :last;

-- name: items
select instance_id, id, wait_key, element_id from work_item where instance_id between :first and :last;

-- name: signers
select s.instance_id, s.id, s.wait_key, s.state, s.item_id, w.id as found_id
from signer s left join work_item w on w.id = s.item_id
where s.instance_id between :first and :last;

-- name: timers
select instance_id, id, wait_key, element_id, coalesce(rests_at, due_at) as due_at from timer where instance_id between :first and :last;

-- name: subscriptions
select instance_id, id, wait_key, element_id, name, correlation_key
from subscription
where instance_id between :first and :last;

-- name: signals
select instance_id, id, wait_key, element_id, name from signal_subscription where instance_id between :first and :last;

-- name: jobs
select instance_id, id, kind, wait_key, state, payload_text from job where instance_id between :first and :last;

-- name: fan_outs
select instance_id, id, wait_key, element_id, total, made, remaining, sequential, state
from fan_out
where instance_id between :first and :last;

-- name: children
-- How many children each fan-out has, how many of them have ended, and whether their numbers are 0, 1, 2 …
select f.instance_id, f.id,
  count(c.id) as made,
  sum(case when c.status in ('running', 'suspended') then 0 else 1 end) as ended,
  count(distinct c.child_index) as numbers,
  max(c.child_index) as highest
from fan_out f join instance c on c.fan_out_id = f.id
where f.instance_id between :first and :last
group by f.instance_id, f.id;

-- name: doubled
-- Items that count as done more than once: what was superseded does not count.
select e.instance_id, e.item_id as id, min(e.element_id) as element_id, count(*) as times
from work_event e
where e.instance_id between :first and :last and e.verb in ('complete', 'register_for')
  and not exists (select 1 from work_event s where s.supersedes_id = e.id
    and not exists (select 1 from work_event r where r.supersedes_id = s.id))
group by e.instance_id, e.item_id
having count(*) > 1;

-- name: incidents
-- Open incidents of tokens that are held.
select instance_id, id, token, element_id from incident
where instance_id between :first and :last and resolved_at is null and token is not null;
