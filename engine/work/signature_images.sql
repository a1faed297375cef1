-- name: insert_image
insert into signature_image (id, person_id, digest, media_type, size, made, created_at)
values (:id, :person_id, :digest, :media_type, :size, :made, :created_at);

-- name: images_of
select id, person_id, digest, media_type, size, made, created_at from signature_image
where person_id = :person_id and retired_at is null order by id desc;

-- name: image
select id, person_id, digest, media_type, size, made, created_at, retired_at from signature_image where id = :id;

-- name: retire
update signature_image set retired_at = :at where id = :id and person_id = :person_id and retired_at is null;

-- name: signed
-- The picture with which something was signed, and where.
select e.id, e.instance_id, e.person_id, e.signature_digest as digest, s.media_type
from work_event e join signature_image s on s.digest = e.signature_digest
where e.id = :event_id limit 1;

-- name: all_digests
select id, digest from signature_image order by id;
