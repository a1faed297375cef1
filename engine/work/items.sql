-- name: close
-- The open items of one wait, taken away; what is needed to write their history.
delete from work_item where instance_id = :instance_id and wait_key = :wait_key
returning id, cycle_id, year, instance_id, root_id, definition_version_id, process_key, element_id, wait_key,
  round, subject_unit_id, subject_name, matter, unit_id, post_key, assignee_id, created_at, due_at;

-- name: close_kept
-- The same with all that is needed to open them again.
delete from work_item where instance_id = :instance_id and wait_key = :wait_key
returning *;

-- name: close_unread
-- The same where it is known whose history is to be written.
delete from work_item where instance_id = :instance_id and wait_key = :wait_key;

-- name: open_waits
select distinct wait_key from work_item where instance_id = :instance_id;

-- name: expect_waits
-- Fails unless exactly the waits given (in order, with commas) have open items in an instance.
select cast(case when coalesce(string_agg(found.wait_key, ',' order by found.wait_key), '') = :waits
  then '0' else 'tokens and items differ' end as integer)
from (select distinct w.wait_key collate "C" as wait_key from work_item w where w.instance_id = :instance_id) found;

-- name: item
select w.id, w.cycle_id, w.year, w.assessor_id, w.instance_id, w.root_id, w.definition_version_id, w.process_key, w.element_id,
  w.wait_key, w.round, w.subject_unit_id, w.subject_name, w.matter, w.unit_id, w.post_key, w.assignee_id, w.claim_first,
  w.priority, w.due_on, w.due_at, w.follow_up_on, w.created_at, w.opened_at, w.from_name, w.returned_from,
  w.return_reason_id, w.back_to, w.lock_version, w.purpose, w.waits_for,
  not exists (select 1 from work_item o
    where o.instance_id = w.instance_id and o.wait_key = w.wait_key and o.id <> w.id) as alone
from work_item w
where w.id = :id;

-- name: lock_item
select id from work_item where id = :id
for update -- only: postgresql
;

-- name: assign
update work_item set assignee_id = :assignee_id, received_at = :at, lock_version = lock_version + 1
where id = :id and lock_version = :lock_version;

-- name: mark_opened
update work_item set opened_at = :opened_at where id = :id and opened_at is null;

-- name: mark_urged
-- Whoever has it finds it before what is not urgent.
update work_item set urged_at = :at, rank = 0 where id = :id;

-- name: urged
select item_id from urge where item_id = :item_id and urged_on = :day and person_id = :person_id;

-- name: draft
-- One's own draft, else the last that somebody left who lost the item.
select d.data_text, d.opinion, d.saved_at, case when d.person_id = :person_id then '' else a.name end as left_by
from draft d left join user_account a on a.id = d.person_id
where d.item_id = :item_id and (d.person_id = :person_id2 or d.left_at is not null)
order by case when d.person_id = :person_id3 then 0 else 1 end, d.saved_at desc
limit 1;

-- name: text
select id, content_text, salt, digest from work_text where id = :id;

-- name: erase_text
update work_text set content_text = null, salt = '', digest = :digest, erased_at = :at
where id = :id and erased_at is null;

-- name: claimed_beside
-- Who has claimed the same step where another group was asked as well, or to whom they have handed it over.
select a.name from work_item w join user_account a on a.id = w.assignee_id
where w.instance_id = :instance_id and w.wait_key = :wait_key and w.id <> :id
  and (w.claim_first or exists (select 1 from work_event c where c.item_id = w.id and c.verb = 'claim'))
limit 1;
