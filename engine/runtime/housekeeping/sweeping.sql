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
