"""The Celery application of the distributed run. Redis carries the tasks; the database knows the truth.

Start with `diting worker`, or `celery -A pipeline.celery_app worker -Q ingest,asr,inspect,assess,notices` and
`celery -A pipeline.celery_app beat`.
"""

from typing import Any, Final

from celery import Celery

from pipeline import sourcing
from pipeline.lanes import LANES, rank
from pipeline.states import Stage
from pipeline.telling import every_s
from store.settings import get_settings

# Listening needs the audio and the processor, judging needs neither: they are scaled apart.
QUEUE_OF_STAGE: Final[dict[Stage, str]] = {
    "transcribe": "asr",
    "hear": "asr",
    "inspect": "inspect",
    "assess": "assess",
}
# A worker for this one alone is never busy listening when something urgent is to be told.
NOTICES_QUEUE: Final = "notices"
QUEUES: Final = ("ingest", "asr", "inspect", "assess", NOTICES_QUEUE)

# Redis hands a task out again when it was not acknowledged for this long. It must be longer than the
# longest task, or a slow transcription is done twice; what a dead worker held is sent again by the sweeper.
VISIBILITY_S: Final = 24 * 3600


def _configuration() -> dict[str, Any]:
    settings = get_settings()
    return {
        "broker_url": settings.redis_url,
        "broker_connection_retry_on_startup": True,
        "broker_connection_max_retries": None,
        "broker_transport_options": {
            "visibility_timeout": VISIBILITY_S,
            "socket_connect_timeout": 5,
            "socket_timeout": 10,
            "priority_steps": [rank(lane) for lane in LANES],
        },
        "task_publish_retry_policy": {"max_retries": 2, "interval_start": 0.1, "interval_step": 0.2},
        "task_time_limit": VISIBILITY_S - 600,
        "task_serializer": "json",
        "accept_content": ["json"],
        "task_ignore_result": True,
        # Acknowledged when done, not when taken: what a killed worker had in hand is not lost. Every task
        # may therefore run twice, which the lease makes harmless.
        "task_acks_late": True,
        "task_reject_on_worker_lost": True,
        "worker_prefetch_multiplier": 1,
        "worker_cancel_long_running_tasks_on_connection_loss": False,
        "worker_hijack_root_logger": False,
        "worker_concurrency": settings.workers,
        "task_queues": {name: {"exchange": name, "routing_key": name} for name in QUEUES},
        "task_default_queue": "ingest",
        "task_create_missing_queues": False,
        "beat_schedule": {
            "work.sweep": {
                "task": "work.sweep",
                "schedule": settings.sweep_seconds,
                # A sweep that waited longer than the next one is due is not worth doing.
                "options": {"expires": settings.sweep_seconds},
            },
            "notices.deliver": {
                "task": "notices.deliver",
                "schedule": every_s(settings),
                "options": {"expires": every_s(settings), "queue": NOTICES_QUEUE},
            },
            "rules.backtest": {
                "task": "rules.backtest",
                "schedule": settings.sweep_seconds,
                "options": {"expires": settings.sweep_seconds, "queue": "inspect"},
            },
            "sources.poll": {
                "task": "sources.poll",
                "schedule": sourcing.every_s(settings),
                "options": {"expires": sourcing.every_s(settings), "queue": "ingest"},
            },
        },
        "beat_schedule_filename": str(settings.data_dir / "celerybeat-schedule"),
        "timezone": "UTC",
    }


app = Celery("diting", include=["pipeline.tasks", "pipeline.observing"])
app.add_defaults(_configuration)  # read when first needed, so that importing this module reads no settings
