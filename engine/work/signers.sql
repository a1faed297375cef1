-- name: of_wait
-- Everyone who signs one open step, in order; with the desk where each task lies now.
select s.id, s.cycle_id, s.instance_id, s.wait_key, s.place, s.state, s.item_id, s.meant_user_id, s.meant_unit_id,
  s.meant_post_key, s.outcome, s.event_id, s.person_id, s.person_name, s.holder_id, s.signed_at, s.data_text,
  w.assignee_id, w.unit_id, w.post_key, s.kind, s.for_id, s.weight
from signer s left join work_item w on w.id = s.item_id
where s.instance_id = :instance_id and s.wait_key = :wait_key and s.state <> 'gone'
order by s.place;

-- name: gone_of
-- Those who were taken out of an open step, for shares of those who signed at the start.
select * from signer where instance_id = :instance_id and wait_key = :wait_key and state = 'gone';

-- name: at_start
select weight from signer where instance_id = :instance_id and wait_key = :wait_key and kind = '';

-- name: names
-- The names of who signs one open step: the person, else the post and its unit, where the task lies or was meant.
select s.id, a.name as person_name, u.name as unit_name, p.name as post_name
from signer s
left join work_item w on w.id = s.item_id
left join user_account a on a.id = case when w.id is null then s.meant_user_id else w.assignee_id end
left join unit u on u.id = case when w.id is null then s.meant_unit_id else w.unit_id end
left join post p on p.key = case when w.id is null then s.meant_post_key else w.post_key end
where s.instance_id = :instance_id and s.wait_key = :wait_key;

-- name: mismatched
-- Signers of an instance with an open seat and no item, and items of a signed step that belong to no signer.
select s.id from signer s left join work_item w on w.id = s.item_id
where s.instance_id = :instance_id and s.state in ('open', 'held') and w.id is null
union all
select w.id from work_item w
where w.instance_id = :instance_id2
  and exists (select 1 from signer o where o.instance_id = w.instance_id and o.wait_key = w.wait_key)
  and not exists (select 1 from signer s where s.item_id = w.id and s.state in ('open', 'held'));

-- name: open_seat
update signer set state = 'open', item_id = :item_id where id = :id;

-- name: sign
update signer set state = :state, item_id = :item_id, outcome = :outcome, event_id = :event_id,
  person_id = :person_id, person_name = :person_name, holder_id = :holder_id, signed_at = :signed_at,
  data_text = :data_text
where id = :id;

-- name: remove
delete from signer where id = :id;

-- name: gone
-- Taken out: the row stays while the step is open, for shares of those who signed at the start.
update signer set state = 'gone', item_id = null where id = :id;

-- name: state
update signer set state = :state where id = :id;

-- name: mean
-- Another answers for the seat.
update signer set meant_user_id = :meant_user_id, meant_unit_id = :meant_unit_id, meant_post_key = :meant_post_key
where item_id = :item_id;

-- name: hold
-- The owner's item waits for others; it is the owner's own now.
update work_item set waits_for = :waits_for, assignee_id = :assignee_id, lock_version = lock_version + 1
where id = :id;

-- name: await
-- For whom the owner's item waits now.
update work_item set waits_for = :waits_for where id = :id;

-- name: back
-- It comes back to its owner, as new.
update work_item set waits_for = '', received_at = :at, opened_at = null, told_at = null, lock_version = lock_version + 1
where id = :id;

-- name: draft_of
select opinion, data_text, saved_at from draft where item_id = :item_id and person_id = :person_id;

-- name: beside
-- Other items of the same visit of a step.
select count(*) as how_many from work_item where instance_id = :instance_id and wait_key = :wait_key;

-- name: close_item
-- One signer has acted, or was taken out: their open item goes, the step's other items stay.
delete from work_item where id = :id;

-- name: keep_item
-- A rejection that does not count (stay): the same signer decides again, on a new version of the item.
update work_item set lock_version = lock_version + 1 where id = :id;
