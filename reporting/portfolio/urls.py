from django.urls import path

from reporting.portfolio import views

app_name = "portfolio"
urlpatterns = [
    path("", views.index, name="index"),
    path("programmes/<slug:code>/", views.programme, name="programme"),
    path("programmes/<slug:code>/rounds/<int:number>/freshness/", views.freshness, name="freshness"),
]
