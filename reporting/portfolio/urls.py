from django.urls import path

from reporting.portfolio import figures, numbers, scheme, sure, views

app_name = "portfolio"
urlpatterns = [
    path("", views.index, name="index"),
    path("scheme/", scheme.scheme, name="scheme"),
    path("programmes/<slug:code>/", views.programme, name="programme"),
    path("programmes/<slug:code>/rounds/<int:number>/freshness/", views.freshness, name="freshness"),
    path("programmes/<slug:code>/rounds/<int:number>/charts/", views.charts, name="charts"),
    path(
        "programmes/<slug:code>/rounds/<int:number>/map/<slug:grant>/<uuid:row>/",
        views.cell,
        name="cell",
    ),
    path("programmes/<slug:code>/figures/", figures.figures, name="figures"),
    path("programmes/<slug:code>/rounds/<int:number>/figures/charts/", figures.charts, name="figure_charts"),
    path("programmes/<slug:code>/common/<int:number>/", figures.common, name="common"),
    path("grants/<slug:code>/numbers/", numbers.grant, name="numbers"),
    path("grants/<slug:code>/versions/<int:number>/numbers/", sure.sure, name="sure"),
    path("grants/<slug:code>/numbers/<uuid:uuid>/<slug:aspect>/", numbers.number, name="number"),
]
