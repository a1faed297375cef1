-- name: list_instances
-- Every instance of the process, finished and running (of a cycle).
insert into instance_replay (replay_id, instance_id, state, steps, reason_text, seen_text)
select :replay_id, i.id, 'waiting', 0, '', '[]' from instance i
where i.process_key = :process_key and (:cycle_id = '' or i.cycle_id = :cycle_id2);

-- name: older
-- The orders of a process that are no longer among the newest.
select id from replay where process_key = :process_key order by id desc limit 1000 offset :newest;

-- name: forget_changes
delete from replay_change where replay_id = :id;

-- name: forget_instances
delete from instance_replay where replay_id = :id;

-- name: forget
delete from replay where id = :id;

-- name: replay
select id, process_key, label, target_version_id, files_text, mapping_text, ordered_by_name, ordered_at
from replay where id = :id;

-- name: replays
select r.id, r.label, r.ordered_by_name, r.ordered_at,
  (select count(*) from instance_replay i where i.replay_id = r.id) as total,
  (select count(*) from instance_replay i where i.replay_id = r.id and i.state = 'same') as same
from replay r where r.process_key = :process_key order by r.id desc limit :row_limit;

-- name: waiting
select instance_id from instance_replay
where replay_id = :replay_id and state = 'waiting' order by instance_id limit :row_limit;

-- name: judged
update instance_replay set state = :state, steps = :steps, reason_text = :reason_text, seen_text = :seen_text
where replay_id = :replay_id and instance_id = :instance_id and state = 'waiting'
returning instance_id;

-- name: counts
select state, count(*) as count from instance_replay where replay_id = :replay_id group by state;

-- name: reasons
-- Where and why the ways part, for how many instances, and one of them.
select state, reason_text, count(*) as count, min(instance_id) as example from instance_replay
where replay_id = :replay_id and state <> 'waiting' and reason_text <> ''
group by state, reason_text order by count(*) desc, reason_text limit :row_limit;

-- name: changes
-- The steps of which somebody else is asked, or another date, for how many instances, and the first of them.
select c.name, c.kind, count(distinct c.instance_id) as count, f.instance_id as example, f.old_text, f.new_text
from replay_change c join replay_change f on f.id = (
  select min(m.id) from replay_change m
  where m.replay_id = c.replay_id and m.element_id = c.element_id and m.kind = c.kind
)
where c.replay_id = :replay_id
group by c.element_id, c.name, c.kind, f.instance_id, f.old_text, f.new_text
order by count(distinct c.instance_id) desc, c.element_id, c.kind
limit :row_limit;

-- name: parted
-- The instances that would not go the same way.
select r.instance_id, r.state, r.steps, r.reason_text, r.seen_text, i.subject_name, i.matter, i.status, v.number
from instance_replay r join instance i on i.id = r.instance_id
join definition_version v on v.id = i.definition_version_id
where r.replay_id = :replay_id and r.state in ('other', 'cannot', 'incomplete')
order by case r.state when 'other' then 0 when 'cannot' then 1 else 2 end, r.instance_id
limit :row_limit;
