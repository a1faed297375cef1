-- name: rest_timers
-- The clock stands still: no timer is due, and each keeps when it would have been.
update timer set rests_at = due_at, due_at = :never where instance_id = :instance_id and rests_at is null;

-- name: resting
select id, wait_key, rests_at from timer where instance_id = :instance_id and rests_at is not null order by id;

-- name: wake_timer
update timer set due_at = :due_at, rests_at = null where id = :id;

-- name: forget_reminders
delete from reminder where item_id in (select id from work_item where instance_id = :instance_id);

-- name: items
select id, wait_key, element_id, due_on, due_at, follow_up_on from work_item
where instance_id = :instance_id order by id;

-- name: put_off
update work_item set due_on = :due_on, due_at = :due_at, order_at = :order_at, follow_up_on = :follow_up_on,
  lock_version = lock_version + 1
where id = :id;

-- name: hurry
-- What waited for the instance to go on is done now.
update job set run_at = :now where instance_id = :instance_id and state = 'waiting' and run_at > :now2
returning id, kind;

-- name: standing
-- The suspension of an instance that stands still.
select id, tree_id, cycle_id, instance_id, suspended_at, suspended_by_name, reason from suspension
where instance_id = :instance_id and resumed_at is null;

-- name: in_tree
select instance_id from suspension where tree_id = :tree_id and resumed_at is null order by id limit :row_limit;

-- name: below
-- The instances under one that run, parents before their children.
with recursive below (id, depth) as (
  select id, 1 from instance where parent_id = :id
  union all
  select i.id, b.depth + 1 from instance i join below b on i.parent_id = b.id
)
select i.id from below b join instance i on i.id = b.id
where i.status = 'running' order by b.depth, i.id limit :row_limit;

-- name: how_many_below
with recursive below (id) as (
  select id from instance where parent_id = :id
  union all
  select i.id from instance i join below b on i.parent_id = b.id
)
select count(*) as found from below b join instance i on i.id = b.id where i.status = 'running';

-- name: end
update suspension set resumed_at = :at, resumed_by = :by where id = :id and resumed_at is null;
