-- name: active_person
select name, '' as place from user_account where id = :id and active;

-- name: post_at_unit
select p.name as name, u.name as place from unit u join post p on p.key = :post_key where u.id = :unit_id;
