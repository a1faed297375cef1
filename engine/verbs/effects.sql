-- name: event
select e.element_id, e.person_name, e.verb, e.outcome from work_event e where e.id = :id;

-- name: ending_below
-- Open tasks of instances that were called, and that end because nobody waits for them any more.
select w.id as item_id, w.instance_id, w.element_id, w.unit_id, u.name as unit_name, w.post_key, p.name as post_name,
  w.assignee_id, a.name as assignee_name
from fan_out f
join instance i on i.fan_out_id = f.id
join work_item w on w.instance_id = i.id
left join unit u on u.id = w.unit_id
left join post p on p.key = w.post_key
left join user_account a on a.id = w.assignee_id
where f.instance_id = :instance_id and f.state = 'cancelled'
order by w.created_at, w.id
limit 200;
