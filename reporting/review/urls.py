from django.urls import path

from reporting.review import behalf_views, consulting, correcting, papers, revisions, sent_file_views, views

app_name = "review"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:deadline>/", views.deadline, name="deadline"),
    path("<int:deadline>/begin/", views.begin, name="begin"),
    path("<int:deadline>/history/", views.history, name="history"),
    path("<int:deadline>/consultations/<int:number>/", consulting.consultation, name="consultation"),
    path(
        "<int:deadline>/consultations/<int:number>/files/<uuid:uuid>/",
        consulting.shown_file,
        name="shown_file",
    ),
    path("<int:deadline>/notes/", consulting.note, name="note"),
    path("<int:deadline>/notes/<int:note>/drop/", consulting.drop_note, name="drop_note"),
    path("<int:deadline>/corrections/<str:anchor>/", correcting.propose, name="propose"),
    path(
        "<int:deadline>/corrections/<int:correction>/withdraw/",
        correcting.withdraw,
        name="withdraw_correction",
    ),
    path("<int:deadline>/compare/", revisions.compare, name="compare"),
    path("<int:deadline>/behalf/", behalf_views.behalf_page, name="behalf"),
    path("<int:deadline>/behalf/workbook-<str:language>.xlsx", behalf_views.workbook, name="workbook"),
    path("<int:deadline>/behalf/send/", behalf_views.send, name="send_workbook"),
    path("<int:deadline>/behalf/upload/", behalf_views.upload, name="upload_workbook"),
    path("<int:deadline>/behalf/discard/", behalf_views.discard, name="discard_workbook"),
    path("<int:deadline>/behalf/file/", behalf_views.file, name="file_on_behalf"),
    path("<int:deadline>/behalf/parts/<str:anchor>/", behalf_views.part, name="returned_part"),
    path("<int:deadline>/behalf/files/", sent_file_views.add, name="add_sent_files"),
    path("<int:deadline>/behalf/files/said/", sent_file_views.describe, name="describe_sent_files"),
    path("<int:deadline>/behalf/files/<uuid:uuid>/", sent_file_views.picture, name="sent_picture"),
    path("<int:deadline>/<int:revision>/original/", behalf_views.original, name="original"),
    path("<int:deadline>/<int:revision>/paper.pdf", papers.filed, name="paper"),
    path("<int:deadline>/<int:revision>/photos/<uuid:uuid>/", views.attachment, name="attachment"),
]
