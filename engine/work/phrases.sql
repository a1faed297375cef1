-- name: phrases
-- The phrases of these owners (JSON text of ids; "" is everybody's), nearest first.
select p.id, p.scope, p.owner_id, p.use, p.content, p.place, coalesce(u.name, '') as unit_name
from phrase p left join unit u on u.id = p.owner_id
where p.owner_id in (select value from json_each(:ids)) -- only: sqlite
where p.owner_id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
order by case p.scope when 'own' then 0 when 'unit' then 1 else 2 end, p.owner_id, p.place, p.id;

-- name: phrase
select id, scope, owner_id, use, content, place from phrase where id = :id;

-- name: last_place
select coalesce(max(place), 0) as last, count(*) as how_many from phrase where owner_id = :owner_id;

-- name: reword
update phrase set content = :content where id = :id;

-- name: put
update phrase set place = :place where id = :id;

-- name: remove
delete from phrase where id = :id;
