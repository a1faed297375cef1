-- name: fresh_items
-- Work that has come and of which nobody was told; what is being closed at this moment is left out.
select w.id, w.cycle_id, w.assessor_id, w.instance_id, w.process_key, w.unit_id, w.post_key, w.assignee_id, w.returned_from,
  w.created_at, w.received_at
from work_item w
where w.told_at is null
order by w.id
limit :row_limit
for update skip locked -- only: postgresql
;

-- name: items_told
update work_item set told_at = :at
where id in (select value from json_each(:ids)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: fresh_notices
select n.id, n.cycle_id, n.user_id, n.unit_id, n.post_key, n.kind, n.instance_id, n.item_id, n.created_at,
  w.process_key, w.received_at, case when n.kind = 'incident' then n.params_json end as params_json
from notification n left join work_item w on w.id = n.item_id
where n.told_at is null
order by n.id
limit :row_limit
for update of n skip locked -- only: postgresql
;

-- name: notices_told
update notification set told_at = :at
where id in (select value from json_each(:ids)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: anything_fresh
select 1 as found where exists (select 1 from work_item w where w.told_at is null)
  or exists (select 1 from notification n where n.told_at is null);

-- name: on_posts
-- Who holds posts at these units on a day.
select m.unit_id, m.post_key, m.cycle_id, m.user_id
from membership m join user_account a on a.id = m.user_id
where m.unit_id in (select value from json_each(:units)) -- only: sqlite
where m.unit_id in (select jsonb_array_elements_text(cast(:units as jsonb))) -- only: postgresql
  and a.active and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day2)
order by m.id;

-- name: kept_apart
select item_id, person_id from kept_apart
where item_id in (select value from json_each(:ids)) -- only: sqlite
where item_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: stand_ins
select s.user_id, s.stand_in_id, s.processes as processes_json, s.posts as posts_json
from stand_in s join user_account a on a.id = s.stand_in_id
where s.user_id in (select value from json_each(:ids)) -- only: sqlite
where s.user_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and a.active and s.from_on <= :on_day and s.until_on >= :on_day2;

-- name: people
-- Where people may be reached, where they sit, and whose calendar is theirs.
select a.id, a.login, a.email, a.phone, u.id as home_id, u.assessor_id
from user_account a
left join unit u on u.id = (
  select m.home_id from membership m
  where m.user_id = a.id and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day2)
  order by m.is_primary desc, m.id limit 1)
where a.id in (select value from json_each(:ids)) -- only: sqlite
where a.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and a.active;

-- name: wishes
select person_id, kind, channel, how from notice_wish
where person_id in (select value from json_each(:ids)) -- only: sqlite
where person_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: habits
select person_id, quiet_from, quiet_until, digest_time, working_days from notice_habit
where person_id in (select value from json_each(:ids)) -- only: sqlite
where person_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: addresses
select person_id, channel, address from notice_address
where person_id in (select value from json_each(:ids)) -- only: sqlite
where person_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and verified_at is not null;
