"""A person's desks: the posts whose work the person sees, as a condition on tables with unit and post."""

from engine.people.persons import Person


def desk_condition(
    person: Person, *, table: str, person_column: str = "assignee_id"
) -> tuple[str, dict[str, object]]:
    """SQL text and values: rows given to the person, or to a post the person holds and to nobody yet.

    `table` and `person_column` come from code only.
    """
    values: dict[str, object] = {"me": person.id}
    desks = []
    places = dict.fromkeys((held.unit_id, held.post_key, held.cycle_id) for held in person.memberships)
    for number, (unit_id, post_key, cycle_id) in enumerate(places):
        values |= {f"unit_{number}": unit_id, f"post_{number}": post_key}
        only = ""
        if cycle_id is not None:
            values[f"cycle_{number}"] = cycle_id
            only = f" and {table}.cycle_id = :cycle_{number}"
        desks.append(f"({table}.unit_id = :unit_{number} and {table}.post_key = :post_{number}{only})")
    mine = f"{table}.{person_column} = :me"
    if not desks:
        return f"({mine})", values
    return f"({mine} or ({table}.{person_column} is null and ({' or '.join(desks)})))", values
