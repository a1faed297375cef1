-- name: receivers
-- Everybody in the cycle who waits for the signal now.
select instance_id, wait_key from signal_subscription
where cycle_id = :cycle_id and name = :name
order by instance_id, wait_key;
