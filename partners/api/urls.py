from django.urls import path

from partners.api import partners, policies, views
from partners.api.families import paths

urlpatterns = [
    path("platform/setting", views.Setting.as_view()),
    path("platform/partner-filter-options", views.PartnerFilterOptions.as_view()),
    path(
        "platform/discount-share-policy-filter-options",
        views.DiscountShareFilterOptions.as_view(),
    ),
    path("platform/partners/batch", partners.Batch.as_view()),
    path("platform/partners/schedule", partners.BulkSchedule.as_view()),
    *paths(policies.CONTRACTS),
    *paths(policies.DISCOUNT_SHARES),
    *paths(policies.ADDITIONAL_FEES),
    *paths(partners.PARTNERS),
]
