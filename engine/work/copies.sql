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

-- name: unfollow
delete from follow where instance_id = :instance_id and person_id = :person_id;

-- name: follows
select f.instance_id from follow f where f.instance_id = :instance_id and f.person_id = :person_id;

-- name: followers
select f.person_id from follow f where f.instance_id = :instance_id order by f.person_id;

-- name: has_task
select id from work_item where instance_id = :instance_id and assignee_id = :person_id limit 1;
