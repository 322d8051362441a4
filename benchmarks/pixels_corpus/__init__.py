"""A corpus of consoles' screens with invented people burned in, and the truth about every box."""
