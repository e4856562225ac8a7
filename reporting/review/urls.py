from django.urls import path

from reporting.review import consulting, correcting, papers, revisions, views

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
    path("<int:deadline>/<int:revision>/paper.pdf", papers.filed, name="paper"),
    path("<int:deadline>/<int:revision>/photos/<uuid:uuid>/", views.attachment, name="attachment"),
]
