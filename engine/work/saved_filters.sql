-- name: filters
select f.id, f.person_id, f.name, f.tab, f.asked_json, f.is_default, f.unit_id, f.post_key, a.name as owner_name
from saved_filter f join user_account a on a.id = f.person_id
where {condition}
order by case when f.person_id = :me then 0 else 1 end, f.name, f.id;

-- name: own
select id, name from saved_filter where person_id = :me;

-- name: no_default
update saved_filter set is_default = false where person_id = :me and tab = :tab and is_default;

-- name: forget
delete from saved_filter where id = :id and person_id = :me;
