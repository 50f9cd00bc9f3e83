"""Pages the console itself owns, below one company and environment."""

from django.urls import path

from core.console.views import company, front, jobs, mailbox, person, trail

app_name = "console"
urlpatterns = [
    path("", front.home_page, name="home"),
    path("search", front.search_page, name="search"),
    path("bell", front.bell, name="bell"),
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
    path("brand", company.brand, name="brand"),
    path("me", person.profile, name="profile"),
    path("me/otp", person.otp_setup, name="otp"),
]
