-- What a story needs beyond one instance's own history.

-- name: instance
select id, cycle_id, year, definition_version_id, process_key, parent_id, root_id, assessor_id, subject_unit_id,
  subject_name, matter, status, visits_json, started_at, ended_at, lock_version
from instance where id = :id;

-- name: stuck
select id, element_id, message from incident where instance_id = :instance_id and resolved_at is null;

-- name: open_in_children
-- Who has the work of called instances now: what is due first, and how much there is in all.
select w.id as item_id, w.element_id, w.definition_version_id, w.due_on, w.subject_name, w.matter, w.total,
  u.name as unit_name, p.name as post_name, a.name as assignee_name
from (
  select w.id, w.element_id, w.definition_version_id, w.due_on, w.subject_name, w.matter, w.unit_id, w.post_key,
    w.assignee_id, w.order_at, count(*) over () as total
  from instance i join work_item w on w.instance_id = i.id
  where i.parent_id = :instance_id and i.status = 'running'
  order by w.order_at, w.id
  limit 20
) w
left join unit u on u.id = w.unit_id
left join post p on p.key = w.post_key
left join user_account a on a.id = w.assignee_id
order by w.order_at, w.id;

-- name: files
-- What others uploaded shows once they have handed it in; what one uploaded oneself, at once.
select f.id, f.name, f.size, f.media_type, f.element_id, f.field, f.created_by, f.created_at from file f
where f.instance_id = :instance_id
  and (f.created_by = :person_id or (
    not exists (select 1 from work_item w where w.id = f.item_id)
    and exists (select 1 from work_event e join work_text t on t.id = e.submission_id
                where e.item_id = f.item_id and t.content_text like '%' || f.id || '%')))
order by f.id;

-- name: file
-- A file, whether its item is still open, and whether the file was in what was handed in with it.
select f.id, f.instance_id, f.item_id, f.element_id, f.field, f.created_by, f.digest, f.name, f.media_type, f.size,
  exists (select 1 from work_item w where w.id = f.item_id) as item_open,
  exists (select 1 from work_event e join work_text t on t.id = e.submission_id
          where e.item_id = f.item_id and t.content_text like '%' || f.id || '%') as handed_in
from file f where f.id = :id;

-- name: named_files
-- Files by their ids (JSON text), with the item to which they were uploaded.
select id, item_id, name, size from file
where id in (select value from json_each(:ids)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: files_of_item
select id from file where item_id = :item_id and created_by = :person_id;

-- name: submission
-- What was submitted when an item was finished.
select t.content_text from work_event e join work_text t on t.id = e.submission_id
where e.item_id = :item_id order by e.id desc limit 1;

-- name: submissions
-- What was submitted in an instance lately, the newest first.
select e.element_id, t.content_text from work_event e join work_text t on t.id = e.submission_id
where e.instance_id = :instance_id and t.content_text is not null order by e.id desc limit 20;

-- name: answered
select key from idempotency where person_id = :person_id and key = :key;

-- name: closed_place
select definition_version_id, element_id, year, subject_name, matter from work_event
where item_id = :item_id order by id desc limit 1;
