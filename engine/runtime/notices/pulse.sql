-- name: ring
select pg_notify('bihuan_pulse', '');

-- name: lately
select id, places_text from notice_pulse where beaten_at >= :since order by id;

-- name: forget
delete from notice_pulse where beaten_at < :before;

-- name: acts
-- Who has just acted, for whom, on which task, and at which post it lay: a short range of the history's key.
select e.id, e.item_id, e.person_id, e.stood_in_for_id, e.unit_id, e.post_key from work_event e
where e.id > :since order by e.id desc limit :row_limit;
