"""Real databases, started and asked. `python -m tests.engines` says which ones run on this machine."""
