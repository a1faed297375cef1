-- name: notices_of
select n.id, n.cycle_id, n.kind, n.params_json, n.instance_id, n.item_id, n.created_at, n.read_at
from notification n
where (:before_id = '' or n.id < :before_id) and {condition}
order by n.id desc limit :row_limit;

-- name: unread
select count(*) as how_many from notification n where n.read_at is null and {condition};

-- name: mark_read
update notification as n set read_at = :at where n.read_at is null and {condition};
