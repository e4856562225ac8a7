"""Signals, under /desk/programmes/."""

from django.urls import path

from reporting.signals import views

app_name = "signals"
urlpatterns = [
    path("programmes/<slug:code>/signals/", views.signals, name="signals"),
    path("programmes/<slug:code>/signals/limits/", views.limits_page, name="limits"),
    path("review/<int:deadline>/signals/aside/", views.set_aside, name="set_aside"),
    path("review/<int:deadline>/signals/<int:pk>/again/", views.take_up, name="take_up"),
]
