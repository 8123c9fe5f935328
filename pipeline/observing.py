"""How processes of Celery log and trace: like all others, also those that `celery` itself started."""

from celery import signals

from store.logging import configure_logging
from store.settings import get_settings
from store.tracing import configure_tracing


@signals.setup_logging.connect  # type: ignore[untyped-decorator]
def log_as_set(**_given: object) -> None:
    """Instead of Celery's own lines, which know of no calls."""
    settings = get_settings()
    configure_logging(settings.log_level, json=settings.environment == "production")


@signals.worker_process_init.connect  # type: ignore[untyped-decorator]
def trace_as_set(**_given: object) -> None:
    """In each process with tasks: what sends spans does not survive a fork."""
    configure_tracing(get_settings().tracing, "diting-worker")
