"""`/console/…`: the way in, and one subtree per company and environment."""

from importlib import import_module

from django.apps import apps
from django.urls import URLPattern, URLResolver, include, path, register_converter
from django.utils.module_loading import module_has_submodule

from core.console.views import company, entrance


class EnvironmentConverter:
    regex = "live|test"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


register_converter(EnvironmentConverter, "environment")

app_name = "entrance"
urlpatterns = [
    path("", entrance.landing, name="landing"),
    path("login", entrance.log_in, name="login"),
    path("logout", entrance.log_out, name="logout"),
    path("language", entrance.choose_language, name="language"),
    path("logo/<slug:slug>", company.logo, name="logo"),
]


def workspace_urls() -> list[URLResolver]:
    """The pages of this package, then `console/urls.py` of every installed app."""
    modules = ["core.console.pages"]
    for config in apps.get_app_configs():
        if config.module is None or not module_has_submodule(config.module, "console"):
            continue
        if module_has_submodule(import_module(f"{config.name}.console"), "urls"):
            modules.append(f"{config.name}.console.urls")
    return [path("", include(module)) for module in modules]


def mounted() -> list[URLPattern | URLResolver]:
    """Everything below `/console/`, for config/urls.py."""
    inside = workspace_urls()
    return [
        path("console/", include("core.console.urls")),
        path("console/<slug:company_slug>/<environment:environment>/", include(inside)),
    ]
