-- name: took
insert into outbox_way (way, sent_at) values (:way, :at)
on conflict (way) do update set sent_at = excluded.sent_at;

-- name: refused
insert into outbox_way (way, failed_at, last_error) values (:way, :at, :why)
on conflict (way) do update set failed_at = excluded.failed_at, last_error = excluded.last_error;

-- name: all_ways
select way, sent_at, failed_at, last_error from outbox_way order by way;
