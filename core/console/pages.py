"""Pages the console itself owns, below one company and environment."""

from django.urls import path

from core.console.views import company, front, jobs, mailbox, person, trail, webhooks

app_name = "console"
urlpatterns = [
    path("", front.home_page, name="home"),
    path("search", front.search_page, name="search"),
    path("bell", front.bell, name="bell"),
    path("notices/<int:pk>/close", front.notice_close, name="notice_close"),
    path("jobs", jobs.job_list, name="jobs"),
    path("jobs/<str:public_id>", jobs.job_detail, name="job"),
    path("jobs/<str:public_id>/progress", jobs.job_progress, name="job_progress"),
    path("jobs/<str:public_id>/cancel", jobs.job_cancel, name="job_cancel"),
    path("jobs/<str:public_id>/retry", jobs.job_retry, name="job_retry"),
    path("jobs/<str:public_id>/file", jobs.job_file, name="job_file"),
    path("jobs/<str:public_id>/failures", jobs.job_failures, name="job_failures"),
    path("events", trail.event_list, name="events"),
    path("events/<int:pk>", trail.event_detail, name="event"),
    path("mailbox", mailbox.message_list, name="messages"),
    path("mailbox/<str:public_id>", mailbox.message_detail, name="message"),
    path("mailbox/<str:public_id>/body", mailbox.message_body, name="message_body"),
    path(
        "mailbox/<str:public_id>/attachments/<int:pk>",
        mailbox.message_attachment,
        name="message_attachment",
    ),
    path("members", company.members, name="members"),
    path("members/<int:pk>", company.member_change, name="member"),
    path("secrets", company.secrets, name="secrets"),
    path("secrets/<int:pk>/revoke", company.secret_revoke, name="secret_revoke"),
    path("secrets/<int:pk>/rotate", company.secret_rotate, name="secret_rotate"),
    path("webhooks", webhooks.webhook_list, name="webhooks"),
    path("webhooks/deliveries", webhooks.delivery_list, name="webhook_deliveries"),
    path("webhooks/deliveries/<str:public_id>", webhooks.delivery_detail, name="webhook_delivery"),
    path(
        "webhooks/deliveries/<str:public_id>/replay",
        webhooks.delivery_replay,
        name="webhook_replay",
    ),
    path("webhooks/<str:public_id>", webhooks.webhook_detail, name="webhook"),
    path("webhooks/<str:public_id>/active", webhooks.webhook_active, name="webhook_active"),
    path("webhooks/<str:public_id>/rotate", webhooks.webhook_rotate, name="webhook_rotate"),
    path("webhooks/<str:public_id>/test", webhooks.webhook_test, name="webhook_test"),
    path("webhooks/<str:public_id>/delete", webhooks.webhook_delete, name="webhook_delete"),
    path("brand", company.brand, name="brand"),
    path("me", person.profile, name="profile"),
    path("me/otp", person.otp_setup, name="otp"),
]
