from django.urls import path

from settlements.console.views import calculator, settlements, transfers

app_name = "settlements"
# `+` begins what cannot be an id.
urlpatterns = [
    path("calculator", calculator.calculator, name="calculator"),
    path("calculator/edit", calculator.calculator_edit, name="calculator_edit"),
    path("calculator/unplan", calculator.calculator_unplan, name="calculator_unplan"),
    path("calculator/parameters", calculator.parameters, name="parameters"),
    path("calculator/parameters/<str:key>/edit", calculator.parameter_edit, name="parameter_edit"),
    path("settlements", settlements.settlement_list, name="settlements"),
    path("settlements/+settle", settlements.settle, name="settle"),
    path("settlements/<str:public_id>", settlements.settlement_detail, name="settlement"),
    path("transfers", transfers.transfer_list, name="transfers"),
    path("transfers/+manual", transfers.manual_new, name="manual_new"),
    path("transfers/<str:public_id>", transfers.transfer_detail, name="transfer"),
    path("transfers/<str:public_id>/delete", transfers.transfer_delete, name="transfer_delete"),
]
