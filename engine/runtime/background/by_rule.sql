-- name: hand_over
-- Another answers for the item from now on: it lies with them, and they are whom it is meant for.
update work_item set assignee_id = :assignee_id, unit_id = :unit_id, post_key = :post_key, claim_first = false,
  meant_user_id = :meant_user_id, meant_unit_id = :meant_unit_id, meant_post_key = :meant_post_key,
  received_at = :at, opened_at = null, stay_said_at = null, lock_version = lock_version + 1
where id = :id;
