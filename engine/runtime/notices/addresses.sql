-- name: address
select person_id, channel, address, verified_at, wanted, code_digest, code_until_at, wrong_codes, asked_at
from notice_address where person_id = :person_id and channel = :channel;

-- name: addresses_of
select channel, address, verified_at, wanted, code_until_at from notice_address where person_id = :person_id;

-- name: want
insert into notice_address (person_id, channel, address, wanted, code_digest, code_until_at, wrong_codes, asked_at)
values (:person_id, :channel, '', :wanted, :code_digest, :until, 0, :now)
on conflict (person_id, channel) do update set wanted = excluded.wanted, code_digest = excluded.code_digest,
  code_until_at = excluded.code_until_at, wrong_codes = 0, asked_at = excluded.asked_at;

-- name: wrong
update notice_address set wrong_codes = wrong_codes + 1 where person_id = :person_id and channel = :channel;

-- name: verify
update notice_address set address = wanted, verified_at = :now, wanted = '', code_digest = '', code_until_at = null
where person_id = :person_id and channel = :channel and code_digest = :code_digest and wrong_codes < :most
  and code_until_at > :now2;

-- name: forget
delete from notice_address where person_id = :person_id and channel = :channel;
