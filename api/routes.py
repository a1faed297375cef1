"""Every router of the application, in the order in which paths are matched."""

from fastapi import APIRouter

from api import health
from api.designer import designer_pages, process_pages
from api.inbox import instance_pages, list_pages, notice_pages, task_pages
from api.office import (
    cycle_pages,
    incident_pages,
    overview_pages,
    plan_pages,
    rectification_pages,
    target_pages,
)
from api.people import (
    audit_pages,
    calendar_pages,
    division_pages,
    import_pages,
    person_pages,
    stand_in_pages,
    unit_pages,
)
from api.portal import consultation_pages, opinion_pages
from api.rest import (
    audit,
    calendar,
    consultations,
    cycles,
    definitions,
    divisions,
    instances,
    me,
    notices,
    opinions,
    people,
    rectification,
    stand_ins,
    targets,
    units,
    work,
)
from api.security import account_pages, login_pages

ROUTERS: tuple[APIRouter, ...] = (
    health.router,
    login_pages.router,
    account_pages.router,
    stand_in_pages.router,
    list_pages.router,
    task_pages.router,
    instance_pages.router,
    notice_pages.router,
    overview_pages.router,
    incident_pages.router,
    cycle_pages.router,
    plan_pages.router,
    target_pages.router,
    import_pages.router,
    person_pages.router,
    unit_pages.router,
    division_pages.router,
    audit_pages.router,
    calendar_pages.router,
    process_pages.router,
    designer_pages.router,
    consultation_pages.router,
    rectification_pages.router,
    opinion_pages.router,
    work.router,
    instances.router,
    definitions.router,
    cycles.router,
    targets.router,
    units.router,
    divisions.router,
    people.router,
    audit.router,
    calendar.router,
    notices.router,
    consultations.router,
    opinions.router,
    rectification.router,
    me.router,
    stand_ins.router,
)
