-- name: deliveries
-- What was or is to be told to people in sight, newest first; never what it says. A letter is swept only when it was
-- taken: one that is gone has arrived.
select d.id, d.kind, d.channel, d.how, d.state, d.due_at, d.created_at, d.letter_id, a.name as person_name, a.login,
  o.recipient, o.attempts, o.last_error, o.sent_at, (o.id is null) as letter_gone
from notice_delivery d
join user_account a on a.id = d.person_id
left join outbox o on o.id = d.letter_id
where (:before_id = '' or d.id < :before_id2)
  and (:channel = '' or d.channel = :channel2)
  and (:login = '' or a.login = :login2)
  and (:open = 0 or d.state = 'waiting' or (d.state = 'sent' and o.id is not null and o.sent_at is null))
  and exists (select 1 from membership s join unit h on h.id = s.home_id where s.user_id = d.person_id and {condition})
order by d.id desc
limit :row_limit;
