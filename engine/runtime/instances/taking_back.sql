-- name: records
-- What an instance was told, the last step first.
select seq, told_text from audit_entry
where chain_id = :instance_id and told_text is not null order by seq desc;

-- name: names
select e.person_name, e.verb from work_event e
where e.id in (select value from json_each(:ids)) -- only: sqlite
where e.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
order by e.id;

-- name: went_on
-- Who has acted last on this visit of a step, after somebody's signature there.
select e.person_name, e.verb from work_event e
where e.instance_id = :instance_id and e.element_id = :element_id and e.round = :round and e.id > :id
  and e.person_id is not null
  and e.verb in ('complete', 'register_for', 'return_to', 'remove_signer', 'recall')
order by e.id desc limit 1;

-- name: acted_items
-- Somebody has claimed, drafted or done something with one of these items.
select 'claim' as what, a.name as person_name from work_item w join user_account a on a.id = w.assignee_id
where w.claim_first and w.assignee_id <> :me
  and w.id in (select value from json_each(:ids)) -- only: sqlite
  and w.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
union all
select 'draft', a.name from draft d join work_item w on w.id = d.item_id join user_account a on a.id = d.person_id
where d.person_id <> :me and d.saved_at >= w.created_at
  and d.item_id in (select value from json_each(:ids)) -- only: sqlite
  and d.item_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
union all
select e.verb, e.person_name from work_event e
where e.person_id is not null and e.person_id <> :me
  and e.verb not in ('claim', 'unclaim', 'urge', 'urge_leader', 'copy_to')
  and e.item_id in (select value from json_each(:ids)) -- only: sqlite
  and e.item_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
limit 1;

-- name: take_item
delete from work_item where id = :id
returning id, cycle_id, year, instance_id, root_id, definition_version_id, process_key, element_id, wait_key,
  round, subject_unit_id, subject_name, matter, unit_id, post_key, assignee_id, created_at, due_at;

-- name: sent_back
-- How the step was sent back, if it was, and its round: all its open items say the same.
select returned_from, return_reason_id, back_to, round from work_item
where instance_id = :instance_id and wait_key = :wait_key limit 1;

-- name: wait_again
update signer set state = 'waiting', item_id = null where id = :id;

-- name: keep_apart_no_more
-- Who has not signed after all finds the step's other items again as before.
delete from kept_apart where person_id = :person_id
  and item_id in (select w.id from work_item w where w.instance_id = :instance_id and w.wait_key = :wait_key);

-- name: told_of_return
-- Open items that were sent back to somebody who has been told of it.
select w.id, w.cycle_id, w.instance_id, w.element_id, w.definition_version_id, w.process_key, w.subject_name, w.matter,
  w.assignee_id, w.unit_id, w.post_key
from work_item w
where w.instance_id = :instance_id and w.returned_from is not null and w.told_at is not null
order by w.id;
