"""``python -m arazzo_engine`` is ``arazzo``."""

from arazzo_engine.cli import main

main()
