-- name: shared
select value_text from shared_value where digest = :digest;
