-- name: work
-- All open tasks of one person: given to them, or claimed by them from a post.
select w.id, w.lock_version, w.year, w.cycle_id, w.assessor_id, w.process_key, w.definition_version_id, w.element_id,
  w.subject_name, w.matter, w.unit_id, u.name as unit_name, w.post_key, p.name as post_name, w.claim_first, w.due_on,
  w.waits_for, w.purpose
from work_item w
left join unit u on u.id = w.unit_id
left join post p on p.key = w.post_key
where w.assignee_id = :leaver_id
order by w.order_at, w.id;

-- name: rules
-- Rules of 代理 that still count or will, in which the person leaves or stands in.
select s.id, s.user_id, a.name as user_name, s.stand_in_id, b.name as stand_in_name, s.from_on, s.until_on
from stand_in s join user_account a on a.id = s.user_id join user_account b on b.id = s.stand_in_id
where (s.user_id = :leaver_id or s.stand_in_id = :leaver_id2) and s.until_on >= :today
order by s.from_on, s.id;

-- name: order
select id, leaver_id, leaver_name, by_id, by_name, reason_text, receivers_text, made_at
from leaving_order where id = :id;

-- name: lines
select item_id, subject_name, matter, definition_version_id, element_id, target, target_name, state, said, done_at
from leaving_line where order_id = :order_id order by state, item_id;

-- name: next_lines
select item_id, target from leaving_line where order_id = :order_id and state = 'waiting' order by item_id limit :most;

-- name: settle
update leaving_line set state = :state, said = :said, done_at = :at
where order_id = :order_id and item_id = :item_id and state = 'waiting';
