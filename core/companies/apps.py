from django.apps import AppConfig
from django.core.signals import request_finished
from django.db.backends.signals import connection_created
from django.db.models.signals import post_migrate


class CompaniesConfig(AppConfig):
    name = "core.companies"
    verbose_name = "고객사"

    def ready(self) -> None:
        from core.companies import isolation, walls

        request_finished.connect(isolation.release)
        connection_created.connect(isolation.confine_again)
        post_migrate.connect(walls.build_walls, sender=self)
