from typing import Any

from django.urls import URLPattern, path

from partners.console.views import files, partners, policies, settings

app_name = "partners"


def policy_paths(segment: str, pages: policies.Pages) -> list[URLPattern]:
    """`+` begins what cannot be an id."""
    given: dict[str, Any] = {"pages": pages}
    one = f"{segment}/<str:public_id>"
    return [
        path(segment, policies.policy_list, given, f"{pages.name}s"),
        path(f"{segment}/+new", policies.policy_new, given, f"{pages.name}_new"),
        path(one, policies.policy_detail, given, pages.name),
        path(f"{one}/edit", policies.policy_edit, given, f"{pages.name}_edit"),
        path(f"{one}/archive", policies.policy_archive, given, f"{pages.name}_archive"),
        path(f"{one}/recover", policies.policy_recover, given, f"{pages.name}_recover"),
        path(f"{one}/unplan", policies.policy_unplan, given, f"{pages.name}_unplan"),
    ]


urlpatterns = [
    path("partners", partners.partner_list, name="partners"),
    path("partners/+new", partners.partner_new, name="partner_new"),
    path("partners/+file", files.file_new, name="file_new"),
    path("partners/+file/sample", files.file_sample, name="file_sample"),
    path("partners/+file/<str:public_id>", files.file_preview, name="file"),
    path("partners/+file/<str:public_id>/register", files.file_register, name="file_register"),
    path("partners/+export/<str:format>", files.file_export, name="file_export"),
    path("partners/<str:public_id>", partners.partner_detail, name="partner"),
    path("partners/<str:public_id>/edit", partners.partner_edit, name="partner_edit"),
    path("partners/<str:public_id>/archive", partners.partner_archive, name="partner_archive"),
    path("partners/<str:public_id>/recover", partners.partner_recover, name="partner_recover"),
    path("partners/<str:public_id>/unplan", partners.partner_unplan, name="partner_unplan"),
    path("partners/<str:public_id>/check", partners.partner_check, name="partner_check"),
    path("partners/<str:public_id>/holder", partners.partner_accept_holder, name="accept_holder"),
    path("partners/<str:public_id>/reveal", partners.partner_reveal, name="partner_reveal"),
    path(
        "partners/<str:public_id>/resident-number",
        partners.resident_number_set,
        name="resident_number",
    ),
    path(
        "partners/<str:public_id>/resident-number/reveal",
        partners.resident_number_reveal,
        name="resident_number_reveal",
    ),
    path(
        "partners/<str:public_id>/approve",
        partners.partner_decide,
        {"decision": "approve"},
        name="partner_approve",
    ),
    path(
        "partners/<str:public_id>/reject",
        partners.partner_decide,
        {"decision": "reject"},
        name="partner_reject",
    ),
    path("checks", partners.check_list, name="checks"),
    *policy_paths("contracts", policies.CONTRACTS),
    *policy_paths("discount-shares", policies.DISCOUNT_SHARES),
    *policy_paths("additional-fees", policies.ADDITIONAL_FEES),
    path("settlement-settings", settings.settings, name="settings"),
    path("properties", settings.properties, name="properties"),
    path("properties/<int:pk>", settings.property_change, name="property"),
]
