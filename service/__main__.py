"""Lets ``python -m service`` stand for the command ``menpai``."""

from service.cli import main

main()
