-- name: lock
select id, cycle_id, instance_id, wait_key, element_id, process_key, total, made, remaining,
  sequential, state
from fan_out where id = :id
for update -- only: postgresql
;

-- name: depth
-- How many calls lie around an instance, itself counted; no further than :deepest.
with recursive around (parent_id, depth) as (
  select parent_id, 1 from instance where id = :id
  union all
  select i.parent_id, a.depth + 1 from around a join instance i on i.id = a.parent_id
  where a.depth < :deepest
)
select max(depth) as depth from around;

-- name: progress
update fan_out set made = :made where id = :id;

-- name: results
select child_index, result_json as result_text from instance
where fan_out_id = :fan_out_id
order by child_index;

-- name: close
update fan_out set state = 'joined' where id = :id and state in ('open', 'decided');

-- name: running_children
-- All are locked before any of them ends: a child that ends by itself locks its own row, then the fan-out's.
select id from instance where fan_out_id = :fan_out_id and status in ('running', 'suspended')
order by child_index limit :row_limit
for update -- only: postgresql
;

-- name: adopt
-- An instance that was started by hand becomes the child of the call that would have started it. A step that
-- is ending it just now is waited for, so that its end is either counted there or seen here.
update instance set fan_out_id = :fan_out_id, parent_id = :parent_id, child_index = :child_index
where id = :id and fan_out_id is null
returning status, result_json as result_text;

-- name: outside_the_call
-- An instance of the same process under the same root that another call, or nobody, made.
select 1 as found from instance
where cycle_id = :cycle_id and process_key = :process_key and root_id = :root_id
  and (fan_out_id is null or fan_out_id <> :fan_out_id)
limit 1;

-- name: give_up_key
-- The instance belongs to a call that was cancelled, or to an earlier round of the same call.
update instance set business_key = business_key || '~' || id
where id = :id and length(business_key) <= 260 and fan_out_id in (
  select o.id from fan_out o join fan_out n on n.id = :fan_out_id
  where o.id <> n.id
    and (o.state = 'cancelled' or (o.instance_id = n.instance_id and o.element_id = n.element_id and o.state = 'joined'))
);
