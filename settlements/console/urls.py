from django.urls import path

from settlements.console import views

app_name = "settlements"
urlpatterns = [
    path("settlements", views.settlement_list, name="settlements"),
    path("settlements/<str:public_id>", views.settlement_detail, name="settlement"),
    path("transfers", views.transfer_list, name="transfers"),
    path("transfers/<str:public_id>", views.transfer_detail, name="transfer"),
    path("transfers/<str:public_id>/delete", views.transfer_delete, name="transfer_delete"),
]
