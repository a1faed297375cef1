"""Who may open the pages of people. Whether a change is allowed is asked again at the thing itself."""

from sqlalchemy import Connection

from api.errors import Trouble
from api.language import gettext as _
from api.shell import can
from engine.people.acts import act_to_appoint
from engine.people.persons import Person
from engine.people.posts import list_posts
from engine.people.refusals import PeopleRefused

LOOK = ("see_people", "manage_people", "manage_rights")


def require(person: Person, *acts: str) -> None:
    """Raises Trouble(403) when no post of the person grants one of `acts`."""
    if not can(person, *acts):
        raise Trouble(403, "not_allowed")


def fillable(connection: Connection, person: Person) -> dict[str, str]:
    """The posts that the person may fill and vacate: key and name, highest rank first."""
    return {
        post.key: post.name
        for post in list_posts(connection)
        if can(person, act_to_appoint(grant.act for grant in post.grants))
    }


def check_not_oneself(person: Person, user_id: str) -> None:
    """Raises PeopleRefused: nobody gives a post to themselves."""
    if user_id == person.id:
        raise PeopleRefused("own_post", _("不能任命自己，请由另一位管理员办理。"), user_id=user_id)


def check_may_appoint(connection: Connection, person: Person, post_key: str) -> None:
    """Raises Trouble(403) for a post that the person may not fill; an unknown one is refused elsewhere."""
    post = next((post for post in list_posts(connection) if post.key == post_key), None)
    if post is not None:
        require(person, act_to_appoint(grant.act for grant in post.grants))
