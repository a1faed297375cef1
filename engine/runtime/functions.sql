-- name: started_by
select started_by from instance where id = :id;
