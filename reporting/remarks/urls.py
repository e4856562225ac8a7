from django.urls import path

from reporting.remarks import views

app_name = "remarks"
urlpatterns = [
    path("", views.index, name="index"),
    path("<slug:code>/<int:number>/", views.of_round, name="round"),
    path("<slug:code>/<int:number>/save/", views.autosave, name="autosave"),
]
