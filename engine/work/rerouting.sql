-- name: affected
-- Open items at the units or of the people that changed, and those meant for them; divisions with their unit.
select w.id, w.instance_id from work_item w where {condition} order by w.instance_id, w.id;

-- name: item
select w.id, w.cycle_id, w.year, w.assessor_id, w.instance_id, w.root_id, w.definition_version_id, w.process_key,
  w.element_id, w.wait_key, w.round, w.subject_unit_id, w.subject_name, w.matter, w.unit_id, w.post_key, w.assignee_id,
  w.claim_first, w.meant_user_id, w.meant_unit_id, w.meant_post_key, w.stay_said_at, w.created_at, w.due_at
from work_item w where w.id = :id;

-- name: release
update work_item set assignee_id = null, received_at = :at, lock_version = lock_version + 1 where id = :id;

-- name: move
update work_item set assignee_id = :user_id, unit_id = :unit_id, post_key = :post_key, received_at = :at, opened_at = null,
  stay_said_at = null, lock_version = lock_version + 1
where id = :id;

-- name: stay
update work_item set stay_said_at = :at where id = :id;

-- name: drafters
select person_id from draft where item_id = :item_id and left_at is null;

-- name: leave_draft
update draft set left_at = :at where item_id = :item_id and person_id = :person_id;

-- name: settle_notices
-- What an item's last receivers were told does not concern them any more.
update notification set read_at = :at
where item_id = :item_id and kind = 'vacant' and read_at is null and unit_id = :unit_id and post_key = :post_key;
