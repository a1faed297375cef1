-- name: count_instances
select count(*) as how_many from instance where cycle_id = :cycle_id;

-- name: count_items
-- Work items that somebody or the system closed, and those that are still open.
select count(distinct item_id) as how_many from work_event where cycle_id = :cycle_id and item_id is not null;

-- name: count_open_items
select count(*) as how_many from work_item w where w.cycle_id = :cycle_id
  and not exists (select 1 from work_event e where e.item_id = w.id);

-- name: count_by_process
select process_key, status, count(*) as how_many from instance where cycle_id = :cycle_id
group by process_key, status order by process_key, status;

-- name: open_incidents
select i.id, i.element_id, i.kind, i.message, i.instance_id, n.process_key, n.subject_name
from incident i left join instance n on n.id = i.instance_id
where i.cycle_id = :cycle_id and i.resolved_at is null
order by i.raised_at, i.id;

-- name: not_ended
select id, parent_id, process_key, subject_name, status from instance
where cycle_id = :cycle_id and ended_at is null
order by started_at, id;

-- name: waits_of
select 'item' as kind, element_id from work_item where instance_id = :instance_id
union all
select 'timer' as kind, element_id from timer where instance_id = :instance_id2
union all
select 'message' as kind, element_id from subscription where instance_id = :instance_id3
union all
select 'signal' as kind, element_id from signal_subscription where instance_id = :instance_id4
union all
select 'children' as kind, element_id from fan_out where instance_id = :instance_id5 and state = 'open';

-- name: stopped_jobs
select count(*) as how_many from job where cycle_id = :cycle_id;
