"""Plans in an organization's room, under /o/<slug>/plans/."""

from django.urls import path

from tenants.frameworks.views import changes, drafts, plans

app_name = "frameworks"
urlpatterns = [
    path("", plans.index, name="index"),
    path("<slug:grant>/", plans.plan, name="plan"),
    path("<slug:grant>/versions/<int:number>/", plans.version, name="version"),
    path("<slug:grant>/versions/<int:number>/confirm/", plans.confirm, name="confirm"),
    path("<slug:grant>/versions/<int:number>/since/<int:since>/", plans.changes, name="changes"),
    path("<slug:grant>/withdraw/", plans.withdraw, name="withdraw"),
    path("<slug:grant>/begin/", plans.begin, name="begin"),
    path("<slug:grant>/draft/", drafts.draft, name="draft"),
    path("<slug:grant>/draft/discard/", drafts.discard, name="discard"),
    path("<slug:grant>/draft/changes/", changes.draft, name="draft_changes"),
    path("<slug:grant>/changes/<int:number>/", changes.request, name="change_request"),
    path("<slug:grant>/changes/<int:number>/answer/", changes.answer, name="answer_change"),
    path("<slug:grant>/changes/<int:number>/withdraw/", changes.withdraw, name="withdraw_change"),
    path("<slug:grant>/draft/hand-in/", drafts.hand_in, name="hand_in"),
    path("<slug:grant>/draft/rows/new/", drafts.row, name="new_row"),
    path("<slug:grant>/draft/rows/<uuid:uuid>/", drafts.row, name="row"),
    path("<slug:grant>/draft/rows/<uuid:uuid>/move/", drafts.move, name="move_row"),
    path("<slug:grant>/draft/rows/<uuid:uuid>/remove/", drafts.remove, name="remove_row"),
]
