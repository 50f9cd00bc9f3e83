from django.urls import path

from invoices.pages import papers, sandbox

urlpatterns = [
    path("papers/<str:token>", papers.paper, name="invoice-paper"),
    path("sandbox/certificates/<str:token>", sandbox.certificate, name="sandbox-certificate"),
]
