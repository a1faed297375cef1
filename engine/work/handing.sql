-- name: hand
-- What somebody came in for beside another's task (加签, 委派) stays that person's asking.
update work_item set assignee_id = :assignee_id, unit_id = :unit_id, post_key = :post_key,
  meant_user_id = :meant_user_id, meant_unit_id = :meant_unit_id, meant_post_key = :meant_post_key,
  claim_first = false, from_name = case when purpose = '' then :from_name else from_name end,
  received_at = :at, opened_at = null, told_at = null, stay_said_at = null, lock_version = lock_version + 1
where id = :id;

-- name: leave_drafts
update draft set left_at = :at where item_id = :item_id and left_at is null;

-- name: item
select id, cycle_id, instance_id, subject_name, matter, process_key, element_id, definition_version_id
from work_item where id = :id;
