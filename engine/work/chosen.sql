-- name: last_done
-- The last time a step was done, and whom its doer chose then.
select id, chosen_text from work_event
where instance_id = :instance_id and element_id = :element_id and verb in ('complete', 'register_for')
order by id desc limit 1;
