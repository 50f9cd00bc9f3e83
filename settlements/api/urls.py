from django.urls import path

from settlements.api.views import holding, settlements, transfer_lists, transfers

urlpatterns = [
    path("platform/transfers/order", transfers.Orders.as_view()),
    path("platform/transfers/order-cancel", transfers.OrderCancels.as_view()),
    path("platform/transfers/manual", transfers.Manuals.as_view()),
    path("platform/transfers/<str:id>", transfers.SingleTransfer.as_view()),
    path("platform/transfer-summaries", transfer_lists.TransferSummaries.as_view()),
    path("platform/transfer-summaries/sheet-file", transfer_lists.TransferSheet.as_view()),
    path("platform/partner-settlements", settlements.PartnerSettlements.as_view()),
    path("platform/partner-settlements/delete", settlements.DeletePartnerSettlements.as_view()),
    path("platform/partner-settlements/hold", holding.HoldSettlements.as_view()),
    path("platform/partner-settlements/exclude", holding.ExcludeSettlements.as_view()),
    path("platform/partner-settlements/restore", holding.RestoreSettlements.as_view()),
]
