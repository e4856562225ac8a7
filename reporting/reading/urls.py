from django.urls import path

from reporting.reading import views

app_name = "reading"
urlpatterns = [
    path("search/", views.search_all, name="search"),
    path("to-ask/", views.to_ask, name="to_ask"),
    path("reports/<int:deadline>/ask/", views.ask, name="ask"),
    path("reports/<int:deadline>/ask/<int:pk>/", views.change, name="change"),
    path("programmes/<slug:code>/<int:number>/", views.across_round, name="across"),
]
