-- name: answer
select request_digest, answer_text from idempotency where person_id = :person_id and key = :key;
