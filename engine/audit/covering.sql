-- name: words
select id, content_text, salt, digest from work_text
where id in (select value from json_each(:ids)) -- only: sqlite
where id in (select jsonb_array_elements_text(cast(:ids as jsonb))) -- only: postgresql
;
