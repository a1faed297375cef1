-- name: comments_of
-- The newest wording of each comment of an instance, and how many there were.
select c.id, c.person_id, c.person_name, c.written_at, c.erased_at, c.erased_by, v.number, v.written_at as edited_at,
  v.mentioned_json, t.content_text as text
from comment c
join comment_version v on v.comment_id = c.id
  and v.number = (select max(l.number) from comment_version l where l.comment_id = c.id)
left join work_text t on t.id = v.text_id
where c.instance_id = :instance_id
order by c.id;

-- name: comment
select c.id, c.cycle_id, c.instance_id, c.person_id, c.person_name, c.written_at, c.erased_at, i.assessor_id
from comment c join instance i on i.id = c.instance_id where c.id = :id;

-- name: lock_comment
select id, cycle_id, instance_id, person_id, person_name, written_at, erased_at from comment where id = :id
for update -- only: postgresql
;

-- name: wordings
select v.id, v.number, v.text_id, v.mentioned_json, v.written_at, t.content_text as text
from comment_version v left join work_text t on t.id = v.text_id
where v.comment_id = :comment_id order by v.number;

-- name: erase
update comment set erased_at = :at, erased_by = :by where id = :id and erased_at is null;

-- name: people_named
-- Active people of a name, or with a login.
select id, name, login from user_account where active and (name = :name or login = :login) order by id;

-- name: named_on
-- Who took part in an instance or has it now: whom one would mention.
select distinct a.id, a.name, a.login from user_account a
where a.active and (
  a.id in (select person_id from work_event where instance_id = :instance_id)
  or a.id in (select assignee_id from work_item where instance_id = :instance_id2)
  or a.id in (select person_id from comment where instance_id = :instance_id3))
order by a.name, a.id limit 20;
