-- name: forget_wishes
delete from notice_wish where person_id = :person_id;

-- name: forget_habit
delete from notice_habit where person_id = :person_id;

-- name: wishes_of
select kind, channel, how from notice_wish where person_id = :person_id;

-- name: habit_of
select quiet_from, quiet_until, digest_time, working_days from notice_habit where person_id = :person_id;
