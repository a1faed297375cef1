-- name: answer
select request_digest, answer_text from idempotency where person_id = :person_id and key = :key;

-- name: remember
insert into idempotency (person_id, key, request_digest, answer_text, answered_at)
values (:person_id, :key, :request_digest, :answer_text, :answered_at)
on conflict (person_id, key) do nothing;
