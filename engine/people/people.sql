-- Units, posts and log-in: the statements that run often or follow the tree.

-- name: descendants
-- A unit and all under it; `union` (not `union all`) ends even if the data held a circle.
with recursive below (id, depth) as (
    select id, 0 from unit where id = :unit_id
    union
    select u.id, b.depth + 1 from unit u join below b on u.parent_id = b.id where b.depth < 40
)
select id from below group by id order by min(depth), id;

-- name: ancestors
with recursive above (id, parent_id, depth) as (
    select id, parent_id, 0 from unit where id = :unit_id
    union
    select u.id, u.parent_id, a.depth + 1 from unit u join above a on u.id = a.parent_id where a.depth < 40
)
select id from above where depth > 0 group by id order by min(depth);

-- name: memberships_of
-- One row a post held on the day; one row with nulls for a person who holds none.
select a.id, a.login, a.name, a.must_change_password, m.id as membership_id, m.unit_id, m.home_id,
       m.post_key, m.cycle_id, m.is_primary, u.assessor_id, u.kind as unit_kind
from user_account a
left join membership m on m.user_id = a.id and m.from_on <= :on_day
    and (m.until_on is null or m.until_on >= :on_day)
left join unit u on u.id = m.unit_id
where a.id = :user_id and a.active
order by m.is_primary desc, m.id;

-- name: stood_in_for
-- Whose stand-in the person is on the day: one row for each post that they hold, one with nulls without any.
select s.id as rule_id, s.user_id, a.name, s.from_on, s.processes as processes_json, s.posts as posts_json,
       m.unit_id, m.home_id, m.post_key, m.cycle_id, m.is_primary, u.assessor_id, u.kind as unit_kind
from stand_in s join user_account a on a.id = s.user_id and a.active
left join membership m on m.user_id = s.user_id and m.from_on <= :on_day
    and (m.until_on is null or m.until_on >= :on_day2)
left join unit u on u.id = m.unit_id
where s.stand_in_id = :user_id and s.from_on <= :on_day3 and s.until_on >= :on_day4
order by s.id, m.id;

-- name: grants_of
-- What the posts held on the day grant, and, once for each unit with a grant "below", the units under it.
with recursive held (unit_id, post_key) as (
    select unit_id, post_key from membership
    where user_id = :user_id and from_on <= :on_day and (until_on is null or until_on >= :on_day)
), below (top_id, id, depth) as (
    select distinct h.unit_id, h.unit_id, 0 from held h
    join right_grant g on g.post_key = h.post_key and g.reach = 'below'
    union
    select b.top_id, u.id, b.depth + 1 from unit u join below b on u.parent_id = b.id where b.depth < 40
)
select 'grant' as kind, g.post_key as a, g.act as b, g.reach as c, g.cycle_id as d
from right_grant g where g.post_key in (select post_key from held)
union
select 'below', top_id, id, '', null from below;

-- name: holders
-- Who holds a post at a unit on a day, in a cycle or always.
select a.id, a.name, m.cycle_id, m.is_primary
from membership m join user_account a on a.id = m.user_id
where m.unit_id = :unit_id and m.post_key = :post_key and a.active
  and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)
  and (m.cycle_id is null or m.cycle_id = :cycle_id)
order by m.is_primary desc, m.id;

-- name: holders_at
-- As `holders`, for several units.
select m.unit_id, a.id, a.name, m.cycle_id, m.is_primary
from membership m join user_account a on a.id = m.user_id
where m.unit_id in (select value from json_each(:units)) -- only: sqlite
where m.unit_id in (select jsonb_array_elements_text(cast(:units as jsonb))) -- only: postgresql
  and m.post_key = :post_key and a.active
  and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)
  and (m.cycle_id is null or m.cycle_id = :cycle_id)
order by m.is_primary desc, m.id;

-- name: holders_here
-- Who holds any post at a unit: asked with what a start asks, before it is known which post is next.
select m.post_key, a.id, a.name, m.cycle_id, m.is_primary
from membership m join user_account a on a.id = m.user_id
where m.unit_id = :unit_id and a.active
  and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)
  and (m.cycle_id is null or m.cycle_id = :cycle_id)
order by m.is_primary desc, m.id
limit :most;

-- name: holders_at_item
-- The same at the unit that an item is about: asked with the item itself.
select m.post_key, a.id, a.name, m.cycle_id, m.is_primary
from work_item w join membership m on m.unit_id = w.subject_unit_id join user_account a on a.id = m.user_id
where w.id = :item_id and a.active
  and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)
  and (m.cycle_id is null or m.cycle_id = w.cycle_id)
order by m.is_primary desc, m.id
limit :most;

-- name: holders_at_instance
-- The same at the unit that an instance is about: asked with the instance itself.
select m.post_key, a.id, a.name, m.cycle_id, m.is_primary
from instance i join membership m on m.unit_id = i.subject_unit_id join user_account a on a.id = m.user_id
where i.id = :instance_id and a.active
  and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)
  and (m.cycle_id is null or m.cycle_id = i.cycle_id)
