"""The work of one run: its state, its processes, its quarantine."""
