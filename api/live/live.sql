-- name: sessions
-- Which of these sessions still last.
select s.id from login_session s join user_account a on a.id = s.user_id
where s.id in (select value from json_each(:ids)) -- only: sqlite
where s.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and s.ended_at is null and s.expires_at > :now and a.active;

-- name: posts
-- What these people hold today: a post that is new to an open page is a new place to listen for.
with asked (id) as (
  select value from json_each(:ids) -- only: sqlite
  select jsonb_array_elements_text(cast(:ids as jsonb)) -- only: postgresql
)
select m.user_id as id, m.unit_id || '#' || m.post_key as place
from asked q join membership m on m.user_id = q.id
where m.from_on <= :on_day1 and (m.until_on is null or m.until_on >= :on_day2)
union all
select s.stand_in_id, s.user_id
from asked q join stand_in s on s.stand_in_id = q.id join user_account a on a.id = s.user_id and a.active
where s.from_on <= :on_day3 and s.until_on >= :on_day4 and (s.posts is null or cast(s.posts as text) in ('[]', 'null'));
