-- name: copies_to
-- One page of what was copied to a person, newest first: the id of the event grows with time.
select c.event_id, c.instance_id, c.cycle_id, i.year, i.process_key, i.definition_version_id, i.subject_name,
  i.matter, i.status, c.element_id, c.item_id, c.from_name, t.content_text as text, c.copied_at, c.read_at
from copy c
join instance i on i.id = c.instance_id
join work_event e on e.id = c.event_id
left join work_text t on t.id = e.text_id
where c.person_id = :person_id and c.event_id < :before_id
order by c.event_id desc
limit :row_limit;

-- name: unread_copies
select c.event_id, c.instance_id, c.cycle_id, i.year, i.process_key, i.definition_version_id, i.subject_name,
  i.matter, i.status, c.element_id, c.item_id, c.from_name, t.content_text as text, c.copied_at, c.read_at
from copy c
join instance i on i.id = c.instance_id
join work_event e on e.id = c.event_id
left join work_text t on t.id = e.text_id
where c.person_id = :person_id and c.read_at is null and c.event_id < :before_id
order by c.event_id desc
limit :row_limit;

-- name: how_many_unread
select count(*) as how_many from copy c where c.person_id = :person_id and c.read_at is null;

-- name: copies_of
select c.person_id, a.name, c.from_name, c.copied_at, c.read_at
from copy c left join user_account a on a.id = c.person_id
where c.instance_id = :instance_id
order by c.event_id, c.person_id;

-- name: copy_of
select c.from_name, c.copied_at, c.read_at from copy c
where c.instance_id = :instance_id and c.person_id = :person_id;

-- name: read_copy
update copy set read_at = :at where instance_id = :instance_id and person_id = :person_id and read_at is null;

-- name: followed_by
select f.id as follow_id, f.instance_id, f.cycle_id, i.year, i.process_key, i.definition_version_id, i.subject_name,
  i.matter, i.status, f.since_at, i.ended_at
from follow f join instance i on i.id = f.instance_id
where f.person_id = :person_id and f.id < :before_id and {condition}
order by f.id desc
limit :row_limit;

-- name: unfollow
delete from follow where instance_id = :instance_id and person_id = :person_id;

-- name: follows
select f.instance_id from follow f where f.instance_id = :instance_id and f.person_id = :person_id;

-- name: followers
select f.person_id from follow f where f.instance_id = :instance_id order by f.person_id;
