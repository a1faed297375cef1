-- name: free_key
-- The key keeps its beginning, so that one still sees what the instance was about.
update instance set business_key = business_key || '~' || id
where id = :id and business_key is not null and length(business_key) <= 260;

-- name: take_key_again
-- The instance goes on after all; nothing is touched where another has its key now.
update instance set business_key = substr(business_key, 1, length(business_key) - 37)
where id = :id and business_key like '%~' || id and not exists (
  select 1 from instance o
  where o.cycle_id = instance.cycle_id and o.process_key = instance.process_key
    and o.business_key = substr(instance.business_key, 1, length(instance.business_key) - 37)
);

-- name: key
select business_key, business_key like '%~' || id as freed from instance where id = :id;

-- name: uncount_child
-- A child that had been counted runs again, while its caller still waits for others.
update fan_out set remaining = remaining + 1, terminated = terminated - :terminated
where id = :id and state = 'open' and remaining > 0 and not sequential;

-- name: waiting_call
-- The call that a child belongs to, while it waits for others: all at once, for in turn the next is there already.
select f.id from fan_out f join instance p on p.id = f.instance_id
where f.id = :id and f.state = 'open' and f.remaining > 0 and not f.sequential and p.status = 'running';

-- name: last_steps
-- Where people had work, the last first.
select e.element_id, max(e.id) as last_id from work_event e
where e.instance_id = :instance_id and e.item_id is not null and e.element_id <> ''
  and e.verb in ('complete', 'register_for', 'return_to', 'close')
group by e.element_id
order by last_id desc;
