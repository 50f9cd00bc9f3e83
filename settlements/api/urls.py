from django.urls import path

from settlements.api import calculator, uploads
from settlements.api.views import holding, settlements, transfer_lists, transfers

UPLOAD = "platform/order-uploads/<str:id>"
CALCULATOR = "platform/settlement-calculator"

urlpatterns = [
    path("platform/order-uploads", uploads.OrderUploads.as_view()),
    path(UPLOAD, uploads.SingleUpload.as_view()),
    path(f"{UPLOAD}/rejected-rows", uploads.RejectedRows.as_view()),
    path(f"{UPLOAD}/register", uploads.RegisterUpload.as_view()),
    path(f"{UPLOAD}/discard", uploads.DiscardUpload.as_view()),
    path(CALCULATOR, calculator.CurrentCalculator.as_view()),
    path(f"{CALCULATOR}/versions", calculator.CalculatorVersions.as_view()),
    path(f"{CALCULATOR}/validate", calculator.ValidateCalculator.as_view()),
    path(f"{CALCULATOR}/schedule", calculator.CalculatorSchedule.as_view()),
    path("platform/settlement-parameters", calculator.Parameters.as_view()),
    path("platform/settlement-parameters/<str:key>", calculator.SingleParameter.as_view()),
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
