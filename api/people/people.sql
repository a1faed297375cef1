-- What the pages of people list.

-- name: people
-- People by pinyin, found by name, login, pinyin or the unit where they sit; after the last one shown. Seen
-- are those with a seat in sight: held on the day or later, or, of who holds none any more, before.
select a.id, a.name, a.login, a.phone, a.active, a.pinyin
from user_account a
where (:pattern = '' or a.pinyin like :pattern escape '\' or a.login like :pattern escape '\'
       or a.name like :pattern escape '\'
       or exists (select 1 from membership m join unit u on u.id = m.home_id
                  where m.user_id = a.id and (u.name like :pattern escape '\'
                    or u.short_name like :pattern escape '\' or u.pinyin like :pattern escape '\')))
  and (a.pinyin > :pinyin or (a.pinyin = :pinyin and a.id > :last))
  and (:everybody or exists (
    select 1 from membership s join unit h on h.id = s.home_id
    where s.user_id = a.id and {condition}
      and (s.until_on is null or s.until_on >= :on_day or not exists (
        select 1 from membership l
        where l.user_id = a.id and (l.until_on is null or l.until_on >= :on_day)))))
order by a.pinyin, a.id
limit :most;

-- name: seats
-- The posts of one page of people on a day, in words, at units in sight; people are given as JSON text.
select m.user_id, m.id, u.name as unit, p.name as post, m.from_on, m.until_on, m.is_primary, m.post_key, m.home_id
from membership m
join unit u on u.id = m.home_id
join post p on p.key = m.post_key
where m.user_id in (select value from json_each(:users)) -- only: sqlite
where m.user_id in (select jsonb_array_elements_text(cast(:users as jsonb))) -- only: postgresql
  and (:always or (m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)))
  and {condition}
order by m.is_primary desc, p.rank desc, m.id;

-- name: units
-- Units by code, found by name, short name, code or pinyin; after the last one shown. Divisions stand with
-- their unit, and their people count there.
select u.id, u.code, u.name, u.short_name, u.kind, u.tier, u.unit_group, u.assessed, u.parent_id,
  u.assessor_id, u.valid_until_on,
  (select a.name from unit a where a.id = u.parent_id) as parent,
  (select count(distinct m.user_id) from membership m join unit h on h.id = m.home_id
   where (h.id = u.id or (h.parent_id = u.id and h.kind = 'division')) and m.from_on <= :on_day
     and (m.until_on is null or m.until_on >= :on_day)) as people
from unit u
where u.kind <> 'division' and (:pattern = '' or u.name like :pattern escape '\' or u.short_name like :pattern escape '\'
    or u.code like :pattern escape '\' or u.pinyin like :pattern escape '\')
  and (u.code > :code or (u.code = :code and u.id > :last))
  and {condition}
order by u.code, u.id
limit :most;

-- name: unit_choices
select u.id, u.name from unit u where {condition} order by u.code, u.id;

-- name: members
-- Who sits in a unit on a day.
select a.id, a.name, a.login, p.name as post, m.from_on, m.until_on
from membership m join user_account a on a.id = m.user_id join post p on p.key = m.post_key
join unit u on u.id = m.home_id
where {condition} and m.home_id = :unit_id and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day)
order by p.rank desc, a.pinyin, m.id;

-- name: holders_by_post
-- How many people at units in sight hold each post on a day.
select m.post_key, count(distinct m.user_id) as people from membership m join unit u on u.id = m.home_id
where m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day) and {condition}
group by m.post_key;
