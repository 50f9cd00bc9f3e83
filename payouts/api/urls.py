from django.urls import path

from payouts.api import views

urlpatterns = [
    path("platform/payouts", views.Payouts.as_view()),
    path("platform/bulk-payouts", views.BulkPayouts.as_view()),
    path("platform/account-transfers", views.AccountTransfers.as_view()),
    path("platform/bulk-account-transfers", views.BulkAccountTransfers.as_view()),
]
