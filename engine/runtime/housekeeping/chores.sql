-- name: found
insert into chore (name, due_at, touched) values (:name, :due_at, 0) on conflict (name) do nothing;

-- name: next
select name from chore where due_at <= :now order by due_at, name limit 1;

-- name: take
-- Whoever has a chore in hand keeps it locked: another machine passes over it.
select name from chore where name = :name and due_at <= :now
for update skip locked -- only: postgresql
;

-- name: done
update chore set due_at = :due_at, done_at = :now, touched = touched + :touched where name = :name;

-- name: all
select name, due_at, done_at, touched from chore order by name;
