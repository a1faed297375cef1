-- name: open_items
-- The open items whose ids and places in the order were found (see branches.py), whole.
select w.id as item_id, w.cycle_id, w.year, w.instance_id, w.process_key, w.element_id, w.definition_version_id,
  w.subject_unit_id, w.subject_name, w.matter, w.round, w.from_name, w.returned_from, w.due_at, w.due_on,
  w.priority, w.rank, w.order_at, w.opened_at, w.urged_at, w.claim_first, w.assignee_id, w.created_at,
  coalesce(w.received_at, w.created_at) as received_at, w.lock_version,
  w.unit_id, w.post_key, w.purpose, w.waits_for
from {condition};

-- name: counts
-- How many items each list of open work holds, at most so many; and unread copies.
select {condition},
  (select count(*) from (
    select 1 as one from copy c where c.person_id = :me and c.read_at is null limit :most) u) as copies;

-- name: subjects_of_open
-- What the first of a person's open items are about: what a list can be narrowed to.
select w.process_key, max(w.definition_version_id) as definition_version_id, w.year, w.subject_unit_id,
  w.subject_name
from {condition}
group by w.process_key, w.year, w.subject_unit_id, w.subject_name;

-- name: past
-- A page of past work, newest first: of each list the columns that it has.
select {condition};

-- name: steps_now
-- At which steps some instances wait for people.
select distinct w.instance_id, w.definition_version_id, w.element_id from work_item w
where w.instance_id in (select value from json_each(:ids)) -- only: sqlite
where w.instance_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
order by w.instance_id, w.element_id;

-- name: subjects_of_past
select i.process_key, max(i.definition_version_id) as definition_version_id, i.year, i.subject_unit_id,
  i.subject_name
from {condition}
group by i.process_key, i.year, i.subject_unit_id, i.subject_name;
