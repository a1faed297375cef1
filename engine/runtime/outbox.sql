-- name: claim
-- One worker at a time sends a letter; one that was begun long ago is begun again.
update outbox set claimed_at = :now, attempts = attempts + 1
where id = :id and sent_at is null and (claimed_at is null or claimed_at < :stale)
returning id, cycle_id, instance_id, element_id, kind, channel, recipient, subject, content_text, created_at, attempts;

-- name: give_back
update outbox set claimed_at = null, last_error = :last_error where id = :id and sent_at is null;

-- name: sent
update outbox set sent_at = :now, claimed_at = null where id = :id and sent_at is null;

-- name: letters_of
select id, element_id, kind, channel, recipient, subject, created_at, attempts, sent_at from outbox
where instance_id = :instance_id order by id;

-- name: state
select id, sent_at from outbox where id = :id;

-- name: throw_away
delete from outbox where id = :id and sent_at is null;
