-- name: sessions
-- Which of these sessions still last.
select s.id from login_session s join user_account a on a.id = s.user_id
where s.id in (select value from json_each(:ids)) -- only: sqlite
where s.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
  and s.ended_at is null and s.expires_at > :now and a.active;
