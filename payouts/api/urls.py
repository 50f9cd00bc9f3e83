from django.urls import path

from payouts.api import accounts, bulk_payouts, completion, payouts, views

BULK_PAYOUT = "platform/bulk-payouts/<str:id>"
FUNDING_ACCOUNT = "platform/funding-accounts/<str:id>"

urlpatterns = [
    path("platform/partner-settlements/complete-payout", completion.CompletePayouts.as_view()),
    path("platform/payouts", views.Payouts.as_view()),
    path("platform/payouts/retry", payouts.RetryPayouts.as_view()),
    path("platform/payouts/cancel", payouts.CancelPayouts.as_view()),
    path("platform/payouts/send-settlement-statements", payouts.SendStatements.as_view()),
    path("platform/payouts/mark-paid", payouts.MarkPaid.as_view()),
    path("platform/payouts/mark-failed", payouts.MarkFailed.as_view()),
    path("platform/payouts/<str:id>", payouts.SinglePayout.as_view()),
    path("platform/bulk-payouts", views.BulkPayouts.as_view()),
    path(BULK_PAYOUT, bulk_payouts.SingleBulkPayout.as_view()),
    path(f"{BULK_PAYOUT}/select", bulk_payouts.Select.as_view()),
    path(f"{BULK_PAYOUT}/unselect", bulk_payouts.Unselect.as_view()),
    path(f"{BULK_PAYOUT}/selection", bulk_payouts.Selection.as_view()),
    path(f"{BULK_PAYOUT}/generate", bulk_payouts.Generate.as_view()),
    path(f"{BULK_PAYOUT}/preflight", bulk_payouts.Preflight.as_view()),
    path(f"{BULK_PAYOUT}/memos", bulk_payouts.Memos.as_view()),
    path(f"{BULK_PAYOUT}/request-approval", bulk_payouts.RequestApproval.as_view()),
    path(f"{BULK_PAYOUT}/withdraw-approval", bulk_payouts.WithdrawApproval.as_view()),
    path(f"{BULK_PAYOUT}/refuse-approval", bulk_payouts.RefuseApproval.as_view()),
    path(f"{BULK_PAYOUT}/execute", bulk_payouts.Execute.as_view()),
    path(f"{BULK_PAYOUT}/schedule", bulk_payouts.Schedule.as_view()),
    path(f"{BULK_PAYOUT}/stop", bulk_payouts.Stop.as_view()),
    path(f"{BULK_PAYOUT}/cancel", bulk_payouts.Cancel.as_view()),
    path("platform/funding-accounts", accounts.FundingAccounts.as_view()),
    path(FUNDING_ACCOUNT, accounts.SingleFundingAccount.as_view()),
    path(f"{FUNDING_ACCOUNT}/movements", accounts.Movements.as_view()),
    path(f"{FUNDING_ACCOUNT}/recommended-withdrawal", accounts.Recommended.as_view()),
    path(f"{FUNDING_ACCOUNT}/refresh", accounts.Refresh.as_view()),
    path("platform/account-transfers", views.AccountTransfers.as_view()),
    path("platform/bulk-account-transfers", views.BulkAccountTransfers.as_view()),
]
