from django.urls import path

from reporting.review import revisions, views

app_name = "review"
urlpatterns = [
    path("", views.index, name="index"),
    path("<int:deadline>/", views.deadline, name="deadline"),
    path("<int:deadline>/begin/", views.begin, name="begin"),
    path("<int:deadline>/history/", views.history, name="history"),
    path("<int:deadline>/compare/", revisions.compare, name="compare"),
    path("<int:deadline>/<int:revision>/photos/<uuid:uuid>/", views.attachment, name="attachment"),
]
