from django.urls import path

from core.api import records, webhooks

ENDPOINT = "platform/webhook-endpoints/<str:id>"
DELIVERY = "platform/webhook-deliveries/<str:id>"

urlpatterns = [
    path("platform/webhook-endpoints", webhooks.Endpoints.as_view()),
    path(ENDPOINT, webhooks.SingleEndpoint.as_view()),
    path(f"{ENDPOINT}/rotate-secret", webhooks.RotateSecret.as_view()),
    path(f"{ENDPOINT}/test", webhooks.SendTest.as_view()),
    path("platform/webhook-deliveries", webhooks.Deliveries.as_view()),
    path(DELIVERY, webhooks.SingleDelivery.as_view()),
    path(f"{DELIVERY}/replay", webhooks.Replay.as_view()),
    path("platform/jobs", records.Jobs.as_view()),
    path("platform/jobs/<str:id>", records.SingleJob.as_view()),
    path("platform/jobs/<str:id>/failures", records.JobFailures.as_view()),
    path("platform/jobs/<str:id>/cancel", records.CancelJob.as_view()),
    path("platform/events", records.Events.as_view()),
]
