from django.urls import path

from partners.api import lookups, partners, policies, properties, views
from partners.api.families import paths

urlpatterns = [
    path("platform/setting", views.Setting.as_view()),
    path("platform/partner-filter-options", views.PartnerFilterOptions.as_view()),
    path(
        "platform/discount-share-policy-filter-options",
        views.DiscountShareFilterOptions.as_view(),
    ),
    path("platform/bank-accounts/<str:bank>/<str:number>/holder", lookups.Holders.as_view()),
    path("platform/companies/<str:brn>/state", lookups.CompanyStates.as_view()),
    path("b2b/companies/business-info", lookups.BusinessInfos.as_view()),
    path("platform/partners/batch", partners.Batch.as_view()),
    path("platform/partners/schedule", partners.BulkSchedule.as_view()),
    path("platform/user-defined-properties", properties.Definitions.as_view()),
    path(
        "platform/user-defined-properties/<str:object_type>/<str:key>",
        properties.SingleDefinition.as_view(),
    ),
    *paths(policies.CONTRACTS),
    *paths(policies.DISCOUNT_SHARES),
    *paths(policies.ADDITIONAL_FEES),
    *paths(partners.PARTNERS),
]
