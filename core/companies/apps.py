from django.apps import AppConfig
from django.core.signals import request_finished
from django.db.models.signals import post_migrate


class CompaniesConfig(AppConfig):
    name = "core.companies"
    verbose_name = "고객사"

    def ready(self) -> None:
        from core.companies import isolation

        request_finished.connect(isolation.release)
        post_migrate.connect(isolation.wall_in, sender=self)
