"""Handing grants over to another officer, under /desk/handover/."""

from django.urls import path

from reporting.handover import views

app_name = "handover"
urlpatterns = [path("<slug:slug>/", views.index, name="index")]
