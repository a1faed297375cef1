-- name: ring
select pg_notify('bihuan_pulse', '');

-- name: lately
select id, places_text from notice_pulse where beaten_at >= :since order by id;

-- name: forget
delete from notice_pulse where beaten_at < :before;