order by m.is_primary desc, m.id
limit :most;

-- name: session_visitor
-- The person behind a session that still lasts; one statement for every page.
select s.id as session_id, s.user_id, s.created_at, s.seen_at, s.expires_at, a.name, a.login,
       a.must_change_password
from login_session s join user_account a on a.id = s.user_id
where s.id = :id and s.ended_at is null and s.expires_at > :now_at and a.active;

-- name: touch_session
update login_session set seen_at = :now_at, expires_at = :expires_at where id = :id and ended_at is null;

-- name: token_visitor
select t.id as session_id, t.user_id, t.created_at, t.last_used_at, t.expires_at, a.name, a.login,
       a.must_change_password
from api_token t join user_account a on a.id = t.user_id
where t.id = :id and t.revoked_at is null and t.expires_at > :now_at and a.active;

-- name: touch_token
update api_token set last_used_at = :now_at where id = :id;

-- name: credentials
select id, login, name, password_hash, must_change_password, active, locked_until_at
from user_account where login = :login;

-- name: count_failure
-- Counted in the database, so that parallel attempts all count; a lock that is over begins anew.
update user_account set
    failed_count = case when locked_until_at is not null and locked_until_at <= :now_at then 1
                        else failed_count + 1 end,
    locked_until_at = case
        when locked_until_at is not null and locked_until_at > :now_at then locked_until_at
        when locked_until_at is null and failed_count + 1 >= :most then :until_at
        else null end
where id = :id;

-- name: forget_failures
-- Only while the account is still as it was when the password was checked.
update user_account set failed_count = 0, locked_until_at = null
where id = :id and active and password_hash = :password_hash
  and (locked_until_at is null or locked_until_at <= :now_at);

-- name: calendar_days
select day_on, kind from calendar_day where assessor_id = :assessor_id;

-- name: calendar_years
select year from calendar_year where assessor_id = :assessor_id;

-- name: calendar_revision
select revision from calendar_revision where assessor_id = :assessor_id;

-- name: calendar_changed
insert into calendar_revision (assessor_id, revision) values (:assessor_id, :revision)
on conflict (assessor_id) do update set revision = excluded.revision;

-- name: find_units
-- Every name of a unit is a row of unit_alias. A thousand units a city: a scan of names costs about a millisecond.
select u.id, u.code, u.name,
       case when min(case when a.kind = 'name' then 0 else 1 end) = 0 then null else min(a.alias) end as alias
from unit_alias a join unit u on u.id = a.unit_id
where (a.folded like :part escape '\' or a.pinyin like :part escape '\' or lower(u.code) like :start escape '\')
  and (:assessor_id = '' or a.assessor_id = :assessor_id)
  and (u.valid_until_on is null or u.valid_until_on >= :on_day)
group by u.id, u.code, u.name
order by min(case when a.folded like :start escape '\' or a.pinyin like :start escape '\' then 0 else 1 end), u.code
limit :most;

-- name: find_people
select p.id, p.name, h.name as unit_name
from (
    select a.id, a.name,
           case when a.pinyin like :start escape '\' or a.name like :start escape '\' then 0 else 1 end as place
    from user_account a
    where a.active
      and (lower(a.name) like :part escape '\' or a.pinyin like :part escape '\'
           or a.login like :start escape '\' or a.phone like :start escape '\')
      and (:assessor_id = '' or exists (
            select 1 from membership m join unit u on u.id = m.unit_id
            where m.user_id = a.id and (u.assessor_id = :assessor_id or u.id = :assessor_id)
              and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)))
    order by place, a.name, a.id
    limit :most
) p
left join membership m on m.user_id = p.id and m.from_on <= :on_day
    and (m.until_on is null or m.until_on >= :on_day)
left join unit h on h.id = m.home_id
order by p.place, p.name, p.id, m.is_primary desc, h.name;

-- name: any_change
select id from posting_change where not settled or noted_at <= :before limit 1;

-- name: take_first
update posting_change set settled = true where not settled returning unit_id, user_id;

-- name: take_second
delete from posting_change where settled and noted_at <= :before returning unit_id, user_id;

-- name: last_day
select day_on from posting_day where name = 'routing';

-- name: turn_day
insert into posting_day (name, day_on) values ('routing', :day)
on conflict (name) do update set day_on = excluded.day_on where posting_day.day_on <> excluded.day_on;

-- name: dated_postings
-- Units at which a posting ended or began between two days.
select distinct unit_id from membership
where (until_on >= :first and until_on < :end) or (from_on > :first2 and from_on <= :end2);

-- name: account
select name, active from user_account where id = :id;

-- name: units_of_person
select distinct unit_id from membership where user_id = :user_id;

-- name: unit_name
select name from unit where id = :id;

-- name: unit_names
select id, name from unit
where id in (select value from json_each(:units)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:units as jsonb))) -- only: postgresql
;
