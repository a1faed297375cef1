-- name: events
select e.id, e.instance_id, e.item_id, e.process_key, e.definition_version_id, e.element_id, e.round, e.verb,
  e.outcome, e.person_id, e.person_name, e.unit_id, u.name as unit_name, e.post_key, p.name as post_name,
  e.on_behalf_of, e.stood_in_for_name, e.target_element_id, t.content_text as text, e.submission_id, e.supersedes_id, e.happened_at,
  e.item_created_at, e.due_at, e.subject_name, e.signature_digest, e.chosen_text,
  exists (select 1 from work_event s where s.supersedes_id = e.id
    and not exists (select 1 from work_event r where r.supersedes_id = s.id)) as superseded
from work_event e
left join work_text t on t.id = e.text_id
left join unit u on u.id = e.unit_id
left join post p on p.key = e.post_key
where e.id in (select o.id from work_event o where o.instance_id = :instance_id and {condition} limit :row_limit)
order by e.id;

-- name: open_items
select w.id as item_id, w.element_id, w.round, w.unit_id, u.name as unit_name, w.post_key, p.name as post_name,
  w.assignee_id, a.name as assignee_name, w.due_on, w.due_at, w.created_at, w.opened_at
from work_item w
left join unit u on u.id = w.unit_id
left join post p on p.key = w.post_key
left join user_account a on a.id = w.assignee_id
where w.instance_id = :instance_id
order by w.created_at, w.id;

-- name: who_closed
-- The last act on an item that is no longer open.
select e.id, e.verb, e.outcome, e.person_name, e.happened_at, e.instance_id, e.element_id, e.target_element_id
from work_event e where e.item_id = :item_id and e.verb not in ('supersede', 'reinstate')
order by e.id desc limit 1;

-- name: worked_before
-- Whether a person did another step of this matter whose result still counts. `names_before`: what this step was
-- called in the versions that the instance ran in before.
select e.element_id from work_event e
where e.person_id = :person_id and e.root_id = :root_id and e.verb in ('complete', 'register_for')
  and (e.instance_id = :instance_id or e.subject_unit_id = :subject_unit_id)
  and not (e.instance_id = :instance_id2 and case when e.definition_version_id = :version_id
    then e.element_id = :element_id
    else e.element_id in (select value from json_each(:names_before)) end) -- only: sqlite
    else e.element_id in (select jsonb_array_elements_text(cast(:names_before as jsonb))) end) -- only: postgresql
  and not exists (select 1 from work_event s where s.supersedes_id = e.id
    and not exists (select 1 from work_event r where r.supersedes_id = s.id))
limit 1;

-- name: stood_in_before
-- The same of what they did as a stand-in: asked at every approval, so it has an index of those rows alone.
select e.element_id from work_event e
where e.person_id = :person_id and e.root_id = :root_id and e.stood_in_for_id is not null
  and e.verb in ('complete', 'register_for')
  and (e.instance_id = :instance_id or e.subject_unit_id = :subject_unit_id)
  and not (e.instance_id = :instance_id2 and case when e.definition_version_id = :version_id
    then e.element_id = :element_id
    else e.element_id in (select value from json_each(:names_before)) end) -- only: sqlite
    else e.element_id in (select jsonb_array_elements_text(cast(:names_before as jsonb))) end) -- only: postgresql
  and not exists (select 1 from work_event s where s.supersedes_id = e.id
    and not exists (select 1 from work_event r where r.supersedes_id = s.id))
limit 1;

-- name: text
select content_text from work_text where id = :id;

-- name: seen_instance
select i.id from instance i where i.id = :id and {condition};

-- name: seen_closed_item
select e.instance_id, e.element_id, e.definition_version_id
from work_event e join instance i on i.id = e.instance_id
where e.item_id = :item_id and {condition}
order by e.id desc limit 1;

-- name: takes_part
-- Work of the person's in an instance, open or done; what was only said about it (催办, 抄送) is no work.
select 1 as found from work_item w where w.instance_id = :id and {condition}
union all
select 1 from work_event e
where e.instance_id = :other and e.person_id = :me and e.verb not in ('urge', 'urge_leader', 'copy_to')
limit 1;

-- name: last_submission
-- The last that a person handed in, in an instance, and that still counts; or what was handed in with one item.
-- One that its own step, or the engine after it, has superseded counts: the same task came round again by it.
select e.id, e.element_id, e.item_id, e.round, e.verb, e.outcome, e.person_id, e.person_name, e.happened_at,
  e.unit_id, e.post_key, e.stood_in_for_id, e.stood_in_for_name
from work_event e
where e.instance_id = :instance_id and e.person_id = :person_id
  and e.verb in ('complete', 'register_for', 'return_to')
  and (:item_id = '' or e.item_id = :item_id2)
  and not exists (select 1 from work_event s where s.supersedes_id = e.id
    and s.person_name <> :engine and not (s.happened_at = e.happened_at
      and s.person_name in (e.person_name, e.person_name || '（代' || coalesce(e.stood_in_for_name, '') || '）'))
    and not exists (select 1 from work_event r where r.supersedes_id = s.id))
  and not exists (select 1 from work_event t where t.instance_id = e.instance_id and t.verb = 'take_back'
                  and t.person_id = e.person_id and t.element_id = e.element_id and t.id > e.id)
order by e.id desc
limit 1;

-- name: said
-- What was handed in: the form and the opinion.
select f.content_text as form_text, o.content_text as opinion
from work_event e
left join work_text f on f.id = e.submission_id
left join work_text o on o.id = e.text_id
where e.id = :id;

-- name: claim_again
update work_item set assignee_id = :person_id where id = :id;
