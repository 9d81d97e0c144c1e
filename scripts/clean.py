"""Deletes the homes of the demo, the tests and the benchmarks, and nothing else."""

import sys

from service.cluster.local_postgres import drop_cluster
from service.core.faults import EnvironmentFault
from service.core.homes import throwaway_homes


def main() -> int:
    """Stop and delete each throwaway home, and report it."""
    for home in throwaway_homes():
        if not home.exists():
            continue
        try:
            drop_cluster(home)
        except EnvironmentFault as fault:
            sys.stderr.write(f"clean: {fault}\n")
            return 3
        sys.stderr.write(f"clean: deleted {home}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
