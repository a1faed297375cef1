-- name: alone
-- One machine at a time writes letters of notices; the others need not wait for it.
select pg_try_advisory_xact_lock(:key) as alone;

-- name: next_due
select 1 as found from notice_delivery where state = 'waiting' and due_at <= :now limit 1;

-- name: due
-- The first person and channel that are due come first, with all that is due for them there.
select d.id, d.cycle_id, d.person_id, d.kind, d.channel, d.how, d.item_id, d.notification_id, d.created_at
from notice_delivery d
where d.state = 'waiting' and d.due_at <= :now
order by d.due_at, d.id
limit :row_limit;

-- name: due_of
select d.id, d.cycle_id, d.person_id, d.kind, d.channel, d.how, d.item_id, d.notification_id, d.created_at
from notice_delivery d
where d.state = 'waiting' and d.due_at <= :now
  and d.person_id in (select value from json_each(:people)) -- only: sqlite
  and d.person_id in (select jsonb_array_elements_text(cast(:people as jsonb))) -- only: postgresql
order by d.person_id, d.channel, d.id;

-- name: items
select w.id, w.subject_name, w.matter, w.year, w.process_key, w.element_id, w.definition_version_id, w.instance_id, w.from_name,
  w.returned_from, w.due_on, w.opened_at, w.created_at, w.received_at
from work_item w
where w.id in (select value from json_each(:ids)) -- only: sqlite
where w.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: notices
select n.id, n.kind, n.params_json, n.item_id, n.instance_id, n.created_at, n.read_at
from notification n
where n.id in (select value from json_each(:ids)) -- only: sqlite
where n.id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: settle
update notice_delivery set state = :state, letter_id = :letter_id
where id in (select value from json_each(:ids)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: put_off
update notice_delivery set due_at = :due_at
where id in (select value from json_each(:ids)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;

-- name: begin_digest
insert into notice_digest (person_id, channel, day_on, letter_id) values (:person_id, :channel, :day_on, :letter_id)
on conflict (person_id, channel, day_on) do nothing
returning person_id;
