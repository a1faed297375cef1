-- name: find_messages
-- Received or expired, and their ids need not be remembered any more; none that a job has still to bring.
select m.id as one, null as two from message m
where m.published_at < :before and m.expires_at < :now and not exists (
  select 1 from job j where j.kind in ('deliver', 'start_by_message') and j.payload_text like '%' || m.id || '%'
)
limit :row_limit;

-- name: drop_messages
delete from message
where id in (select json_extract(value, '$[0]') from json_each(:keys)) -- only: sqlite
where id in (select e->>0 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;

-- name: find_request_keys
select person_id as one, key as two from idempotency where answered_at < :before limit :row_limit;

-- name: drop_request_keys
delete from idempotency
where (person_id, key) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(:keys)) -- only: sqlite
where (person_id, key) in (select e->>0, e->>1 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;

-- name: find_letters
select id as one, null as two from outbox where sent_at < :before limit :row_limit;

-- name: drop_letters
delete from outbox
where id in (select json_extract(value, '$[0]') from json_each(:keys)) -- only: sqlite
where id in (select e->>0 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;

-- name: find_sessions
select id as one, null as two from login_session where expires_at < :before limit :row_limit;

-- name: drop_sessions
delete from login_session
where expires_at < :before and id in (select json_extract(value, '$[0]') from json_each(:keys)) -- only: sqlite
where expires_at < :before and id in (select e->>0 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;

-- name: find_drafts
select item_id as one, person_id as two from draft where saved_at < :before limit :row_limit;

-- name: drop_drafts
-- Not one that was touched in the meantime.
delete from draft
where saved_at < :before and (item_id, person_id) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(:keys)) -- only: sqlite
where saved_at < :before and (item_id, person_id) in (select e->>0, e->>1 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;

-- name: find_notices
-- Told, or needless by now. As long as its item is open a delivery is what says that this person was told of it,
-- and as long as its letter has not been taken, which delivery the letter is.
select d.id as one, null as two from notice_delivery d
where d.state <> 'waiting' and d.created_at < :before
  and not exists (select 1 from work_item w where w.id = d.item_id)
  and not exists (select 1 from outbox o where o.id = d.letter_id and o.sent_at is null)
limit :row_limit;

-- name: drop_notices
delete from notice_delivery
where id in (select json_extract(value, '$[0]') from json_each(:keys)) -- only: sqlite
where id in (select e->>0 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;

-- name: find_digests
-- A day's row keeps a second digest of that day away: it may go when the day is over.
select g.person_id as one, g.channel as two from notice_digest g
where g.day_on < date(:before) -- only: sqlite
where g.day_on < cast(:before as date) -- only: postgresql
limit :row_limit;

-- name: drop_digests
delete from notice_digest
where day_on < date(:before) and (person_id, channel) in (select json_extract(value, '$[0]'), json_extract(value, '$[1]') from json_each(:keys)) -- only: sqlite
where day_on < cast(:before as date) and (person_id, channel) in (select e->>0, e->>1 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;

-- name: find_todos
-- Closed outside, and over here too: an open item's version must go on growing.
select t.item_id as one, null as two from todo_entry t
where t.state <> 'open' and t.changed_at < :before
  and not exists (select 1 from work_item w where w.id = t.item_id)
  and not exists (select 1 from outbox o where o.id = t.letter_id and o.sent_at is null)
limit :row_limit;

-- name: drop_todos
delete from todo_entry
where item_id in (select json_extract(value, '$[0]') from json_each(:keys)) -- only: sqlite
where item_id in (select e->>0 from jsonb_array_elements(cast(:keys as jsonb)) e) -- only: postgresql
;
