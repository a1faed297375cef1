-- The year as a timeline: what of it has begun, what is open, what is late.

-- name: annual
-- The instance of 年度总流程 of a cycle.
select id, definition_version_id, status, visits_json, started_at, ended_at from instance
where cycle_id = :cycle_id and process_key = 'annual_cycle'
order by id limit 1;

-- name: variables
-- What the office confirmed: dates, months, and which parts the scheme has.
select name, value_text from variable
where instance_id = :instance_id and scope_id = '' and name in ('has', 'months');

-- name: months
-- The months of the cycle, each by its period.
select id, business_key as period, status, started_at, ended_at from instance
where cycle_id = :cycle_id and process_key = :process_key
order by business_key;

-- name: own_items
-- The tasks of 年度总流程 itself that are open.
select id, element_id, due_on, created_at from work_item where instance_id = :annual;

-- name: own_events
-- When its tasks were done.
select element_id, max(happened_at) as done_at from work_event
where instance_id = :annual and verb in ('complete', 'register_for')
group by element_id;

-- name: open_work
-- How much is open, and late, below each instance that the year has called: from each item up to there.
with recursive above(item_id, due_on, id, parent_id) as (
  select w.id, w.due_on, i.id, i.parent_id from work_item w join instance i on i.id = w.instance_id
  where w.cycle_id = :cycle_id
  union all
  select above.item_id, above.due_on, p.id, p.parent_id from above join instance p on p.id = above.parent_id
  where above.parent_id <> :annual
)
select id, count(*) as open, sum(case when due_on < :today then 1 else 0 end) as late
from above where parent_id is null or parent_id = :annual
group by id;
