"""Setting up, under /desk/setup/."""

from django.urls import path

from reporting.setup.views import (
    changes,
    dates,
    deadlines,
    distributors,
    editions,
    grants,
    holidays,
    intake,
    offers,
    outcome_links,
    people,
    plan_uploads,
    plans,
    programmes,
    proposals,
)

app_name = "setup"
urlpatterns = [
    path("", programmes.index, name="index"),
    path("programmes/new/", programmes.new_programme, name="new_programme"),
    path("editions/", editions.index, name="editions"),
    path("editions/<str:key>/<int:version>/", editions.edition, name="edition"),
    path("editions/<str:key>/<int:version>/labels/<slug:slug>/", editions.labels, name="labels"),
    path("distributors/<slug:slug>/fiscal-year/", distributors.fiscal_year, name="fiscal_year"),
    path("distributors/<slug:slug>/holidays/", holidays.index, name="holiday_lists"),
    path("distributors/<slug:slug>/holidays/<int:pk>/", holidays.holidays, name="holidays"),
    path("distributors/<slug:slug>/holidays/<int:pk>/remove/", holidays.remove, name="remove_holidays"),
    path("programmes/<slug:code>/", programmes.programme, name="programme"),
    path("programmes/<slug:code>/edit/", programmes.edit_programme, name="edit_programme"),
    path("programmes/<slug:code>/rounds/new/", programmes.new_round, name="new_round"),
    path("programmes/<slug:code>/rounds/<int:number>/", programmes.round_, name="round"),
    path("programmes/<slug:code>/rounds/<int:number>/dates/", dates.dates, name="dates"),
    path("programmes/<slug:code>/grants/new/", grants.new_grant, name="new_grant"),
    path("programmes/<slug:code>/grants/paste/", grants.paste_grants, name="paste_grants"),
    path("programmes/<slug:code>/plans/", intake.index, name="intake"),
    path("programmes/<slug:code>/plans/files/", plan_uploads.upload, name="upload_plans"),
    path("programmes/<slug:code>/plans/paste/", plan_uploads.paste, name="paste_plans"),
    path("programmes/<slug:code>/plans/template/", plan_uploads.template, name="plan_template"),
    path("programmes/<slug:code>/plans/example/", plan_uploads.example, name="example_plan"),
    path("programmes/<slug:code>/plans/register/", intake.register_ready, name="register_plans"),
    path("programmes/<slug:code>/plans/<int:pk>/", intake.found, name="found_plan"),
    path("programmes/<slug:code>/plans/files/<int:pk>/marked/", plan_uploads.marked, name="marked_plans"),
    path("programmes/<slug:code>/plans/files/<int:pk>/discard/", plan_uploads.discard, name="discard_plans"),
    path("grants/<slug:code>/", grants.grant, name="grant"),
    path("grants/<slug:code>/edit/", grants.edit_grant, name="edit_grant"),
    path("grants/<slug:code>/rounds/<int:number>/require/", deadlines.require, name="require"),
    path("deadlines/<int:pk>/", deadlines.deadline, name="deadline"),
    path("organizations/<slug:slug>/", people.people, name="people"),
    path("organizations/<slug:slug>/state/", people.room_state, name="room_state"),
    path("organizations/<slug:slug>/invitations/<int:pk>/resend/", people.resend, name="resend"),
    path("organizations/<slug:slug>/invitations/<int:pk>/revoke/", people.revoke, name="revoke"),
    path("organizations/<slug:slug>/memberships/<int:pk>/end/", people.end, name="end_membership"),
    path(
        "organizations/<slug:slug>/memberships/<int:pk>/address/", people.clear_address, name="clear_address"
    ),
    path("grants/<slug:code>/plan/", plans.plan, name="plan"),
    path("grants/<slug:code>/plan/begin/", plans.begin, name="begin_plan"),
    path("grants/<slug:code>/plan/discard/", plans.discard, name="discard_plan"),
    path("grants/<slug:code>/plan/register/", plans.register, name="register_plan"),
    path("grants/<slug:code>/plan/paste/", plans.paste, name="paste_plan"),
    path("grants/<slug:code>/plan/rows/new/", plans.row, name="new_row"),
    path("grants/<slug:code>/plan/rows/<uuid:uuid>/", plans.row, name="row"),
    path("grants/<slug:code>/plan/rows/<uuid:uuid>/move/", plans.move, name="move_row"),
    path("grants/<slug:code>/plan/rows/<uuid:uuid>/remove/", plans.remove, name="remove_row"),
    path("grants/<slug:code>/plan/links/", outcome_links.links, name="outcome_links"),
    path("grants/<slug:code>/plan/changes/", offers.offer, name="offer_change"),
    path("grants/<slug:code>/changes/<int:number>/", changes.change_request, name="change_request"),
    path("grants/<slug:code>/changes/<int:number>/decide/", changes.decide_change, name="decide_change"),
    path("grants/<slug:code>/changes/<int:number>/return/", changes.return_change, name="return_change"),
    path(
        "grants/<slug:code>/changes/<int:number>/withdraw/", changes.withdraw_change, name="withdraw_change"
    ),
    path("grants/<slug:code>/versions/<int:number>/", proposals.version, name="version"),
    path("grants/<slug:code>/versions/<int:number>/since/<int:since>/", proposals.changes, name="changes"),
    path("grants/<slug:code>/proposals/<int:pk>/", proposals.proposal, name="proposal"),
    path(
        "grants/<slug:code>/proposals/<int:pk>/approve/", proposals.approve_proposal, name="approve_proposal"
    ),
    path(
        "grants/<slug:code>/proposals/<int:pk>/decline/", proposals.decline_proposal, name="decline_proposal"
    ),
]
