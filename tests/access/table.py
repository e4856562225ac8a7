"""Who reaches what: every route of the site with its group and the objects it names.

A route that is not listed here fails `test_access.py`. Values in braces are filled from the `World` of the tests.
"""

from dataclasses import dataclass, field
from enum import Enum


class Group(Enum):
    """Who may come in."""

    PUBLIC = "everybody, signed in or not"
    PERSON = "everybody who is signed in"
    ROOM = "people of the organization"
    ROOM_WRITING = "people of the organization; readers change nothing"
    DESK = "staff of the programme's distributor; its readers change nothing"
    STAFF = "staff of any distributor: shows their own things only"
    APPROVERS = "approvers of the organization"
    MANAGERS = "managers of the distributor"
    ADMINISTRATION = "administrators"


@dataclass(frozen=True)
class Route:
    """One route: its group, and for each argument the name of the world's object."""

    group: Group
    arguments: dict[str, str] = field(default_factory=dict)


def room(**arguments: str) -> Route:
    return Route(Group.ROOM, {"organization": "slug", **arguments})


def writing(**arguments: str) -> Route:
    return Route(Group.ROOM_WRITING, {"organization": "slug", **arguments})


def desk(**arguments: str) -> Route:
    return Route(Group.DESK, arguments)


def approvers(**arguments: str) -> Route:
    return Route(Group.APPROVERS, {"slug": "slug", **arguments})


def managers(**arguments: str) -> Route:
    return Route(Group.MANAGERS, {"slug": "distributor", **arguments})


def administration(**arguments: str) -> Route:
    return Route(Group.ADMINISTRATION, arguments)


PUBLIC, PERSON, STAFF = Route(Group.PUBLIC), Route(Group.PERSON), Route(Group.STAFF)

