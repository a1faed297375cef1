-- name: remember
-- A message is taken once: the same id again, under the same name and key, changes nothing.
insert into message (id, cycle_id, name, correlation_key, message_id, variables_text, published_at, expires_at)
values (:id, :cycle_id, :name, :correlation_key, :message_id, :variables_text, :published_at, :expires_at)
on conflict (cycle_id, name, correlation_key, message_id) do nothing
returning id;

-- name: subscribe
-- One receiver for each (cycle, name, key): the second finds the place taken.
insert into subscription (id, cycle_id, name, correlation_key, instance_id, wait_key, element_id)
values (:id, :cycle_id, :name, :correlation_key, :instance_id, :wait_key, :element_id)
on conflict (cycle_id, name, correlation_key) do nothing
returning id;

-- name: receiver
select instance_id, wait_key from subscription
where cycle_id = :cycle_id and name = :name and correlation_key = :correlation_key;

-- name: start_receiver
select process_key, definition_version_id, element_id from start_subscription
where kind = :kind and name = :name
order by process_key;

-- name: waiting
-- The oldest message that nobody has received yet and that has not expired.
select id from message
where cycle_id = :cycle_id and name = :name and correlation_key = :correlation_key
  and received_at is null and expires_at >= :now
order by id limit 1;

-- name: take
-- A message that nobody has received yet, which nobody else can receive until this transaction ends.
select id, cycle_id, name, correlation_key, variables_text from message
where id = :id and received_at is null
for update -- only: postgresql
;

-- name: read
select id, cycle_id, name, correlation_key, message_id, variables_text, received_at from message where id = :id;

-- name: receive
update message set received_at = :at where id = :id and received_at is null;

-- name: subscription_of
select name, correlation_key from subscription where instance_id = :instance_id and wait_key = :wait_key;
