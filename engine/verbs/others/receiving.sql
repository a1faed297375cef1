-- name: houses_of_post
-- The units of those who hold a post; a division belongs to the unit above it.
select distinct case when u.kind = 'division' then u.parent_id else u.id end as house_id
from membership m join unit u on u.id = m.home_id
where m.unit_id = :unit_id and m.post_key = :post_key and m.from_on <= :on_day
  and (m.until_on is null or m.until_on >= :on_day2);

-- name: houses_of_people
-- The units to which people belong today.
select m.user_id, case when u.kind = 'division' then u.parent_id else u.id end as house_id
from membership m join unit u on u.id = m.home_id
where m.user_id in (select value from json_each(:ids)) -- only: sqlite
where m.user_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day2);