ROUTES: dict[str, Route] = {
    # the ground
    "healthz": PUBLIC,
    "readyz": PUBLIC,
    "sweepz": PUBLIC,
    "set_language": PUBLIC,
    "home": PERSON,
    "account_login": PUBLIC,
    "account_confirm_login_code": PUBLIC,
    "sign_in_with_password": PUBLIC,
    "account_logout": PUBLIC,
    "accounts:settings": PERSON,
    "accounts:password": PERSON,
    "accounts:drop_kept": PERSON,
    "accounts:join": Route(Group.PUBLIC, {"token": "token"}),
    "houses:people": approvers(),
    "houses:change_member": approvers(pk="membership"),
    "houses:change_invitation": approvers(pk="organization_invitation"),
    "houses:staff": managers(),
    "houses:change_staff": managers(pk="staff_membership"),
    "houses:change_staff_invitation": managers(pk="invitation"),
    "calendars:calendar": PERSON,
    "calendars:change_feed": PERSON,
    "calendars:feed": Route(Group.PUBLIC, {"token": "feed"}),
    "administration:home": administration(),
    "administration:create_distributor": administration(),
    "administration:distributor": administration(slug="distributor"),
    "administration:change_staff": administration(slug="distributor", pk="staff_membership"),
    "administration:change_invitation": administration(slug="distributor", pk="invitation"),
    "administration:organizations": administration(),
    "administration:state": administration(),
    "administration:editions": administration(),
    "administration:edition": administration(key="edition", version="edition_version"),
    "administration:people": administration(),
    "administration:person": administration(pk="person"),
    "administration:change_person": administration(pk="person"),
    # an organization's room
    "reports:home": room(),
    "reports:people": room(),
    "reports:index": room(),
    "reports:report": room(deadline="deadline"),
    "reports:recall": writing(deadline="deadline"),
    "reports:comment": writing(deadline="deadline"),
    "reports:section": writing(deadline="deadline", section="section"),
    "reports:autosave": writing(deadline="deadline", section="section"),
    "reports:covers": writing(deadline="deadline", section="results", row="row"),
    "reports:copy_from": writing(deadline="deadline", section="section"),
    "reports:paste": writing(deadline="deadline", section="results"),
    "reports:table": writing(deadline="deadline", section="results"),
    "reports:upload": writing(deadline="deadline"),
    "reports:remove_file": writing(deadline="deadline", file="file"),
    "reports:row_files": writing(deadline="deadline", row="row"),
    "reports:upload_at_row": writing(deadline="deadline", row="row"),
    "reports:ask_approver": writing(deadline="deadline"),
    "reports:check": writing(deadline="deadline"),
    "reports:transcription": room(deadline="deadline", revision="revision"),
    "reports:filing": room(deadline="deadline", revision="revision"),
    "reports:paper": room(deadline="deadline", revision="revision"),
    "reports:original": room(deadline="behalf_deadline", revision="revision"),
    "reports:own_draft": room(deadline="behalf_deadline"),
    "reports:draft_paper": room(deadline="deadline"),
    "reports:compare": room(deadline="deadline"),
    "reports:dates": writing(deadline="deadline"),
    "reports:link_change": writing(deadline="deadline"),
    "reports:withdraw_request": writing(deadline="deadline"),
    "reports:consult": room(deadline="deadline"),
    "reports:show": writing(deadline="deadline"),
    "reports:consultation": writing(deadline="deadline", number="consultation"),
    "reports:withdraw": writing(deadline="deadline", number="consultation"),
    "reports:settle_corrections": writing(deadline="deadline"),
    "frameworks:index": room(),
    "frameworks:plan": room(grant="grant"),
    "frameworks:version": room(grant="grant", number="version"),
    "frameworks:changes": room(grant="grant", number="version", since="version"),
    "frameworks:confirm": writing(grant="grant", number="version"),
    "frameworks:withdraw": writing(grant="grant"),
    "frameworks:begin": writing(grant="grant"),
    "frameworks:draft": writing(grant="grant"),
    "frameworks:discard": writing(grant="grant"),
    "frameworks:draft_changes": writing(grant="grant"),
    "frameworks:change_request": room(grant="grant", number="change_request"),
    "frameworks:answer_change": writing(grant="grant", number="change_request"),
    "frameworks:withdraw_change": writing(grant="grant", number="change_request"),
    "frameworks:hand_in": writing(grant="grant"),
    "frameworks:new_row": writing(grant="grant"),
    "frameworks:row": writing(grant="grant", uuid="draft_row"),
    "frameworks:move_row": writing(grant="grant", uuid="draft_row"),
    "frameworks:remove_row": writing(grant="grant", uuid="draft_row"),
    "evidence:file": room(file="file"),
    "evidence:filed": room(filing="filing", file="filed_photo"),
    "evidence:shown": room(deadline="deadline", number="consultation", file="filed_photo"),
    # the distributors' desk
    "portfolio:index": STAFF,
    "portfolio:scheme": STAFF,
    "portfolio:programme": desk(code="programme"),
    "portfolio:freshness": desk(code="programme", number="round"),
    "portfolio:numbers": desk(code="grant"),
    "portfolio:sure": desk(code="grant", number="version"),
    "portfolio:number": desk(code="grant", uuid="indicator", aspect="aspect"),
    "portfolio:figures": desk(code="programme"),
    "portfolio:charts": desk(code="programme", number="round"),
    "portfolio:cell": desk(code="programme", number="round", grant="grant", row="row"),
    "portfolio:figure_charts": desk(code="programme", number="round"),
    "portfolio:common": desk(code="programme", number="common"),
    "own:index": desk(code="programme"),
    "own:begin": desk(code="programme"),
    "own:links": desk(code="programme"),
    "own:end": desk(code="programme", pk="row_link"),
    "common:new": desk(code="programme"),
    "common:edit": desk(code="programme", number="common"),
    "common:map": desk(code="programme", number="common"),
    "common:end": desk(code="programme", number="common", pk="mapped"),
    "common:retire": desk(code="programme", number="common"),
    "remarks:index": STAFF,
    "remarks:round": desk(code="programme", number="round"),
    "remarks:autosave": desk(code="programme", number="round"),
    "profiles:profile": desk(slug="slug"),
    "profiles:new_talk": desk(slug="slug"),
    "profiles:talk": desk(slug="slug", pk="talk"),
    "profiles:strike": desk(slug="slug", pk="talk"),
    "signals:signals": desk(code="programme"),
    "signals:limits": desk(code="programme"),
    "signals:set_aside": desk(deadline="deadline"),
    "signals:take_up": desk(deadline="deadline", pk="aside"),
    "charts:svg": desk(code="programme", number="round", name="chart"),
    "exports:round": desk(code="programme", number="round"),
    "exports:under_way": desk(code="programme", number="round"),
    "exports:ask": desk(code="programme", number="round"),
    "exports:cancel": desk(code="programme", number="round", uuid="export"),
    "exports:file": desk(code="programme", number="round", uuid="export"),
    "reading:search": STAFF,
    "reading:to_ask": STAFF,
    "reading:change": desk(deadline="deadline", pk="to_ask"),
    "reading:ask": desk(deadline="deadline"),
    "reading:across": desk(code="programme", number="round"),
    "review:index": STAFF,
    "review:deadline": desk(deadline="deadline"),
    "review:begin": desk(deadline="deadline"),
    "review:history": desk(deadline="deadline"),
    "review:propose": desk(deadline="deadline", anchor="anchor"),
    "review:withdraw_correction": desk(deadline="deadline", correction="correction"),
    "review:compare": desk(deadline="deadline"),
    "review:consultation": desk(deadline="deadline", number="consultation"),
    "review:shown_file": desk(deadline="deadline", number="consultation", uuid="filed_photo"),
    "review:note": desk(deadline="deadline"),
    "review:drop_note": desk(deadline="deadline", note="note"),
    "review:behalf": desk(deadline="open_deadline"),
    "review:workbook": desk(deadline="open_deadline", language="language"),
    "review:send_workbook": desk(deadline="open_deadline"),
    "review:upload_workbook": desk(deadline="open_deadline"),
    "review:discard_workbook": desk(deadline="open_deadline"),
    "review:file_on_behalf": desk(deadline="open_deadline"),
    "review:returned_part": desk(deadline="open_deadline", anchor="activities"),
    "review:add_sent_files": desk(deadline="open_deadline"),
    "review:describe_sent_files": desk(deadline="open_deadline"),
    "review:sent_picture": desk(deadline="open_deadline", uuid="sent_photo"),
    "review:original": desk(deadline="behalf_deadline", revision="revision"),
    "reminding:index": STAFF,
    "reminding:waiting": desk(pk="asked_mail"),
    "reminding:deadline": desk(pk="deadline"),
    "reminding:person": desk(slug="slug", pk="membership"),
    "reminding:ladder": desk(code="programme"),
    "reminding:texts": desk(code="programme"),
    "reminding:text": Route(Group.DESK, {"code": "programme", "what": "mail_text"}),
    "reminding:again": desk(pk="deadline", mail="refused_mail"),
    "setup:index": STAFF,
    "setup:new_programme": STAFF,
    "setup:editions": STAFF,
    "setup:edition": Route(Group.STAFF, {"key": "edition", "version": "edition_version"}),
    "setup:labels": desk(key="edition", version="edition_version", slug="distributor"),
    "handover:index": desk(slug="distributor"),
    "setup:fiscal_year": desk(slug="distributor"),
    "setup:holiday_lists": desk(slug="distributor"),
    "setup:holidays": desk(slug="distributor", pk="holidays"),
    "setup:remove_holidays": desk(slug="distributor", pk="holidays"),
    "setup:programme": desk(code="programme"),
    "setup:edit_programme": desk(code="programme"),
    "setup:new_round": desk(code="programme"),
    "setup:round": desk(code="programme", number="round"),
    "setup:dates": desk(code="programme", number="round"),
    "setup:new_grant": desk(code="programme"),
    "setup:paste_grants": desk(code="programme"),
    "setup:intake": desk(code="programme"),
    "setup:upload_plans": desk(code="programme"),
    "setup:paste_plans": desk(code="programme"),
    "setup:plan_template": desk(code="programme"),
    "setup:example_plan": desk(code="programme"),
    "setup:register_plans": desk(code="programme"),
    "setup:found_plan": desk(code="programme", pk="found_plan"),
    "setup:marked_plans": desk(code="programme", pk="plan_file"),
    "setup:discard_plans": desk(code="programme", pk="plan_file"),
    "setup:grant": desk(code="grant"),
    "setup:edit_grant": desk(code="grant"),
    "setup:require": desk(code="grant", number="round"),
    "setup:deadline": desk(pk="deadline"),
    "setup:people": desk(slug="slug"),
    "setup:room_state": desk(slug="slug"),
    "setup:resend": desk(slug="slug", pk="organization_invitation"),
    "setup:revoke": desk(slug="slug", pk="organization_invitation"),
    "setup:end_membership": desk(slug="slug", pk="membership"),
    "setup:clear_address": desk(slug="slug", pk="membership"),
    "setup:plan": desk(code="grant"),
    "setup:begin_plan": desk(code="grant"),
    "setup:discard_plan": desk(code="grant"),
    "setup:register_plan": desk(code="grant"),
    "setup:paste_plan": desk(code="grant"),
    "setup:new_row": desk(code="grant"),
    "setup:row": desk(code="grant", uuid="plan_row"),
    "setup:move_row": desk(code="grant", uuid="plan_row"),
    "setup:remove_row": desk(code="grant", uuid="plan_row"),
    "setup:version": desk(code="grant", number="version"),
    "setup:changes": desk(code="grant", number="version", since="version"),
    "setup:outcome_links": desk(code="grant"),
    "setup:offer_change": desk(code="grant"),
    "setup:change_request": desk(code="grant", number="change_request"),
    "setup:decide_change": desk(code="grant", number="change_request"),
    "setup:return_change": desk(code="grant", number="change_request"),
    "setup:withdraw_change": desk(code="grant", number="change_request"),
    "setup:proposal": desk(code="grant", pk="proposal"),
    "setup:approve_proposal": desk(code="grant", pk="proposal"),
    "setup:decline_proposal": desk(code="grant", pk="proposal"),
    "review:paper": desk(deadline="deadline", revision="revision"),
    "review:attachment": desk(deadline="deadline", revision="revision", uuid="filed_photo"),
}
