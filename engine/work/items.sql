-- name: close
-- The open items of one wait, taken away; what is needed to write their history.
delete from work_item where instance_id = :instance_id and wait_key = :wait_key
returning id, cycle_id, year, instance_id, root_id, definition_version_id, process_key, element_id, wait_key,
  round, subject_unit_id, subject_name, unit_id, post_key, assignee_id, created_at, due_at;

-- name: open_waits
select distinct wait_key from work_item where instance_id = :instance_id;

-- name: item
select w.id, w.cycle_id, w.year, w.assessor_id, w.instance_id, w.root_id, w.definition_version_id, w.process_key, w.element_id,
  w.wait_key, w.round, w.subject_unit_id, w.subject_name, w.unit_id, w.post_key, w.assignee_id, w.claim_first,
  w.priority, w.due_on, w.due_at, w.follow_up_on, w.created_at, w.opened_at, w.from_name, w.returned_from,
  w.return_reason_id, w.back_to, w.lock_version
from work_item w
where w.id = :id;

-- name: assign
update work_item set assignee_id = :assignee_id, lock_version = lock_version + 1
where id = :id and lock_version = :lock_version;

-- name: mark_opened
update work_item set opened_at = :opened_at where id = :id and opened_at is null;

-- name: urged
select item_id from urge where item_id = :item_id and urged_on = :day and person_id = :person_id;

-- name: draft
select data_text, opinion, saved_at from draft where item_id = :item_id and person_id = :person_id;

-- name: left_behind
-- Claimed items whose holder is not on the item's post on a day, or whose account is closed.
select w.id, w.cycle_id, w.year, w.instance_id, w.root_id, w.definition_version_id, w.process_key, w.element_id,
  w.round, w.subject_unit_id, w.subject_name, w.unit_id, w.post_key, w.created_at, w.due_at, w.lock_version
from work_item w
where w.assignee_id is not null and w.post_key is not null and {condition}
  and not exists (
    select 1 from membership m join user_account a on a.id = m.user_id
    where m.user_id = w.assignee_id and a.active and m.unit_id = w.unit_id and m.post_key = w.post_key
      and m.from_on <= :day and (m.until_on is null or m.until_on >= :day)
      and (m.cycle_id is null or m.cycle_id = w.cycle_id))
limit :row_limit;
