-- What an administrator's rights are asked at.

-- name: account_seats
-- Every post that somebody held or will hold: where they sit, and whose post it is.
select m.id, m.unit_id, m.home_id, m.post_key, m.until_on, p.seat, h.assessor_id as home_assessor_id,
       u.assessor_id as unit_assessor_id
from membership m
join post p on p.key = m.post_key
join unit h on h.id = m.home_id
join unit u on u.id = m.unit_id
where m.user_id = :user_id
order by m.id;
