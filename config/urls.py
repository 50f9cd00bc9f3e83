from django.contrib import admin
from django.urls import URLPattern, URLResolver, path

from config.health import healthz

urlpatterns: list[URLPattern | URLResolver] = [
    path("healthz", healthz),
    path("admin/", admin.site.urls),
]

handler404 = "config.failures.not_found"
handler500 = "config.failures.server_error"
