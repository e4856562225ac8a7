from django.urls import path

from reporting.exports import views

app_name = "exports"
urlpatterns = [path("programmes/<slug:code>/rounds/<int:number>.xlsx", views.workbook, name="workbook")]
