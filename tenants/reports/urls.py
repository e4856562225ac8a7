from django.urls import path

from tenants.reports.views import (
    autosave,
    change_links,
    check,
    comparing,
    consulting,
    correcting,
    dates,
    files,
    filing,
    home,
    papers,
    proposing,
    report,
    section,
)

app_name = "reports"
urlpatterns = [
    path("", home.home, name="home"),
    path("people/", home.people, name="people"),
    path("reports/", home.index, name="index"),
    path("reports/<int:deadline>/", report.report, name="report"),
    path("reports/<int:deadline>/recall/", report.recall, name="recall"),
    path("reports/<int:deadline>/comments/", report.comment, name="comment"),
    path("reports/<int:deadline>/sections/<slug:section>/", section.section, name="section"),
    path(
        "reports/<int:deadline>/sections/<slug:section>/autosave/",
        autosave.autosave,
        name="autosave",
    ),
    path(
        "reports/<int:deadline>/sections/<slug:section>/rows/<uuid:row>/covers/",
        section.covers,
        name="covers",
    ),
    path("reports/<int:deadline>/sections/<slug:section>/copy/", proposing.copy_from, name="copy_from"),
    path("reports/<int:deadline>/sections/<slug:section>/paste/", proposing.paste, name="paste"),
    path("reports/<int:deadline>/sections/<slug:section>/table/", proposing.table, name="table"),
    path("reports/<int:deadline>/files/", files.upload, name="upload"),
    path("reports/<int:deadline>/files/<uuid:file>/remove/", files.remove, name="remove_file"),
    path("reports/<int:deadline>/rows/<uuid:row>/files/", files.row_files, name="row_files"),
    path("reports/<int:deadline>/rows/<uuid:row>/files/add/", files.upload, name="upload_at_row"),
    path("reports/<int:deadline>/corrections/", correcting.settle, name="settle_corrections"),
    path("reports/<int:deadline>/check/", check.check, name="check"),
    path("reports/<int:deadline>/check/ask/", check.ask, name="ask_approver"),
    path("reports/<int:deadline>/consult/", consulting.consult, name="consult"),
    path("reports/<int:deadline>/consult/show/", consulting.show, name="show"),
    path("reports/<int:deadline>/consult/<int:number>/", consulting.consultation, name="consultation"),
    path("reports/<int:deadline>/consult/<int:number>/withdraw/", consulting.withdraw, name="withdraw"),
    path("reports/<int:deadline>/change-requests/", change_links.link_change, name="link_change"),
    path("reports/<int:deadline>/dates/", dates.dates, name="dates"),
    path("reports/<int:deadline>/dates/withdraw/", dates.withdraw, name="withdraw_request"),
    path("reports/<int:deadline>/compare/", comparing.compare, name="compare"),
    path(
        "reports/<int:deadline>/filings/<int:revision>/transcribe/", filing.transcribe, name="transcription"
    ),
    path("reports/<int:deadline>/filings/<int:revision>/", filing.filing, name="filing"),
    path("reports/<int:deadline>/filings/<int:revision>/paper.pdf", papers.filed, name="paper"),
    path("reports/<int:deadline>/draft.pdf", papers.draft, name="draft_paper"),
]
