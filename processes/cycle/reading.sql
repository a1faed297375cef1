-- name: scheme
-- The content of a cycle's profile version as it is stored: parsed once for each content, not for each question.
select
  p.content as content -- only: sqlite
  p.content::text as content -- only: postgresql
from cycle c join profile_version p on p.id = c.profile_version_id
where c.id = :cycle_id;
