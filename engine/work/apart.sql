-- name: handled
-- Who decided which steps of an instance, as far as it still counts.
select e.element_id, e.person_id, e.person_name, e.stood_in_for_id, e.stood_in_for_name
from work_event e
where e.instance_id = :instance_id and e.verb in ('complete', 'register_for')
  and not exists (select 1 from work_event s where s.supersedes_id = e.id
    and not exists (select 1 from work_event r where r.supersedes_id = s.id))
order by e.id;

-- name: kept_from
select person_id from kept_apart where item_id = :item_id;
