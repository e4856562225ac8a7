from django.urls import path

from reporting.charts import views

app_name = "charts"
urlpatterns = [path("programmes/<slug:code>/rounds/<int:number>/<slug:name>.svg", views.svg, name="svg")]
