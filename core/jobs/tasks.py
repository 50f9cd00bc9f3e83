from celery import shared_task

from core.jobs import services


@shared_task(name="jobs.run")
def run_job_task(job_id: int) -> None:
    services.run_job(job_id)


@shared_task(name="jobs.sweep")
def sweep_jobs_task() -> None:
    services.sweep_jobs()


@shared_task(name="jobs.beat")
def worker_heartbeat_task() -> None:
    """Runs on a worker, so it proves that both beat and a worker live."""
    services.beat("worker")
