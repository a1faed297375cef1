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

-- name: claims
-- Where else a step lies that somebody has just claimed, or given back: the other groups' tasks and posts.
select e.id, w.id as item_id, w.unit_id, w.post_key from work_event e
join work_item w on w.instance_id = e.instance_id and w.element_id = e.element_id and w.id <> e.item_id
  and w.assignee_id is null
where e.id > :since and e.verb in ('claim', 'unclaim') order by e.id desc limit :row_limit;
