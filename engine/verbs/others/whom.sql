-- name: administrators
-- Which of these people hold one of the administrators' posts today (三员分立).
select distinct m.user_id from membership m join right_grant g on g.post_key = m.post_key
where m.user_id in (select value from json_each(:ids)) -- only: sqlite
where m.user_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and g.act in (select value from json_each(:acts)) -- only: sqlite
  and g.act in (select jsonb_array_elements_text(cast(:acts as jsonb))) -- only: postgresql
  and m.from_on <= :on_day and (m.until_on is null or m.until_on >= :on_day2);
