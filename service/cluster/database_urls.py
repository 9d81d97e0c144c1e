"""The database in use: the configured one, else that of the private cluster."""

from dataclasses import dataclass

from service.cluster.local_postgres import ensure_cluster, revive_cluster
from service.core.homes import DATABASE, test_home
from service.core.settings import Settings


@dataclass(frozen=True, slots=True)
class DatabaseUrls:
    """SQLAlchemy URLs of one database: for the application, its owner, and reads."""

    app: str
    owner: str
    read: str


def get_database_urls(settings: Settings) -> DatabaseUrls:
    """Return the URLs; without a configured database, creates and starts the private cluster.

    Raises:
        EnvironmentFault: the private cluster cannot be created or started.
    """
    if settings.database_url:
        app = settings.database_url
        owner = settings.owner_database_url or app
    else:
        cluster = ensure_cluster(settings.home, durable=_is_durable(settings))
        app, owner = cluster.app_url(DATABASE), cluster.owner_url(DATABASE)
    return DatabaseUrls(app=app, owner=owner, read=settings.read_database_url or app)


def revive_private_cluster(settings: Settings) -> bool:
    """Restart the private cluster if it is down and was not stopped; returns whether it did.

    Raises:
        EnvironmentFault: it does not start.
    """
    return revive_cluster(settings.home, durable=_is_durable(settings))


def _is_durable(settings: Settings) -> bool:
    return not settings.home.is_relative_to(test_home())
