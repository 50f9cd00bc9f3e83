from django.apps import AppConfig


class CompaniesConfig(AppConfig):
    name = "core.companies"
    verbose_name = "고객사"
