from django.contrib import admin
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import RedirectView

from config.health import healthz
from core.console.brand import brand_css
from core.console.urls import mounted

urlpatterns: list[URLPattern | URLResolver] = [
    path("", RedirectView.as_view(url="/console/")),
    path("healthz", healthz),
    path("admin/", admin.site.urls),
    path("brand.css", brand_css),
    path("", include("core.api.docs")),
    path("", include("settlements.api.urls")),
    path("", include("invoices.api.urls")),
    path("", include("partners.api.urls")),
    path("", include("payouts.api.urls")),
    path("", include("core.api.urls")),
    path("", include("core.notifications.urls")),
    path("", include("invoices.pages.urls")),
    *mounted(),
]

handler400 = "config.failures.bad_request"
handler404 = "config.failures.not_found"
handler500 = "config.failures.server_error"
