-- name: units_named
-- The units of which some name has these letters; those first of which it is not the name written on the work.
select a.unit_id
from unit_alias a
where a.folded like :word escape '\' or a.pinyin like :word escape '\'
group by a.unit_id
order by min(case when a.kind = 'name' then 1 else 0 end), a.unit_id
limit :row_limit;
