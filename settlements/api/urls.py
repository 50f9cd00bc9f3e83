from django.urls import path

from settlements.api.views import settlements

urlpatterns = [
    path("platform/partner-settlements", settlements.PartnerSettlements.as_view()),
    path("platform/partner-settlements/delete", settlements.DeletePartnerSettlements.as_view()),
]
