"""Addresses of mailed links."""

from django.urls import path

from core.notifications.pages import open_link

urlpatterns = [
    path("p/<str:token>/", open_link, name="access-link"),
    path("p/<str:token>/<slug:part>", open_link, name="access-link-part"),
]
