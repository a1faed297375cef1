-- name: items
select w.id, w.cycle_id, w.instance_id, w.process_key, w.element_id, w.definition_version_id, w.subject_name, w.matter, w.year,
  w.unit_id, w.post_key, w.assignee_id, w.from_name, w.returned_from, w.due_on, w.priority, w.created_at
from work_item w
where w.id in (select value from json_each(:ids)) -- only: sqlite
where w.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: entries
select t.item_id, t.cycle_id, t.version, t.state, t.content_text
from todo_entry t
where t.item_id in (select value from json_each(:ids)) -- only: sqlite
where t.item_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: how_closed
-- The last act of each item: what became of it.
select e.item_id, e.verb, e.outcome from work_event e
where e.item_id in (select value from json_each(:ids)) -- only: sqlite
where e.item_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
order by e.id;

-- name: touched
-- Entries that are open and whose items somebody has just acted on: a short range of the history's key.
select distinct t.item_id from work_event e join todo_entry t on t.item_id = e.item_id
where e.id > :since and t.state = 'open'
limit :row_limit;

-- name: open_entries
select t.item_id from todo_entry t where t.state = 'open' and t.item_id > :after order by t.item_id limit :row_limit;

-- name: unknown_items
select w.id as item_id from work_item w
where w.id > :after and w.told_at is not null
  and not exists (select 1 from todo_entry t where t.item_id = w.id)
order by w.id limit :row_limit;

-- name: change
update todo_entry set version = :version, state = :state, content_text = :content_text, changed_at = :changed_at,
  letter_id = :letter_id
where item_id = :item_id;

-- name: open_now
-- What should be open outside, of the items in sight.
select t.item_id, t.version, t.content_text, t.changed_at
from todo_entry t join work_item w on w.id = t.item_id
where t.state = 'open' and t.item_id > :after and {condition}
order by t.item_id limit :row_limit;

-- name: people
select a.id, a.login, a.name from user_account a
where a.id in (select value from json_each(:ids)) -- only: sqlite
where a.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and a.active
order by a.login;
