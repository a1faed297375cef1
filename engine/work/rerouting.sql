-- name: affected
-- What a change may move, each kind by an index of its own. A unit's change also concerns its divisions, and an
-- assessor's all that its office answers for: there only what lies elsewhere than it was meant to, or where nobody is.
with changed(id) as (
  select value from json_each(:units) -- only: sqlite
  select jsonb_array_elements_text(cast(:units as jsonb)) -- only: postgresql
), people(id) as (
  select value from json_each(:users) -- only: sqlite
  select jsonb_array_elements_text(cast(:users as jsonb)) -- only: postgresql
), concerned(id) as (
  select u.id from unit u where u.id in (select id from changed)
  union select u.id from unit u where u.parent_id in (select id from changed)
  union select u.id from unit u where u.assessor_id in (select id from changed)
), vacant(unit_id, post_key) as (
  select u.id, p.key from concerned u cross join post p
  where not exists (
    select 1 from membership m join user_account a on a.id = m.user_id
    where m.unit_id = u.id and m.post_key = p.key and m.cycle_id is null and a.active
      and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day2)
  )
), found(id, instance_id) as (
  select w.id, w.instance_id from work_item w where w.assignee_id is null
    and w.unit_id in (select id from changed) -- only: sqlite
    and w.unit_id = any(array(select id from changed)) -- only: postgresql
  union select w.id, w.instance_id from membership m cross join work_item w where w.assignee_id = m.user_id and w.unit_id = m.unit_id
    and m.unit_id in (select id from changed) -- only: sqlite
    and m.unit_id = any(array(select id from changed)) -- only: postgresql
  union select w.id, w.instance_id from work_item w where w.post_key is not null
    and (w.unit_id <> w.meant_unit_id or w.post_key is not w.meant_post_key) -- only: sqlite
    and (w.unit_id <> w.meant_unit_id or w.post_key is distinct from w.meant_post_key) -- only: postgresql
    and w.meant_unit_id in (select id from concerned) -- only: sqlite
    and w.meant_unit_id = any(array(select id from concerned)) -- only: postgresql
  union select w.id, w.instance_id from vacant v
  cross join work_item w where w.unit_id = v.unit_id and w.post_key = v.post_key and w.assignee_id is null -- only: sqlite
  cross join lateral ( -- only: postgresql
    select i.id, i.instance_id from work_item i -- only: postgresql
    where i.unit_id = v.unit_id and i.post_key = v.post_key and i.assignee_id is null offset 0 -- only: postgresql
  ) w -- only: postgresql
  union select w.id, w.instance_id from kept_apart k cross join work_item w where w.id = k.item_id
    and w.unit_id in (select id from concerned) -- only: sqlite
    and w.unit_id = any(array(select id from concerned)) -- only: postgresql
  union select w.id, w.instance_id from work_item w where w.assignee_id is not null
    and w.assignee_id in (select id from people) -- only: sqlite
    and w.assignee_id = any(array(select id from people)) -- only: postgresql
  union select w.id, w.instance_id from work_item w where w.meant_user_id is not null and w.post_key is not null
    and w.meant_user_id in (select id from people) -- only: sqlite
    and w.meant_user_id = any(array(select id from people)) -- only: postgresql
)
select id, instance_id from found order by instance_id, id;

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
