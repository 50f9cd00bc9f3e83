from django.urls import path

from payouts.api import completion, views

urlpatterns = [
    path("platform/partner-settlements/complete-payout", completion.CompletePayouts.as_view()),
    path("platform/payouts", views.Payouts.as_view()),
    path("platform/bulk-payouts", views.BulkPayouts.as_view()),
    path("platform/account-transfers", views.AccountTransfers.as_view()),
    path("platform/bulk-account-transfers", views.BulkAccountTransfers.as_view()),
]
