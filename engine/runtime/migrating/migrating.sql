-- name: items
-- The open items of an instance, whole.
select id, cycle_id, year, assessor_id, instance_id, root_id, definition_version_id, process_key, element_id,
  wait_key, round, subject_unit_id, subject_name, matter, unit_id, post_key, assignee_id, claim_first, priority,
  rank, due_on, due_at, order_at, follow_up_on, created_at, opened_at, from_name, returned_from, return_reason_id,
  back_to, search_text, lock_version, meant_user_id, meant_unit_id, meant_post_key, stay_said_at,
  received_at
from work_item where instance_id = :instance_id order by id;

-- name: refresh_item
update work_item set definition_version_id = :definition_version_id, element_id = :element_id, matter = :matter,
  unit_id = :unit_id, post_key = :post_key, assignee_id = :assignee_id, claim_first = :claim_first,
  priority = :priority, rank = case when urged_at is null then :rank else 0 end, due_on = :due_on,
  due_at = :due_at, order_at = :order_at, opened_at = :opened_at, returned_from = :returned_from, back_to = :back_to, search_text = :search_text,
  meant_user_id = :meant_user_id, meant_unit_id = :meant_unit_id, meant_post_key = :meant_post_key,
  stay_said_at = :stay_said_at, received_at = :received_at, lock_version = lock_version + 1
where id = :id;

-- name: close_item
delete from work_item where id = :id;

-- name: forget_reminders
delete from reminder where item_id = :item_id;

-- name: leave_drafts
-- Whoever had begun to write loses the item; what they wrote goes along to whoever has it now.
update draft set left_at = :at where item_id = :item_id and left_at is null;

-- name: rename_timer
update timer set element_id = :element_id where instance_id = :instance_id and wait_key = :wait_key;

-- name: rename_subscription
update subscription set element_id = :element_id where instance_id = :instance_id and wait_key = :wait_key;

-- name: rename_signal
update signal_subscription set element_id = :element_id where instance_id = :instance_id and wait_key = :wait_key;

-- name: rename_fan_out
update fan_out set element_id = :element_id where instance_id = :instance_id and wait_key = :wait_key;

-- name: incidents
select id, element_id from incident where instance_id = :instance_id and resolved_at is null;

-- name: rename_incident
update incident set element_id = :element_id where id = :id;

-- name: awaited_by_another
-- Another instance that waits for a message: there is one receiver for each.
select instance_id from subscription
where cycle_id = :cycle_id and name = :name and correlation_key = :correlation_key and instance_id <> :instance_id;

-- name: repin
-- From now on the instance runs in this version.
update instance set definition_version_id = :definition_version_id where id = :id;

-- name: order
-- Every instance of a version that has not ended.
insert into instance_migration (migration_id, instance_id, state, reason_text, after_digest)
select :migration_id, i.id, 'waiting', '', '' from instance i
where i.definition_version_id = :from_version_id and i.status in ('running', 'suspended')
  and (:cycle_id = '' or i.cycle_id = :cycle_id2);

-- name: order_one
insert into instance_migration (migration_id, instance_id, state, reason_text, after_digest)
select :migration_id, i.id, 'waiting', '', '' from instance i where i.id = :instance_id;

-- name: waiting
select instance_id from instance_migration
where migration_id = :migration_id and state = :state and instance_id > :after
order by instance_id limit :row_limit;

-- name: moved
update instance_migration set state = 'moved', reason_text = '', before_state = :before_state,
  before_text = :before_text, after_digest = :after_digest, done_at = :at
where migration_id = :migration_id and instance_id = :instance_id;

-- name: settle
update instance_migration set state = :state, reason_text = :reason_text, done_at = :at
where migration_id = :migration_id and instance_id = :instance_id and state = :was;

-- name: back
update instance_migration set state = 'back', before_state = null, before_text = null, done_at = :at
where migration_id = :migration_id and instance_id = :instance_id;

-- name: kept
select m.migration_id, m.instance_id, m.state, m.before_state, m.before_text, m.after_digest
from instance_migration m where m.migration_id = :migration_id and m.instance_id = :instance_id;

-- name: acted_since
-- What somebody has done with a task since the instance was moved, though its tokens stand where they stood:
-- signed, passed on, asked others; or that it stood still, which has put off its dates. Claims, drafts and
-- reminders are none of these.
select e.person_name, e.verb from work_event e
where e.instance_id = :instance_id
  and e.verb in (
    'complete', 'register_for', 'hand_over', 'ask', 'answer', 'recall',
    'add_signer', 'add_before', 'add_after', 'remove_signer', 'take_back', 'resume'
  )
  and e.id > (
    select max(m.id) from work_event m where m.instance_id = e.instance_id and m.verb = 'migrate'
  )
order by e.id limit 1;

-- name: counts
select state, count(*) as count from instance_migration where migration_id = :migration_id group by state;

-- name: reasons
-- Each reason, how many instances it keeps where they are, and one of them.
select state, reason_text, count(*) as count, min(instance_id) as example from instance_migration
where migration_id = :migration_id and reason_text <> ''
group by state, reason_text
order by count(*) desc, reason_text
limit :row_limit;

-- name: settled
-- What became of each instance, those refused first.
select m.instance_id, m.state, m.reason_text, m.done_at, i.subject_name, i.matter, i.status
from instance_migration m join instance i on i.id = m.instance_id
where m.migration_id = :migration_id
order by case m.state when 'refused' then 0 when 'stays' then 1 else 2 end, m.instance_id
limit :row_limit;

-- name: migration
select id, process_key, from_version_id, to_version_id, mapping_text, ordered_by, ordered_by_name, ordered_at, only_looks
from migration where id = :id;

-- name: migrations
select m.id, m.process_key, m.ordered_by_name, m.ordered_at, f.number as from_number, t.number as to_number,
  (select count(*) from instance_migration i where i.migration_id = m.id) as total,
  (select count(*) from instance_migration i where i.migration_id = m.id and i.state = 'moved') as moved
from migration m
join definition_version f on f.id = m.from_version_id
join definition_version t on t.id = m.to_version_id
where m.process_key = :process_key and not m.only_looks
order by m.id desc limit :row_limit;

-- name: candidates
-- Instances of a version that have not ended, for the check.
select i.id from instance i
where i.definition_version_id = :version_id and i.status in ('running', 'suspended') and i.id > :after
  and (:cycle_id = '' or i.cycle_id = :cycle_id2)
order by i.id limit :row_limit;

-- name: unfinished
select m.id from migration m
where m.from_version_id = :from_version_id and m.to_version_id = :to_version_id and m.mapping_text = :mapping_text
  and not m.only_looks
  and exists (select 1 from instance_migration i where i.migration_id = m.id and i.state = 'waiting')
order by m.id desc limit 1;
