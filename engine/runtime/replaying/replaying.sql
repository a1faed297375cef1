-- name: recorded
select seq, recorded_at, told_text from audit_entry
where chain_id = :instance_id and told_text is not null order by seq;

-- name: of_process
-- Instances of a process that were started, oldest first, finished and running.
select i.id, i.subject_name, i.matter, i.status, i.definition_version_id from instance i
where i.process_key = :process_key and i.id > :after and (:cycle_id = '' or i.cycle_id = :cycle_id2)
order by i.id limit :row_limit;

-- name: count_of_process
select count(*) as count from instance i
where i.process_key = :process_key and (:cycle_id = '' or i.cycle_id = :cycle_id2);

-- name: children_of
-- What the children of one call gave, by their places.
select i.child_index, i.result_json as result_text, f.total
from fan_out f left join instance i on i.fan_out_id = f.id
where f.instance_id = :instance_id and f.wait_key = :wait_key
order by i.child_index;

-- name: whom
-- What people call a person, or a unit and one of its posts.
select (select name from user_account where id = :user_id) as person,
  (select name from unit where id = :unit_id) as unit,
  (select name from post where key = :post_key) as post;
