from django.urls import path

from reporting.exports import views

app_name = "exports"
_ROUND = "programmes/<slug:code>/rounds/<int:number>/"
urlpatterns = [
    path(_ROUND, views.of_round, name="round"),
    path(f"{_ROUND}ask/", views.ask, name="ask"),
    path(f"{_ROUND}under-way/", views.under_way, name="under_way"),
    path(f"{_ROUND}<uuid:uuid>/cancel/", views.cancel, name="cancel"),
    path(f"{_ROUND}<uuid:uuid>/file/", views.file, name="file"),
]
