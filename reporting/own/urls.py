"""The distributor's own plan and its links, under /desk/programmes/."""

from django.urls import path

from reporting.own import views

app_name = "own"
urlpatterns = [
    path("programmes/<slug:code>/own/", views.index, name="index"),
    path("programmes/<slug:code>/own/begin/", views.begin, name="begin"),
    path("programmes/<slug:code>/own/links/", views.links, name="links"),
    path("programmes/<slug:code>/own/links/<int:pk>/end/", views.end, name="end"),
]
