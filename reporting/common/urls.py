"""Common indicators, under /desk/programmes/."""

from django.urls import path

from reporting.common import views

app_name = "common"
urlpatterns = [
    path("programmes/<slug:code>/common/new/", views.new, name="new"),
    path("programmes/<slug:code>/common/<int:number>/edit/", views.edit, name="edit"),
    path("programmes/<slug:code>/common/<int:number>/retire/", views.retire, name="retire"),
    path("programmes/<slug:code>/common/<int:number>/map/", views.map_, name="map"),
    path("programmes/<slug:code>/common/<int:number>/mapped/<int:pk>/end/", views.end, name="end"),
]
